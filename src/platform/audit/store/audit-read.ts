import { sql } from 'kysely';
import type { Queries } from '../../database/index.ts';
import type { AuditRow, AuditTables } from './schema.ts';

/** Which entries to show: each text matches anywhere, in any case. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
}

const COLUMNS = [
  'position',
  'at',
  'actor',
  'actor_id',
  'action',
  'subject',
  'details',
  'previous_hash',
  'hash',
] as const;

/** Entries newest first, older than `before` when it is given. */
export async function auditEntries(
  q: Queries,
  filter: AuditFilter,
  page: { before?: number | undefined; limit: number },
): Promise<AuditRow[]> {
  let query = q.for<AuditTables>().selectFrom('audit_entry').select(COLUMNS);
  for (const column of ['actor', 'action', 'subject'] as const) {
    const wanted = filter[column];
    if (wanted) query = query.where(sql<boolean>`lower(${sql.ref(column)}) like ${contains(wanted)} escape '!'`);
  }
  if (page.before !== undefined) query = query.where('position', '<', page.before);
  return query.orderBy('position', 'desc').limit(page.limit).execute();
}

/** Entries oldest first, for walking the chain. */
export async function entriesAfter(q: Queries, position: number, limit: number): Promise<AuditRow[]> {
  return q
    .for<AuditTables>()
    .selectFrom('audit_entry')
    .select(COLUMNS)
    .where('position', '>', position)
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** Both engines lower only A–Z here, so the pattern does the same. */
function contains(text: string): string {
  const lowered = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `%${lowered.replace(/[!%_]/g, '!$&')}%`;
}
