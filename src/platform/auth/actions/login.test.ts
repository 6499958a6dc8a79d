import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { eachDatabase, openTestDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, HOUR, MINUTE, system } from '../../../core/index.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { sessionsOf } from '../store/session-store.ts';
import { userById } from '../store/user-read.ts';
import { renewHash } from '../store/user-store.ts';
import { from, jarOf, openAuth, PASSWORD } from '../test-support/auth-fixture.ts';
import { changePassword } from './change-password.ts';
import { endOtherSessions, endSession, logout } from './sessions.ts';
import { changeRole, resetPassword, setUserDisabled } from './users.ts';

const REFUSED = { code: 'unauthenticated', message: 'The name or the password is wrong.' };
const COOKIE = '__Host-signalbox';

describe('signing in', () => {
  eachDatabase((open) => {
    it('opens a session by name in any case or by address, and writes it down', async () => {
      const { signIn, actorOf, bob, audited, auditIntact } = await openAuth(open);
      for (const name of ['bob', ' BOB ', 'Bob@lab.test']) {
        assert.deepEqual(await actorOf((await signIn(name)).jar), bob);
      }
      const [row] = await audited(1);
      assert.deepEqual([row?.actor, row?.action, row?.subject], ['user:bob', 'auth.signed_in', 'user:bob']);
      assert.equal(row?.details, '{"address":"203.0.113.7"}');
      assert.equal(await auditIntact(), true);
    });

    it('answers the same to a wrong password, an unknown name and a disabled account, and writes each down', async () => {
      const { signIn, alice, charlie, auth, audited } = await openAuth(open);
      await setUserDisabled(auth.context, alice, { userId: charlie.id, disabled: true });
      await assert.rejects(signIn('bob', 'wrong password'), REFUSED);
      await assert.rejects(signIn('nobody', PASSWORD), REFUSED);
      await assert.rejects(signIn('charlie', PASSWORD), REFUSED);
      const rows = await audited(3);
      assert.deepEqual(
        rows.map((row) => [row.actor, row.action, row.subject]),
        ['user:charlie', 'user:unknown', 'user:bob'].map((subject) => ['anonymous', 'auth.sign_in_failed', subject]),
      );
    });

    it('does not write down what was typed as a name, which may be a password', async () => {
      const { signIn, audited } = await openAuth(open);
      await assert.rejects(signIn('lamp tide osier typed here', 'x'), REFUSED);
      assert.doesNotMatch(JSON.stringify(await audited()), /typed here/);
    });

    it('gives a new session id and ends the one the browser came with', async () => {
      const { signIn, actorOf } = await openAuth(open);
      const first = await signIn('bob');
      const second = await signIn('bob', PASSWORD, { cookies: first.jar });
      assert.notEqual(first.jar[COOKIE], second.jar[COOKIE]);
      assert.deepEqual(await actorOf(first.jar), ANONYMOUS);
    });

    it('never takes a session id that a browser was given by somebody else', async () => {
      const { signIn, actorOf } = await openAuth(open);
      const planted = { [COOKIE]: 'A'.repeat(43) };
      const { jar } = await signIn('bob', PASSWORD, { cookies: planted });
      assert.notEqual(jar[COOKIE], planted[COOKIE]);
      assert.deepEqual(await actorOf(planted), ANONYMOUS);
    });

    it('sets cookies that scripts and other sites do not get', async () => {
      const { signIn } = await openAuth(open);
      const { cookies } = await signIn('bob');
      assert.match(cookies[0]!, /^__Host-signalbox=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure$/);
      assert.match(
        cookies[1]!,
        /^__Host-signalbox-device=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
      );
    });

    it('names the cookies otherwise where __Host- is impossible', async () => {
      const plain = await openAuth(open, { site: { publicUrl: 'http://status.lab.test' } });
      assert.match((await plain.signIn('bob')).cookies[0]!, /^signalbox_session=[^;]+; Path=\/; [^S]*SameSite=Lax$/);
      const prefixed = await openAuth(open, { site: { publicUrl: 'https://lab.test/status', basePath: '/status' } });
      const { cookies } = await prefixed.signIn('bob');
      assert.match(cookies[0]!, /^signalbox_session=[^;]+; Path=\/status; .*; Secure$/);
    });

    it('renews a hash made with older parameters without the person noticing', async () => {
      const { signIn, db, bob, actorOf } = await openAuth(open);
      const nonce = Buffer.alloc(16, 7);
      const use = { message: PASSWORD, nonce, parallelism: 1, tagLength: 32, memory: 8192, passes: 1 };
      const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
      const old = `$argon2id$v=19$m=8192,t=1,p=1$${text(nonce)}$${text(argon2Sync('argon2id', use))}`;
      const from = (await userById(db, bob.id))!.password_hash;
      await db.write((tx) => renewHash(tx, bob.id, { from, to: old }));
      const { jar } = await signIn('bob');
      assert.match((await userById(db, bob.id))!.password_hash, /m=19456,t=2,p=1/);
      assert.deepEqual(await actorOf(jar), bob);
      await signIn('bob');
    });
  });
});

