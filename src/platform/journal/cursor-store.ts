import type { Queries, Tx } from '../database/index.ts';
import type { Place } from './place.ts';
import type { JournalTables } from './schema.ts';

export async function readCursor(q: Queries, consumer: string): Promise<(Place & { seenAt: string }) | null> {
  const found = await q
    .for<JournalTables>()
    .selectFrom('journal_cursor')
    .select(['xid', 'position', 'seen_at as seenAt'])
    .where('consumer', '=', consumer)
    .executeTakeFirst();
  return found ?? null;
}

/** Does nothing when another process made it first. */
export async function insertCursor(tx: Tx, consumer: string, place: Place, now: string): Promise<void> {
  await tx
    .for<JournalTables>()
    .insertInto('journal_cursor')
    .values({ consumer, xid: place.xid, position: place.position, seen_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * False when the cursor is no longer where the caller read it: another process was faster. Until this transaction ends
 * no other process moves it, so that this is also the claim on the events in between.
 */
export async function moveCursor(tx: Tx, consumer: string, from: Place, to: Place): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .for<JournalTables>()
    .updateTable('journal_cursor')
    .set({ xid: to.xid, position: to.position })
    .where('consumer', '=', consumer)
    .where('xid', '=', from.xid)
    .where('position', '=', from.position)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Says that some process still reads under this name, so that retention keeps its events. */
export async function touchCursor(tx: Tx, consumer: string, now: string): Promise<void> {
  await tx
    .for<JournalTables>()
    .updateTable('journal_cursor')
    .set({ seen_at: now })
    .where('consumer', '=', consumer)
    .execute();
}
