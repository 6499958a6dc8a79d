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
