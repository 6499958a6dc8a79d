import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, HOUR, MINUTE } from '../../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { Background } from '../background.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { openReset } from '../store/reset-store.ts';
import { type AuthFixture, from, openAuth, PASSWORD } from '../test-support/auth-fixture.ts';
import { changeEmail } from './change-password.ts';
import { requestReset, resetOwner, usePasswordLink } from './forgotten-password.ts';
import { setUserDisabled } from './users.ts';

const NEXT = 'osier lamp tide';

describe('a forgotten password', () => {
  eachDatabase((open) => {
    const ask = async ({ auth }: AuthFixture, email: string, ip = '203.0.113.7') => {
      await requestReset(auth.context, { email, language: 'en' }, ip);
      await auth.drain();
    };
    const linkOf = ({ mails }: AuthFixture) => /\/reset\/([\w-]{43})\n/.exec(mails.at(-1)?.text ?? '')?.[1] ?? 'none';

    it('is renewed by a mailed link, which ends all sessions and works once', async () => {
      const fixture = await openAuth(open);
      const { auth, mails, signIn, actorOf, audited, auditIntact } = fixture;
      const open1 = await signIn('bob');
      await ask(fixture, 'BOB@lab.test');
      assert.deepEqual(
        mails.map((mail) => mail.to),
        ['bob@lab.test'],
      );
      assert.match(mails[0]?.text ?? '', /^https:\/\/status\.lab\.test\/reset\/[\w-]{43}$/m);
      const secret = linkOf(fixture);
      assert.equal((await resetOwner(auth.context, secret))?.name, 'bob');
      await usePasswordLink(auth.context, { secret, next: NEXT }, from());
      assert.deepEqual(await actorOf(open1.jar), ANONYMOUS);
      await assert.rejects(signIn('bob', PASSWORD), { code: 'unauthenticated' });
      assert.equal((await signIn('bob', NEXT)).mustChangePassword, false);
      await assert.rejects(usePasswordLink(auth.context, { secret, next: PASSWORD }, from()), { code: 'not_found' });
      assert.equal(await resetOwner(auth.context, secret), null);
      const actions = (await audited()).map((row) => row.action);
      assert.ok(actions.includes('auth.password_link_requested') && actions.includes('auth.password_renewed_by_mail'));
      assert.doesNotMatch(JSON.stringify(await audited(50)), new RegExp(secret));
      assert.equal(await auditIntact(), true);
    });

    it('is renewed by one of two who use the link at the same time', async () => {
      const fixture = await openAuth(open);
      await ask(fixture, 'bob@lab.test');
      const secret = linkOf(fixture);
      const outcomes = await Promise.allSettled(
        [NEXT, 'tide osier lamp'].map((next) => usePasswordLink(fixture.auth.context, { secret, next }, from())),
      );
      assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected']);
    });

    it('keeps only a hash of the link', async () => {
      const fixture = await openAuth(open);
      await ask(fixture, 'bob@lab.test');
      const secret = linkOf(fixture);
      assert.equal(await openReset(fixture.db, secret, fixture.clock.now()), undefined);
      assert.ok(await openReset(fixture.db, secretHash(secret), fixture.clock.now()));
    });

    it('has thirty minutes', async () => {
      const fixture = await openAuth(open);
      await ask(fixture, 'bob@lab.test');
      fixture.clock.forward(30 * MINUTE - 1);
      assert.ok(await resetOwner(fixture.auth.context, linkOf(fixture)));
      fixture.clock.forward(1);
      const late = usePasswordLink(fixture.auth.context, { secret: linkOf(fixture), next: NEXT }, from());
      await assert.rejects(late, { code: 'not_found' });
    });

    it('keeps the link when the new password is refused', async () => {
      const fixture = await openAuth(open);
      await ask(fixture, 'bob@lab.test');
      const secret = linkOf(fixture);
      await assert.rejects(usePasswordLink(fixture.auth.context, { secret, next: 'short' }, from()), {
        code: 'invalid',
      });
      await usePasswordLink(fixture.auth.context, { secret, next: NEXT }, from());
    });

    it('makes older links worthless when one is used, and when the address changes', async () => {
      const fixture = await openAuth(open);
      await ask(fixture, 'bob@lab.test');
      const first = linkOf(fixture);
      await ask(fixture, 'bob@lab.test');
      await usePasswordLink(fixture.auth.context, { secret: linkOf(fixture), next: NEXT }, from());
      assert.equal(await resetOwner(fixture.auth.context, first), null);
      await ask(fixture, 'bob@lab.test');
      await changeEmail(fixture.auth.context, fixture.bob, { current: NEXT, email: 'bob@home.test' });
      assert.equal(await resetOwner(fixture.auth.context, linkOf(fixture)), null);
    });

    it('answers the same for unknown and disabled accounts and mails nobody', async () => {
      const fixture = await openAuth(open);
      await setUserDisabled(fixture.auth.context, fixture.alice, { userId: fixture.bob.id, disabled: true });
      await ask(fixture, 'ghost@lab.test');
      await ask(fixture, 'bob@lab.test');
      assert.deepEqual(fixture.mails, []);
    });

    it('answers before it looks whether there is an account', async () => {
      const fixture = await openAuth(open);
      const { context } = fixture.auth;
      const seen: string[] = [];
      const background = new Background(context.log);
      background.run = (_key, work) => {
        seen.push('answered');
        work().catch(() => undefined);
        return true;
      };
      const db: Database = {
        ...fixture.db,
        for: () => {
          seen.push('read');
          return fixture.db.for();
        },
        write: () => {
          seen.push('wrote');
          return Promise.reject(new Error('not now'));
        },
      };
      await requestReset({ ...context, db, background }, { email: 'bob@lab.test', language: 'en' }, '::1');
      assert.equal(seen[0], 'answered');
    });

    it('cannot be used to flood a mailbox, from wherever it is asked', async () => {
      const fixture = await openAuth(open);
      for (let n = 0; n < 8; n++) await ask(fixture, 'bob@lab.test', `198.51.100.${n}`);
      assert.equal(fixture.mails.length, 3);
      fixture.clock.forward(HOUR);
      await ask(fixture, 'bob@lab.test', '198.51.100.99');
      assert.equal(fixture.mails.length, 4);
    });

    it('is not asked for more than five times an hour from one address', async () => {
      const fixture = await openAuth(open);
      for (let n = 0; n < 5; n++) await ask(fixture, `ghost${n}@lab.test`);
      await assert.rejects(ask(fixture, 'bob@lab.test'), { code: 'limit' });
      assert.deepEqual(fixture.mails, []);
    });

    it('says what to do where no mail is sent, and what an address is', async () => {
      const without = await openAuth(open, { mail: false });
      await assert.rejects(ask(without, 'bob@lab.test'), { code: 'unavailable', message: /signalbox admin reset/ });
      const fixture = await openAuth(open);
      for (const email of ['', 'bob', 'bob@lab.test\r\nBcc: all@lab.test']) {
        await assert.rejects(ask(fixture, email), { code: 'invalid' });
      }
    });

    it('writes the mail in the language of the page', async () => {
      const fixture = await openAuth(open);
      await requestReset(fixture.auth.context, { email: 'bob@lab.test', language: 'it' }, '::1');
      await fixture.auth.drain();
      assert.match(fixture.mails[0]?.subject ?? '', /scegli una nuova password/);
    });
  });
});
