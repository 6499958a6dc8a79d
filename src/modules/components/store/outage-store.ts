import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { ComponentsTables } from './schema.ts';

/** The row that says until when anybody was watching; beside it each process of several has one of its own. */
const NAME = 'signalbox';
const OWN = 'process/';

export async function lastHeartbeat(q: Queries): Promise<Instant | null> {
  const row = await q
    .for<ComponentsTables>()
    .selectFrom('components_heartbeat')
    .select('at')
    .where('name', '=', NAME)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** When anybody last was watching, and the last heartbeats of the other processes. */
export async function heartbeats(tx: Tx, process: string): Promise<{ last: Instant | null; others: Instant[] }> {
  const rows = await tx.for<ComponentsTables>().selectFrom('components_heartbeat').selectAll().execute();
  const others = rows.filter(({ name }) => name !== NAME && name !== OWN + process).map(({ at }) => at);
  const all = rows.filter(({ name }) => name !== OWN + process).map(({ at }) => at);
  return { last: all.sort().at(-1) ?? null, others };
}

export async function saveHeartbeat(tx: Tx, at: Instant): Promise<void> {
  await save(tx, NAME, at);
}

export async function savePresence(tx: Tx, process: string, at: Instant): Promise<void> {
  await save(tx, OWN + process, at);
}

export async function removePresence(tx: Tx, process: string): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .deleteFrom('components_heartbeat')
    .where('name', '=', OWN + process)
    .execute();
}

/** Those of processes that were killed; who is there after all writes its own anew. */
export async function removeOtherPresences(tx: Tx, process: string): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .deleteFrom('components_heartbeat')
    .where('name', 'not in', [NAME, OWN + process])
    .execute();
}

async function save(tx: Tx, name: string, at: Instant): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .insertInto('components_heartbeat')
    .values({ name, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute();
}

export async function insertOutage(tx: Tx, outage: ComponentsTables['components_outage']): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .insertInto('components_outage')
    .values(outage)
    .onConflict((conflict) => conflict.column('from_at').doNothing())
    .execute();
}
