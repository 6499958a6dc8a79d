import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { type Actor, ANONYMOUS, system } from '../../../core/index.ts';
import { auditEntries, auditSchema, verifyAudit } from '../../audit/index.ts';
import { authSchema, ensureFirstAdministrator, findUserId, listUsers } from '../index.ts';
import { Refusal } from '../rules/refusal.ts';
import { userById } from '../store/user-read.ts';
import { from, jarOf, openAuth, PASSWORD, TestClock } from '../test-support/auth-fixture.ts';
import { changeEmail, changePassword } from './change-password.ts';
import { changeRole, createUser, resetPassword, setUserDisabled } from './users.ts';

const FORBIDDEN = { code: 'forbidden' };

describe('the first administrator', () => {
  eachDatabase((open) => {
    it('is made once, by one of two processes that start together, with a password of 100 bits', async () => {
      const clock = new TestClock();
      const db = await open({ parts: [auditSchema, authSchema], clock });
      const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdministrator(db, clock)));
      const [first, ...others] = made.filter((one) => one !== null);
      assert.equal(others.length, 0);
      assert.match(first?.password ?? '', /^[a-z2-7]{5}(-[a-z2-7]{5}){3}$/);
      assert.equal(await ensureFirstAdministrator(db, clock), null);
      const [user] = await listUsers(db);
      assert.deepEqual([user?.name, user?.role, user?.must_change], ['admin', 'admin', 1]);
      assert.equal((await auditEntries(db, {}, { limit: 9 })).length, 1);
      assert.equal((await verifyAudit(db)).intact, true);
    });

    it('has to choose another password, unless the demo keeps this one', async () => {
      for (const keep of [false, true]) {
        const clock = new TestClock();
        const db = await open({ parts: [auditSchema, authSchema], clock });
        await ensureFirstAdministrator(db, clock, { keep });
        assert.equal((await listUsers(db))[0]?.must_change, keep ? 0 : 1);
      }
    });

    it('is not made when there is any account, even a disabled one', async () => {
      const { db, clock, auth, alice, bob } = await openAuth(open);
      await setUserDisabled(auth.context, alice, { userId: bob.id, disabled: true });
      assert.equal(await ensureFirstAdministrator(db, clock), null);
    });
  });
});

describe('accounts', () => {
  eachDatabase((open) => {
    it('are made by an administrator with a one-time password that must be changed', async () => {
      const { auth, alice, signIn, audited, actorOf } = await openAuth(open);
      const made = await createUser(auth.context, alice, { name: 'Dana', role: 'operator', email: 'dana@lab.test' });
      const { jar, mustChangePassword } = await signIn('dana', made.password);
      assert.equal(mustChangePassword, true);
      assert.equal((await auth.authenticate({ cookies: jar })).mustChangePassword, true);
      const dana = await actorOf(jar);
      const { cookies } = await changePassword(auth.context, dana, { current: '', next: PASSWORD }, from('::1', jar));
      assert.equal((await auth.authenticate({ cookies: jarOf(cookies) })).mustChangePassword, false);
      const created = (await audited()).find((row) => row.action === 'auth.user_created');
      assert.deepEqual(
        [created?.actor, created?.subject, created?.details],
        ['user:alice', 'user:Dana', '{"role":"operator"}'],
      );
    });

    it('never have the same name or address as another, in any case', async () => {
      const { auth, alice } = await openAuth(open);
      await assert.rejects(createUser(auth.context, alice, { name: 'BOB', role: 'viewer' }), { code: 'conflict' });
      const email = 'Bob@Lab.test';
      await assert.rejects(createUser(auth.context, alice, { name: 'bob2', role: 'viewer', email }), {
        code: 'conflict',
      });
      await Promise.all(
        [1, 2].map((n) => createUser(auth.context, alice, { name: `none${n}`, role: 'viewer', email: '' })),
      );
    });

    it('are not made with an unknown role or a name that is none', async () => {
      const { auth, alice } = await openAuth(open);
      for (const input of [
        { name: 'dana', role: 'owner' },
        { name: 'a b', role: 'viewer' },
      ]) {
        await assert.rejects(createUser(auth.context, alice, input), { code: 'invalid' });
      }
    });

    it('are managed by nobody but administrators, and a refusal changes and writes nothing', async () => {
      const { auth, alice, bob, charlie, audited, db } = await openAuth(open);
      const token: Actor = {
        kind: 'token',
        id: 't',
        name: 'monitor',
        scopes: ['read', 'signals:write', 'components:create'],
      };
      for (const actor of [bob, charlie, token]) {
        await assert.rejects(createUser(auth.context, actor, { name: 'dana', role: 'admin' }), FORBIDDEN);
        await assert.rejects(resetPassword(auth.context, actor, alice.id), FORBIDDEN);
        await assert.rejects(changeRole(auth.context, actor, { userId: bob.id, role: 'admin' }), FORBIDDEN);
        await assert.rejects(setUserDisabled(auth.context, actor, { userId: alice.id, disabled: true }), FORBIDDEN);
      }
      await assert.rejects(createUser(auth.context, ANONYMOUS, { name: 'dana', role: 'admin' }), {
        code: 'unauthenticated',
      });
      assert.equal((await listUsers(db)).length, 3);
      assert.deepEqual(await audited(), []);
    });

    it('change their role with an entry that says from what to what', async () => {
      const { auth, alice, bob, audited, db } = await openAuth(open);
      await changeRole(auth.context, alice, { userId: bob.id, role: 'admin' });
      assert.equal((await userById(db, bob.id))?.role, 'admin');
      const [row] = await audited(1);
      assert.deepEqual([row?.action, row?.details], ['auth.role_changed', '{"from":"operator","to":"admin"}']);
      await changeRole(auth.context, alice, { userId: bob.id, role: 'admin' });
      assert.equal((await audited()).length, 1);
    });

    it('keep one administrator, also when two demote or disable each other at the same time', async () => {
      const { auth, alice, bob, db, audited } = await openAuth(open);
      const last = { code: 'conflict', message: /last administrator/ };
      await assert.rejects(changeRole(auth.context, alice, { userId: alice.id, role: 'viewer' }), last);
      await assert.rejects(setUserDisabled(auth.context, alice, { userId: alice.id, disabled: true }), last);
      assert.deepEqual(await audited(), []);
      await changeRole(auth.context, alice, { userId: bob.id, role: 'admin' });
      const outcomes = await Promise.allSettled([
        changeRole(auth.context, alice, { userId: bob.id, role: 'viewer' }),
        setUserDisabled(auth.context, bob, { userId: alice.id, disabled: true }),
      ]);
      assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected']);
      const active = (await listUsers(db)).filter((user) => user.role === 'admin' && user.disabled_at === null);
      assert.equal(active.length, 1);
    });

    it('are found by name in any case and say when they are unknown', async () => {
      const { db, alice, auth } = await openAuth(open);
      assert.equal(await findUserId(db, 'ALICE'), alice.id);
      assert.equal(await findUserId(db, 'ghost'), undefined);
      await assert.rejects(resetPassword(auth.context, system('cli'), 'ghost'), { code: 'not_found' });
    });
  });
});

