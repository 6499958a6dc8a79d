import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Actor,
  ANONYMOUS,
  canSee,
  hasRole,
  hasScope,
  ROLES,
  type Role,
  requireReporter,
  requireRole,
  type Scope,
} from './actor.ts';

const person = (role: Role): Actor => ({ kind: 'user', id: '1', name: 'ada', role });

describe('roles', () => {
  it('include everything the roles before them may', () => {
    assert.deepEqual(ROLES, ['viewer', 'reporter', 'creator', 'operator', 'admin']);
    for (const [mine, role] of ROLES.entries()) {
      for (const [needed, asked] of ROLES.entries()) assert.equal(hasRole(person(role), asked), mine >= needed, role);
    }
  });

  it('let reporters and above report troubles, tokens by their scope, and nobody else', () => {
    const token = (scope: Scope): Actor => ({ kind: 'token', id: '1', name: 'monitor', scopes: [scope] });
    for (const role of ROLES.slice(1)) requireReporter(person(role));
    requireReporter(token('signals:write'));
    assert.throws(() => requireReporter(person('viewer')), { code: 'forbidden', message: /role "reporter"/ });
    assert.throws(() => requireReporter(token('incidents:write')), { code: 'forbidden', message: /signals:write/ });
    assert.throws(() => requireReporter(ANONYMOUS), { code: 'unauthenticated' });
  });

  it('are words of people: a token has scopes and no role', () => {
    const token: Actor = { kind: 'token', id: '1', name: 'monitor', scopes: ['incidents:write'] };
    for (const role of ROLES) assert.throws(() => requireRole(token, role), { code: 'forbidden' });
    assert.equal(hasScope(token, 'incidents:write'), true);
    assert.equal(canSee(token, 'members'), false);
  });
});