describe('guessing passwords', () => {
  const guess = async (fixture: Awaited<ReturnType<typeof openAuth>>, name: string, ip: string) =>
    fixture.signIn(name, 'a wrong guess', { ip }).then(
      () => 'ok',
      (error: unknown) => (error as { code: string }).code,
    );

  it('stops after ten for one account, wherever they come from, and says so once in the audit log', async () => {
    const fixture = await openAuth(openTestDatabase);
    for (let n = 0; n < 10; n++) assert.equal(await guess(fixture, 'alice', `198.51.100.${n}`), 'unauthenticated');
    assert.equal(await guess(fixture, 'alice', '198.51.100.20'), 'limit');
    assert.equal(await guess(fixture, 'ALICE@lab.test', '198.51.100.21'), 'limit');
    await assert.rejects(fixture.signIn('alice'), { code: 'limit' });
    const limited = (await fixture.audited(50)).filter((row) => row.action === 'auth.sign_in_limited');
    assert.deepEqual(
      limited.map((row) => row.subject),
      ['user:alice'],
    );
  });

  it('stops for unknown names just the same', async () => {
    const fixture = await openAuth(openTestDatabase);
    for (let n = 0; n < 10; n++) assert.equal(await guess(fixture, 'ghost', `198.51.100.${n}`), 'unauthenticated');
    assert.equal(await guess(fixture, 'ghost', '198.51.100.20'), 'limit');
  });

  it('stops after thirty from one address over many names', async () => {
    const fixture = await openAuth(openTestDatabase);
    const outcomes = [];
    for (let n = 0; n < 31; n++) outcomes.push(await guess(fixture, `ghost${n}`, '198.51.100.1'));
    assert.deepEqual(outcomes.slice(29), ['unauthenticated', 'limit']);
    assert.equal(await guess(fixture, 'ghost', '198.51.100.2'), 'unauthenticated');
  });

  it('counts guesses that are under way at the same time', async () => {
    const fixture = await openAuth(openTestDatabase);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => guess(fixture, 'alice', `198.51.100.${n}`)),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'unauthenticated').length, 10);
  });

  it('lets in the browser that signed in before while strangers use up the attempts', async () => {
    const fixture = await openAuth(openTestDatabase);
    const known = (await fixture.signIn('alice')).jar;
    for (let n = 0; n < 12; n++) await guess(fixture, 'alice', `198.51.100.${n}`);
    await assert.rejects(fixture.signIn('alice'), { code: 'limit' });
    assert.ok(await fixture.signIn('alice', PASSWORD, { cookies: known }));
  });

  it('does not know a browser by a mark that was changed or belongs to another account', async () => {
    const fixture = await openAuth(openTestDatabase);
    const known = (await fixture.signIn('alice')).jar;
    for (let n = 0; n < 12; n++) await guess(fixture, 'bob', `198.51.100.${n}`);
    await assert.rejects(fixture.signIn('bob', PASSWORD, { cookies: known }), { code: 'limit' });
    const forged = { '__Host-signalbox-device': `${'a'.repeat(16)}.${'b'.repeat(43)}` };
    await assert.rejects(fixture.signIn('bob', PASSWORD, { cookies: forged }), { code: 'limit' });
  });

  it('ends by itself, and at once for who was given a one-time password', async () => {
    const fixture = await openAuth(openTestDatabase);
    for (let n = 0; n < 12; n++) await guess(fixture, 'alice', `198.51.100.${n}`);
    const { password } = await resetPassword(fixture.auth.context, system('cli'), fixture.alice.id);
    assert.equal((await fixture.signIn('alice', password)).mustChangePassword, true);
    for (let n = 0; n < 12; n++) await guess(fixture, 'bob', `198.51.100.${n + 50}`);
    await assert.rejects(fixture.signIn('bob'), { code: 'limit', retryAfter: 900 });
    fixture.clock.forward(15 * MINUTE);
    assert.ok(await fixture.signIn('bob'));
  });
});

