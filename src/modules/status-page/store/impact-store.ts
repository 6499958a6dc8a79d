import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { StatusPageTables } from './schema.ts';

/** When the impact of an incident was last set. */
export async function impactSince(q: Queries, incident: number): Promise<Instant | null> {
  const last = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_impact')
    .select('from_at')
    .where('incident', '=', incident)
    .orderBy('from_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.from_at ?? null;
}

/**
 * Moves what began with an incident to its new start: the impact it had then, and the components it held then. What
 * began and ended before a later start stays as it was.
 */
export async function moveBeginning(
  tx: Tx,
  incident: number,
  { old, start }: { old: Instant; start: Instant },
): Promise<void> {
  const tables = tx.for<StatusPageTables>();
  const impacts = await tables
    .selectFrom('status_page_impact')
    .selectAll()
    .where('incident', '=', incident)
    .where('from_at', '<=', old > start ? old : start)
    .orderBy('from_at')
    .execute();
  const first = impacts.findLast(({ from_at }) => from_at <= start) ?? impacts[0];
  if (first === undefined) return;
  // Before an earlier start the first row stays as well: what has been said since then is not older than it was.
  if (start >= first.from_at) {
    await tables
      .deleteFrom('status_page_impact')
      .where('incident', '=', incident)
      .where('from_at', '<=', start)
      .execute();
  }
  await tables
    .insertInto('status_page_impact')
    .values({ ...first, from_at: start })
    .execute();
  await tables
    .updateTable('status_page_incident_component')
    .set({ from_at: start })
    .where('incident', '=', incident)
    .where((where) =>
      where.and([
        start < old ? where('from_at', '=', old) : where('from_at', '<', start),
        where.or([where('to_at', 'is', null), where('to_at', '>', start)]),
      ]),
    )
    .execute();
}
