import { describe, it } from 'node:test';
import { RuleTester } from 'eslint';
import rules from './eslint-rules.js';

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester();

tester.run('action-is-guarded', rules.rules['action-is-guarded'], {
  valid: [
    `export async function open(ctx, input) {
       requireRole(ctx.actor, 'operator');
       return await ctx.db.write(async (tx) => { await emitAudit(tx, input); });
     }`,
    'export async function report(db, actor) { requireScope(actor, "read"); await db.write((tx) => emitAudit(tx)); }',
    'export async function tell(db, actor) { requireReporter(actor); await db.write((tx) => emitAudit(tx)); }',
    '// machine-driven: the journal calls it as system\nexport const apply = (db) => db.write(async () => {});',
    'export function send(socket) { socket.write("bytes"); }',
    'export async function show(db) { return await db.for().selectFrom("t").execute(); }',
  ],
  invalid: [
    {
      code: 'export const open = (ctx) => ctx.db.write(async () => {});',
      errors: [{ messageId: 'permission' }, { messageId: 'audit' }, { messageId: 'howTo' }],
    },
    {
      code: 'export const open = (db, a) => { requireRole(a, "admin"); return db.write(async () => {}); };',
      errors: [{ messageId: 'audit' }, { messageId: 'howTo' }],
    },
    {
      code: 'export const open = (database) => database.write((tx) => emitAudit(tx)); // machine-driven:',
      errors: [{ messageId: 'permission' }, { messageId: 'howTo' }],
    },
  ],
});

tester.run('publish-in-transaction', rules.rules['publish-in-transaction'], {
  valid: [
    'db.write(async (tx) => { for (const e of list) await journal.publish(tx, Opened, e); });',
    'export async function tell(ctx, tx) { await ctx.journal.publish(tx, Opened, {}); }',
    'mqtt.publish("topic", "payload");',
  ],
  invalid: [
    {
      code: 'export const tell = (ctx) => ctx.journal.publish(ctx.db, Opened, {});',
      errors: [{ messageId: 'noTransaction' }],
    },
    {
      code: 'let kept; db.write(async (tx) => { kept = tx; }); journal.publish(kept, Opened, {});',
      errors: [{ messageId: 'foreign' }],
    },
  ],
});
