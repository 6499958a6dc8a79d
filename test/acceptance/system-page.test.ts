import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ANONYMOUS, ComponentDeclared, SignalReported } from '../../src/core/index.ts';
import { auditEntries } from '../../src/platform/audit/index.ts';
import type { JournalTables } from '../../src/platform/journal/schema.ts';
import { type Person, signIn } from '../support/people.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const KEY = 'lab/laser';

describe('the page /admin/system', () => {
  let box: TestApp;
  let admin: Person;

  before(async () => {
    box = await startApp({ prefix: '/status' });
    admin = await signIn(box, 'admin');
  });
  after(() => box.stop());

  const page = async (who = admin) =>
    fetch(`${box.url}/admin/system`, { headers: { ...who.headers, 'accept-language': 'en' }, redirect: 'manual' });
  const lastAudit = async () => (await auditEntries(box.app.db, {}, { limit: 1 }))[0];

  it('is for administrators, and so are its forms', async () => {
    const operator = await signIn(box, 'operator');
    assert.equal((await page(operator)).status, 403);
    assert.equal((await operator.send('/admin/system/run', { job: 'journal.prune' })).status, 403);
    assert.equal((await operator.send('/admin/system/retry', { id: '1' })).status, 403);
  });

  it('runs scheduled work on demand, under its name only', async () => {
    assert.match(await (await page()).text(), /journal\.prune/);
    const answer = await admin.send('/admin/system/run', { job: 'journal.prune' });
    assert.equal(answer.headers.get('location'), '/status/admin/system');
    assert.deepEqual(
      [(await lastAudit())?.action, (await lastAudit())?.subject],
      ['system.job_triggered', 'journal.prune'],
    );
    const entries = (await auditEntries(box.app.db, {}, { limit: 100 })).length;
    assert.equal((await admin.send('/admin/system/run', { job: 'no.such' })).status, 404);
    assert.equal((await auditEntries(box.app.db, {}, { limit: 100 })).length, entries, 'what was refused was not done');
  });

  it('shows an event that nobody could handle, and has it handled once its cause is corrected', async () => {
    const { app } = box;
    const observedAt = app.clock.now();
    const payload = { component: KEY, source: 'test', name: 'state', level: 'degraded' as const, observedAt };
    await app.db.write((tx) => app.journal.publish(tx, SignalReported, { key: KEY, payload }));
    await giveUp(box);
    const html = await (await page()).text();
    assert.match(html, /component\.signal_reported/);
    assert.match(html, /nobody declared/);
    await app.db.write((tx) =>
      app.journal.publish(tx, ComponentDeclared, {
        key: KEY,
        payload: { key: KEY, name: 'Laser', kind: 'machine', visibility: 'public' },
      }),
    );
    const id = /name="id" value="([^"]+)"/.exec(html)?.[1] ?? '';
    assert.equal((await admin.send('/admin/system/retry', { id })).status, 303);
    assert.equal((await lastAudit())?.action, 'system.event_retried');
    await app.journal.drain();
    assert.equal((await app.components.rows(ANONYMOUS, { keys: [KEY] }))[0]?.status.level, 'degraded');
    assert.match(await (await page()).text(), /Every event reached everybody/);
    assert.equal((await admin.send('/admin/system/retry', { id })).status, 404, 'a second press');
  });
});

/** As after the last of many attempts, which would take minutes. */
async function giveUp({ app }: TestApp): Promise<void> {
  for (;;) {
    await app.journal.drain();
    const [waiting] = await app.db.for<JournalTables>().selectFrom('journal_retry').selectAll().execute();
    if (waiting === undefined) continue;
    await app.db.write(async (tx) => {
      const { consumer, position, reason, attempts } = waiting;
      const letter = { id: 'letter', consumer, position, reason: reason ?? '', attempts, died_at: app.clock.now() };
      await tx.for<JournalTables>().deleteFrom('journal_retry').where('position', '=', position).execute();
      await tx.for<JournalTables>().insertInto('journal_dead_letter').values(letter).execute();
    });
    return;
  }
}
