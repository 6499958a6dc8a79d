import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { ANONYMOUS, DAY, MINUTE } from '../../../core/index.ts';
import { listTokens } from '../index.ts';
import { openAuth } from '../test-support/auth-fixture.ts';
import { createToken, revokeToken } from './tokens.ts';

const BAD = { code: 'unauthenticated' };
const INPUT = { name: 'Monitor', scopes: ['signals:write'] };

describe('API tokens', () => {
  eachDatabase((open) => {
    const bearer = (token: string) => ({ cookies: {}, authorization: `Bearer ${token}` });

    it('stand for what they are allowed to, and nothing of their secret is kept', async () => {
      const { auth, alice, db, audited } = await openAuth(open);
      const { id, token } = await createToken(auth.context, alice, INPUT);
      const { actor, csrfToken } = await auth.authenticate(bearer(token));
      assert.deepEqual(actor, { kind: 'token', id, name: 'Monitor', scopes: ['signals:write'] });
      assert.equal(csrfToken, undefined);
      const [row] = await listTokens(db);
      assert.ok(!JSON.stringify(row).includes(token.slice(-52)));
      assert.equal(row?.prefix, token.slice(4, 12));
      assert.equal(row?.created_by, 'user:alice');
      const [entry] = await audited(1);
      assert.deepEqual([entry?.action, entry?.subject], ['auth.token_created', 'token:Monitor']);
      assert.ok(!JSON.stringify(entry).includes(token.slice(-52)));
    });

    it('are refused when wrong in any part, revoked or expired', async () => {
      const { auth, alice, clock } = await openAuth(open);
      const { id, token } = await createToken(auth.context, alice, { ...INPUT, expires: '90d' });
      const other = (await createToken(auth.context, alice, INPUT)).token;
      const mixed = token.slice(0, 13) + other.slice(13);
      for (const text of ['', 'x', token.slice(0, -1), `${token}a`, token.toUpperCase(), mixed]) {
        await assert.rejects(auth.authenticate(bearer(text)), BAD, text);
      }
      assert.ok(await auth.authenticate(bearer(token)));
      clock.forward(90 * DAY);
      await assert.rejects(auth.authenticate(bearer(token)), BAD);
      assert.ok(await auth.authenticate(bearer(other)));
      await revokeToken(auth.context, alice, id);
    });

    it('end when they are revoked, once', async () => {
      const { auth, alice, audited } = await openAuth(open);
      const { id, token } = await createToken(auth.context, alice, INPUT);
      await revokeToken(auth.context, alice, id);
      await revokeToken(auth.context, alice, id);
      await assert.rejects(auth.authenticate(bearer(token)), BAD);
      assert.equal((await audited()).filter((row) => row.action === 'auth.token_revoked').length, 1);
      await assert.rejects(revokeToken(auth.context, alice, 'ghost'), { code: 'not_found' });
    });

    it('never fall back to the cookie beside them', async () => {
      const { auth, signIn } = await openAuth(open);
      const { jar } = await signIn('alice');
      await assert.rejects(auth.authenticate({ cookies: jar, authorization: 'Bearer sbx_wrong' }), BAD);
      await assert.rejects(auth.authenticate({ cookies: jar, authorization: 'bearer' }), BAD);
    });

    it('leave a password of a proxy in front alone', async () => {
      const { auth, signIn, alice } = await openAuth(open);
      const { jar } = await signIn('alice');
      assert.deepEqual((await auth.authenticate({ cookies: jar, authorization: 'Basic YTpi' })).actor, alice);
      assert.deepEqual((await auth.authenticate({ cookies: {}, authorization: 'Basic YTpi' })).actor, ANONYMOUS);
    });

    it('note their last use at most once a minute', async () => {
      const { auth, alice, db, clock } = await openAuth(open);
      const { token } = await createToken(auth.context, alice, INPUT);
      const used = async () => {
        await Promise.all([1, 2, 3].map(() => auth.authenticate(bearer(token))));
        await auth.drain();
        return (await listTokens(db))[0]?.last_used_at;
      };
      assert.equal(await used(), '2026-11-20T10:00:00.000Z');
      clock.forward(MINUTE - 1);
      assert.equal(await used(), '2026-11-20T10:00:00.000Z');
      clock.forward(1);
      assert.equal(await used(), '2026-11-20T10:01:00.000Z');
    });

    it('are made and revoked by administrators only', async () => {
      const { auth, alice, bob, charlie, db } = await openAuth(open);
      const { id, token } = await createToken(auth.context, alice, INPUT);
      const { actor } = await auth.authenticate(bearer(token));
      for (const one of [bob, charlie, actor]) {
        await assert.rejects(createToken(auth.context, one, INPUT), { code: 'forbidden' });
        await assert.rejects(revokeToken(auth.context, one, id), { code: 'forbidden' });
      }
      await assert.rejects(createToken(auth.context, ANONYMOUS, INPUT), BAD);
      assert.equal((await listTokens(db)).length, 1);
    });

    for (const input of [
      { name: '', scopes: ['read'] },
      { name: 'x', scopes: [] },
      { name: 'x', scopes: ['admin'] },
      { name: 'x', scopes: ['read', 'toString'] },
      { name: 'x', scopes: ['read'], expires: 'soon' },
    ]) {
      it(`are not made from ${JSON.stringify(input)}`, async () => {
        const { auth, alice } = await openAuth(open);
        await assert.rejects(createToken(auth.context, alice, input), { code: 'invalid' });
      });
    }
  });
});