describe('a session', () => {
  eachDatabase((open) => {
    it('ends when it is too old and when nobody used it', async () => {
      const { signIn, actorOf, clock, auth, bob } = await openAuth(open);
      const { jar } = await signIn('bob');
      for (let hours = 0; hours < 21; hours += 7) {
        clock.forward(7 * HOUR);
        assert.deepEqual(await actorOf(jar), bob);
        await auth.drain();
      }
      clock.forward(3 * HOUR);
      assert.deepEqual(await actorOf(jar), ANONYMOUS);
      const idle = await signIn('bob');
      clock.forward(8 * HOUR);
      assert.deepEqual(await actorOf(idle.jar), ANONYMOUS);
    });

    it('notes its use at most once a minute', async () => {
      const { signIn, clock, auth, db, bob } = await openAuth(open);
      const { jar } = await signIn('bob');
      const seen = async () => {
        await auth.authenticate({ cookies: jar });
        await auth.drain();
        return (await sessionsOf(db, bob.id, { now: clock.now(), idleSince: '2026' }))[0]?.last_seen_at;
      };
      clock.forward(59_999);
      assert.equal(await seen(), '2026-11-20T10:00:00.000Z');
      clock.forward(1);
      assert.equal(await seen(), '2026-11-20T10:01:00.000Z');
    });

    it('ends at sign-out, everywhere at once, with a cookie that deletes itself', async () => {
      const { signIn, actorOf, auth, bob, audited } = await openAuth(open);
      const { jar } = await signIn('bob');
      const { cookies, from } = await logout(auth.context, bob, jar);
      assert.equal(from, null);
      assert.match(cookies[0] ?? '', /^__Host-signalbox=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax; Secure$/);
      assert.deepEqual(await actorOf(jar), ANONYMOUS);
      assert.equal((await audited(1))[0]?.action, 'auth.signed_out');
    });

    it('ends when the role changes, the account is disabled, or the password is reset', async () => {
      const { signIn, actorOf, auth, alice, bob } = await openAuth(open);
      const ends = [
        () => changeRole(auth.context, alice, { userId: bob.id, role: 'viewer' }),
        () => setUserDisabled(auth.context, alice, { userId: bob.id, disabled: true }),
        () => resetPassword(auth.context, alice, bob.id),
      ];
      for (const end of ends) {
        const { jar } = await signIn('bob');
        await end();
        assert.deepEqual(await actorOf(jar), ANONYMOUS);
        await setUserDisabled(auth.context, alice, { userId: bob.id, disabled: false });
        assert.deepEqual(await actorOf(jar), ANONYMOUS);
      }
    });

    it('ends everywhere when its owner changes the password, and this browser gets a new one', async () => {
      const { signIn, actorOf, auth, bob, audited } = await openAuth(open);
      const here = await signIn('bob');
      const there = await signIn('bob');
      const change = { current: PASSWORD, next: 'osier lamp tide' };
      const { cookies } = await changePassword(auth.context, bob, change, from('203.0.113.7', here.jar));
      const jar = jarOf(cookies);
      assert.deepEqual(await actorOf(here.jar), ANONYMOUS);
      assert.deepEqual(await actorOf(there.jar), ANONYMOUS);
      assert.deepEqual(await actorOf(jar), bob);
      assert.equal((await audited(1))[0]?.action, 'auth.password_changed');
      await assert.rejects(signIn('bob', PASSWORD), REFUSED);
      await signIn('bob', 'osier lamp tide');
    });

    it('opened with the old password while it is changed does not survive the change', async () => {
      const { signIn, actorOf, auth, bob } = await openAuth(open);
      const change = { current: PASSWORD, next: 'osier lamp tide' };
      const [changed, ...opened] = await Promise.allSettled([
        changePassword(auth.context, bob, change, from('203.0.113.9')),
        ...Array.from({ length: 8 }, (_, n) => signIn('bob', PASSWORD, { ip: `203.0.113.${20 + n}` })),
      ]);
      assert.equal(changed.status, 'fulfilled');
      for (const one of opened) {
        if (one.status === 'fulfilled') assert.deepEqual(await actorOf(one.value.jar), ANONYMOUS);
      }
    });

    it('can be ended by its owner, one or all others, and by nobody else', async () => {
      const { signIn, actorOf, auth, alice, bob, db, clock, audited } = await openAuth(open);
      const here = await signIn('bob');
      const there = await signIn('bob');
      const elsewhere = await signIn('bob');
      const all = await sessionsOf(db, bob.id, { now: clock.now(), idleSince: '2026' });
      const target = all.find((row) => row.secret_hash === secretHash(there.jar[COOKIE]!))!;
      await assert.rejects(endSession(auth.context, alice, target.id), { code: 'not_found' });
      assert.deepEqual(await actorOf(there.jar), bob);
      await endSession(auth.context, bob, target.id);
      assert.deepEqual(await actorOf(there.jar), ANONYMOUS);
      assert.equal((await audited(1))[0]?.action, 'auth.session_ended');
      assert.equal(await endOtherSessions(auth.context, bob, here.jar), 1);
      assert.deepEqual(await actorOf(elsewhere.jar), ANONYMOUS);
      assert.deepEqual(await actorOf(here.jar), bob);
      assert.equal((await audited(1))[0]?.details, '{"sessions":1}');
      await assert.rejects(endOtherSessions(auth.context, ANONYMOUS, {}), { code: 'unauthenticated' });
    });

    it('has a form token of its own, compared whole', async () => {
      const { signIn, auth } = await openAuth(open);
      const one = await auth.authenticate({ cookies: (await signIn('bob')).jar });
      const two = await auth.authenticate({ cookies: (await signIn('bob')).jar });
      assert.equal(auth.verifyCsrf(one, one.csrfToken ?? ''), true);
      assert.equal(auth.verifyCsrf(one, two.csrfToken ?? ''), false);
      assert.equal(auth.verifyCsrf(one, ''), false);
      assert.equal(auth.verifyCsrf({ actor: ANONYMOUS }, ''), false);
    });
  });
});
