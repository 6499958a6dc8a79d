import type { Instant } from '../../../core/index.ts';
import { addMs } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { IncidentUpdate } from '../domain/incident.ts';
import { toUpdate } from './incident-record.ts';
import type { StatusPageTables } from './schema.ts';

export async function findUpdate(q: Queries, incident: number, id: number): Promise<IncidentUpdate | null> {
  const record = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_update')
    .selectAll()
    .where('id', '=', id)
    .where('incident', '=', incident)
    .executeTakeFirst();
  return record === undefined ? null : toUpdate(record);
}

/** Replaces the text of an update and keeps what it said. */
export async function replaceText(
  tx: Tx,
  update: Pick<IncidentUpdate, 'id' | 'text'>,
  change: { text: string; at: Instant; by: string },
): Promise<void> {
  const tables = tx.for<StatusPageTables>();
  const last = await tables
    .selectFrom('status_page_update_revision')
    .select('at')
    .where('update_id', '=', update.id)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const at = last !== undefined && last.at >= change.at ? addMs(last.at, 1) : change.at;
  await tables
    .insertInto('status_page_update_revision')
    .values({ update_id: update.id, at, by: change.by, text: update.text ?? '' })
    .execute();
  await tables
    .updateTable('status_page_update')
    .set({ text: change.text, modified_at: change.at, modified_by: change.by })
    .where('id', '=', update.id)
    .execute();
}
