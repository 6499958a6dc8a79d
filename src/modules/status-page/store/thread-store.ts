import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { StatusPageTables, ThreadRecord } from './schema.ts';

/** How many rows go into one statement: engines limit the values of one. */
const CHUNK = 500;

function threads(q: Queries) {
  return q.for<StatusPageTables>().selectFrom('status_page_thread').selectAll();
}

export async function threadsOfIncident(q: Queries, incident: number): Promise<ThreadRecord[]> {
  return await threads(q).where('incident', '=', incident).execute();
}

/** Those in which something was told that is not told as over yet. */
export async function openThreads(q: Queries, subscription: string): Promise<ThreadRecord[]> {
  return await threads(q).where('subscription', '=', subscription).where('said', 'in', ['planned', 'open']).execute();
}

export async function findThreads(
  q: Queries,
  subscription: string,
  incidents: readonly number[],
): Promise<ReadonlyMap<number, ThreadRecord>> {
  if (incidents.length === 0) return new Map();
  const records = await threads(q)
    .where('subscription', '=', subscription)
    .where('incident', 'in', incidents)
    .execute();
  return new Map(records.map((record) => [record.incident, record]));
}

/** Begins those that are new, and notes for all how far deliveries on their way go. */
export async function noteTold(
  tx: Tx,
  { incident, version, title }: { incident: number; version: number; title: string },
  subscriptions: readonly string[],
): Promise<void> {
  for (let at = 0; at < subscriptions.length; at += CHUNK) {
    await tx
      .for<StatusPageTables>()
      .insertInto('status_page_thread')
      .values(
        subscriptions.slice(at, at + CHUNK).map((subscription) => ({
          subscription,
          incident,
          said: 'none' as const,
          opened_at: null,
          closed_at: null,
          told_version: version,
          told_update: 0,
          title,
        })),
      )
      .onConflict((conflict) => conflict.columns(['subscription', 'incident']).doUpdateSet({ told_version: version }))
      .execute();
  }
}

export async function saveThread(tx: Tx, thread: ThreadRecord): Promise<void> {
  const { subscription, incident, ...rest } = thread;
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_thread')
    .set(rest)
    .where('subscription', '=', subscription)
    .where('incident', '=', incident)
    .execute();
}

/** Of which nothing was ever told and nothing will be. */
export async function deleteUntold(tx: Tx, subscription: string, incidents: readonly number[]): Promise<void> {
  if (incidents.length === 0) return;
  await tx
    .for<StatusPageTables>()
    .deleteFrom('status_page_thread')
    .where('subscription', '=', subscription)
    .where('incident', 'in', incidents)
    .where('said', '=', 'none')
    .execute();
}

/** Whoever left is told nothing more. */
export async function forgetThreads(tx: Tx, subscription: string): Promise<void> {
  await tx.for<StatusPageTables>().deleteFrom('status_page_thread').where('subscription', '=', subscription).execute();
}
