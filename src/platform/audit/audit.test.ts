import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { eachDatabase } from '../../../test/support/databases.ts';
import { type Actor, ANONYMOUS } from '../../core/index.ts';
import type { Database } from '../database/index.ts';
import { auditEntries, auditSchema, emitAudit, verifyAudit } from './index.ts';

const ALICE = { kind: 'user', id: 'u1', name: 'alice', role: 'admin' } satisfies Actor;
const AT = '2026-11-20T10:00:00.000Z';

describe('the audit log', () => {
  eachDatabase((open) => {
    const openDb = () => open({ parts: [auditSchema] });
    const write = (db: Database, subject: string, actor: Actor = ALICE) =>
      db.write((tx) => emitAudit(tx, { at: AT, actor, action: 'test.done', subject, details: { n: 1 } }));
    const tamper = (db: Database, statement: ReturnType<typeof sql>) =>
      db.write((tx) => statement.execute(tx.for<Record<string, never>>()));

    it('chains entries written at the same time, without gap or fork', async () => {
      const db = await openDb();
      await Promise.all(Array.from({ length: 40 }, (_, n) => write(db, `thing:${n}`)));
      const verdict = await verifyAudit(db);
      assert.equal(verdict.intact, true);
      assert.equal(verdict.intact && verdict.entries, 40);
    });

    it('calls an empty log intact', async () => {
      assert.deepEqual(await verifyAudit(await openDb()), { intact: true, entries: 0, head: '0'.repeat(64) });
    });

    it('finds the first entry that was altered', async () => {
      const db = await openDb();
      for (const n of [1, 2, 3]) await write(db, `thing:${n}`);
      await tamper(db, sql`update audit_entry set subject = 'thing:other' where position = 2`);
      assert.deepEqual(await verifyAudit(db), { intact: false, position: 2, reason: 'altered' });
    });

    it('finds an entry that was taken out of the middle or from the start', async () => {
      const db = await openDb();
      for (const n of [1, 2, 3]) await write(db, `thing:${n}`);
      await tamper(db, sql`delete from audit_entry where position = 1`);
      assert.deepEqual(await verifyAudit(db), { intact: false, position: 1, reason: 'missing' });
    });

    it('finds an entry that was replaced together with its own hash', async () => {
      const db = await openDb();
      for (const n of [1, 2, 3]) await write(db, `thing:${n}`);
      await tamper(db, sql`update audit_entry set previous_hash = hash where position = 2`);
      assert.deepEqual(await verifyAudit(db), { intact: false, position: 2, reason: 'unchained' });
    });

    it('undoes the change when the entry cannot be written', async () => {
      const db = await openDb();
      await write(db, 'thing:1');
      const change = db.write(async (tx) => {
        await emitAudit(tx, { at: AT, actor: ALICE, action: 'test.first', subject: 'thing:2' });
        await emitAudit(tx, { at: AT, actor: ALICE, action: 'test.second', subject: 'x', details: { password: 'y' } });
      });
      await assert.rejects(change, /looks like a secret/);
      assert.equal((await auditEntries(db, {}, { limit: 10 })).length, 1);
    });

    it('refuses details that hold a secret by name or by look', async () => {
      const db = await openDb();
      for (const details of [
        { token: 'x' },
        { new_password: 'x' },
        { note: `sbx_abcdefgh_${'a'.repeat(52)}` },
        { list: ['fine', 'glpat-0123456789'] },
      ]) {
        await assert.rejects(
          db.write((tx) => emitAudit(tx, { at: AT, actor: ALICE, action: 'a.b', subject: 's', details })),
          /looks like a secret/,
        );
      }
    });

    it('keeps hostile subjects as text and still verifies', async () => {
      const db = await openDb();
      await write(db, "x'; drop table audit_entry; --\u0000\ud800<script>");
      assert.equal((await verifyAudit(db)).intact, true);
    });

    it('filters by part of actor, action and subject, in any case, and takes wildcards literally', async () => {
      const db = await openDb();
      await write(db, 'user:Bob_1');
      await write(db, 'user:BobX1', ANONYMOUS);
      const subjects = async (filter: Parameters<typeof auditEntries>[1]) =>
        (await auditEntries(db, filter, { limit: 10 })).map((row) => row.subject);
      assert.deepEqual(await subjects({ subject: 'bob' }), ['user:BobX1', 'user:Bob_1']);
      assert.deepEqual(await subjects({ subject: 'bob_1' }), ['user:Bob_1']);
      assert.deepEqual(await subjects({ subject: '%' }), []);
      assert.deepEqual(await subjects({ actor: 'ALICE', action: 'done' }), ['user:Bob_1']);
    });

    it('pages from the newest to the oldest', async () => {
      const db = await openDb();
      for (const n of [1, 2, 3]) await write(db, `thing:${n}`);
      const first = await auditEntries(db, {}, { limit: 2 });
      assert.deepEqual(
        first.map((row) => row.position),
        [3, 2],
      );
      const next = await auditEntries(db, {}, { before: 2, limit: 2 });
      assert.deepEqual(
        next.map((row) => row.position),
        [1],
      );
    });
  });
});
