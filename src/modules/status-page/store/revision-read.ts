import type { Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { StatusPageTables } from './schema.ts';

/** What an update said before somebody corrected it. */
export interface Revision {
  /** When it was replaced, and by whom. */
  at: Instant;
  by: string;
  text: string;
}

/** How often each of these updates was corrected; those that never were are absent. */
export async function correctionsOf(q: Queries, updates: readonly number[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let at = 0; at < updates.length; at += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_update_revision')
      .select('update_id')
      .where('update_id', 'in', updates.slice(at, at + 500))
      .execute();
    for (const { update_id: id } of records) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Newest first. */
export async function revisionsOf(q: Queries, update: number): Promise<Revision[]> {
  return await q
    .for<StatusPageTables>()
    .selectFrom('status_page_update_revision')
    .select(['at', 'by', 'text'])
    .where('update_id', '=', update)
    .orderBy('at', 'desc')
    .execute();
}
