import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { ChangeRecord, StatusPageTables } from './schema.ts';

export async function insertChange(tx: Tx, change: ChangeRecord): Promise<void> {
  await tx.for<StatusPageTables>().insertInto('status_page_change').values(change).execute();
}

/** What was done to an incident after a version, oldest first. */
export async function changesAfter(q: Queries, incident: number, version: number): Promise<ChangeRecord[]> {
  return await q
    .for<StatusPageTables>()
    .selectFrom('status_page_change')
    .selectAll()
    .where('incident', '=', incident)
    .where('version', '>', version)
    .orderBy('version')
    .execute();
}