describe('choosing a password', () => {
  eachDatabase((open) => {
    const refusedField = async (work: Promise<unknown>) =>
      work.then(
        () => 'accepted',
        (error: unknown) => (error instanceof Refusal ? error.field : error),
      );

    it('asks for the present one, refuses bad ones and the same again, and changes nothing then', async () => {
      const { auth, bob, audited } = await openAuth(open);
      const attempt = (current: string, next: string) =>
        refusedField(changePassword(auth.context, bob, { current, next }, from()));
      assert.equal(await attempt('not my password', 'osier lamp tide'), 'current');
      assert.equal(await attempt(PASSWORD, 'short'), 'next');
      assert.equal(await attempt(PASSWORD, 'bob bob bob bob'), 'next');
      assert.equal(await attempt(PASSWORD, PASSWORD), 'next');
      assert.deepEqual(await audited(), []);
    });

    it('counts wrong present passwords, so that an open session is no way to guess', async () => {
      const { auth, bob } = await openAuth(open);
      const guess = () =>
        changePassword(auth.context, bob, { current: 'a wrong guess', next: 'osier lamp tide' }, from());
      for (let n = 0; n < 10; n++) await assert.rejects(guess(), { code: 'invalid' });
      await assert.rejects(guess(), { code: 'limit' });
    });

    it('is for people with an account only', async () => {
      const { auth, alice, bob } = await openAuth(open);
      const change = { current: PASSWORD, next: 'osier lamp tide' };
      await assert.rejects(changePassword(auth.context, ANONYMOUS, change, from()), { code: 'unauthenticated' });
      await assert.rejects(changePassword(auth.context, system('cli'), change, from()), FORBIDDEN);
      await setUserDisabled(auth.context, alice, { userId: bob.id, disabled: true });
      await assert.rejects(changePassword(auth.context, bob, change, from()), { code: 'unauthenticated' });
    });

    it('the address of an account changes with its password only, and is nobody else’s', async () => {
      const { auth, bob, db, audited } = await openAuth(open);
      assert.equal(
        await refusedField(changeEmail(auth.context, bob, { current: 'not my password', email: 'new@lab.test' })),
        'current',
      );
      const taken = changeEmail(auth.context, bob, { current: PASSWORD, email: 'ALICE@lab.test' });
      await assert.rejects(taken, { code: 'conflict' });
      await changeEmail(auth.context, bob, { current: PASSWORD, email: 'New@lab.test' });
      assert.equal((await userById(db, bob.id))?.email, 'New@lab.test');
      assert.equal((await audited(1))[0]?.action, 'auth.email_changed');
      assert.doesNotMatch(JSON.stringify(await audited()), /@lab/);
    });
  });
});
