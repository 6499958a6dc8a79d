import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { requireConfig } from '../../config/index.ts';
import { displayName, lacksClaims, standingOf } from './provider-claims.ts';

/** A provider as the configuration gives it. */
function provider(more: object = {}) {
  const roles = { admin: ['/page/admins'], operator: ['operators'], reporter: ['reporters'] };
  const given = { id: 'corp', issuer: 'https://login.test', client_id: 'signalbox', roles, ...more };
  const values = { auth: { providers: [given] } };
  return requireConfig({ env: {}, sections: {}, purpose: 'tool', values }).auth.providers[0]!;
}

const roleOf = (claims: Record<string, unknown>, more: object = {}) => standingOf(provider(more), claims).role;

describe('the role of a claim', () => {
  it('is found in a list, a text, an object of roles and one of organisations', () => {
    const zitadel = 'urn:zitadel:iam:org:project:roles';
    assert.equal(roleOf({ groups: ['x', 'operators'] }), 'operator');
    assert.equal(roleOf({ groups: 'operators' }), 'operator');
    assert.equal(roleOf({ [zitadel]: { operators: { 17: 'lab.test' } } }, { roles_claim: zitadel }), 'operator');
    assert.equal(roleOf({ groups: { org: { operators: true } } }), 'operator');
    assert.equal(roleOf({ groups: { org: ['operators'] } }), 'operator');
    assert.equal(roleOf({ realm_access: { roles: ['operators'] } }, { roles_claim: 'realm_access.roles' }), 'operator');
  });

  it('is the highest of those it gives; one leading slash does not count, on neither side', () => {
    assert.equal(roleOf({ groups: ['reporters', '/operators'] }), 'operator');
    assert.equal(roleOf({ groups: ['page/admins', 'reporters'] }), 'admin');
    assert.equal(roleOf({ groups: ['//operators'] }), null);
  });

  it('is none for what is not configured letter by letter, denied, or too deep', () => {
    for (const groups of [
      ['Operators'],
      ['operators '],
      ['viewer', 'admin'],
      { operators: false },
      { operators: null },
      { a: 'operators' },
      { a: { b: { c: { operators: {} } } } },
      'reporters operators',
    ])
      assert.equal(roleOf({ groups }), null, JSON.stringify(groups));
  });

  it('of one client is not taken from another', () => {
    const resource_access = { other: { roles: ['operators'] }, signalbox: { roles: ['reporters'] } };
    assert.equal(roleOf({ resource_access }, { roles_claim: 'resource_access.signalbox.roles' }), 'reporter');
  });

  it('may have a default, but not for those outside the required group', () => {
    const staff = { default_role: 'viewer', required_group: '/staff' };
    assert.deepEqual(standingOf(provider(staff), { groups: ['staff'] }), { role: 'viewer', problem: null });
    assert.deepEqual(standingOf(provider(staff), { groups: ['operators'] }), { role: null, problem: 'not_in_group' });
    assert.deepEqual(standingOf(provider(), {}), { role: null, problem: 'no_role' });
  });

  it('never breaks and never comes from nowhere, whatever JSON a claim is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (groups) => {
        const { role } = standingOf(provider(), { groups });
        assert.equal(role !== null && !/admins|operators|reporters/.test(JSON.stringify(groups)), false);
        assert.ok(displayName(provider(), { preferred_username: groups, sub: 's' }).length > 0);
      }),
    );
  });

  it('is asked for at userinfo only while a claim is missing', () => {
    assert.equal(lacksClaims(provider(), { groups: [], preferred_username: 'ada' }), false);
    assert.equal(lacksClaims(provider(), { groups: [] }), true);
    assert.equal(lacksClaims(provider({ roles_claim: 'roles', required_group: 'x' }), { roles: [] }), true);
  });
});

describe('the name of somebody from a provider', () => {
  const named = (preferred_username: unknown, more: object = {}) =>
    displayName(provider(), { preferred_username, sub: 'sub-1', ...more });

  it('is one line of at most 64 visible characters', () => {
    assert.equal(named('  Ada \n\u0000\u202e Lovelace\u200b '), 'Ada Lovelace');
    assert.equal([...named('é😀'.repeat(200))].length, 64);
    assert.equal(named('\ud800'), 'sub-1');
  });

  it('falls back to name, address and subject', () => {
    assert.equal(named(7, { name: 'Ada' }), 'Ada');
    assert.equal(named(undefined, { email: 'ada@lab.test' }), 'ada@lab.test');
    assert.equal(displayName(provider(), {}), '?');
  });
});
