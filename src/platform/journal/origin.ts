import { sql } from 'kysely';
import type { Database } from '../database/index.ts';
import type { JournalTables } from './schema.ts';

/**
 * A dump restored into another PostgreSQL server meets a lower transaction counter: old events would stay hidden and
 * new ones would sort before the cursors. Moves the origin of the numbers behind everything stored.
 */
export async function keepOrderAfterRestore(db: Database): Promise<void> {
  if (db.engine === 'sqlite') return;
  if ((await missingOffset(db)) === null) return;
  await db.write(async (tx) => {
    await tx.lock('signalbox.journal.origin');
    const offset = await missingOffset(tx);
    if (offset === null) return;
    await tx
      .for<JournalTables>()
      .updateTable('journal_origin')
      .set({ xid_offset: offset })
      .where('id', '=', 1)
      .execute();
  });
}

async function missingOffset(q: Pick<Database, 'for'>): Promise<number | null> {
  const { rows } = await sql<{ stored: number; next: number }>`
    select greatest(
      (select coalesce(max(xid), 0) from journal_event),
      (select coalesce(max(xid), 0) from journal_cursor)
    ) as stored,
    (select xid_offset from journal_origin) + pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next`.execute(
    q.for<unknown>(),
  );
  const [found] = rows;
  return found && found.stored >= found.next ? found.stored : null;
}
