import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Actor, canSee, hasRole, hasScope, ROLES, type Role, requireRole } from './actor.ts';

const person = (role: Role): Actor => ({ kind: 'user', id: '1', name: 'ada', role });

describe('roles', () => {
  it('include everything the roles before them may', () => {
    assert.deepEqual(ROLES, ['viewer', 'reporter', 'creator', 'operator', 'admin']);
    for (const [mine, role] of ROLES.entries()) {
      for (const [needed, asked] of ROLES.entries()) assert.equal(hasRole(person(role), asked), mine >= needed, role);
    }
  });

  it('are words of people: a token has scopes and no role', () => {
    const token: Actor = { kind: 'token', id: '1', name: 'monitor', scopes: ['incidents:write'] };
    for (const role of ROLES) assert.throws(() => requireRole(token, role), { code: 'forbidden' });
    assert.equal(hasScope(token, 'incidents:write'), true);
    assert.equal(canSee(token, 'members'), false);
  });
});
