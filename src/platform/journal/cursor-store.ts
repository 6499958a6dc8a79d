import { type Queries, statement, type Tx } from '../database/index.ts';
import type { Place } from './place.ts';
import type { JournalTables } from './schema.ts';

const reading = statement(['consumer'], (q, { consumer }: { consumer: string }) =>
  q
    .for<JournalTables>()
    .selectFrom('journal_cursor')
    .select(['xid', 'position', 'seen_at as seenAt'])
    .where('consumer', '=', consumer),
);

export async function readCursor(q: Queries, consumer: string): Promise<(Place & { seenAt: string }) | null> {
  const { rows } = await q.for().executeQuery(reading(q, { consumer }));
  return rows[0] ?? null;
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

interface Move extends Place {
  consumer: string;
  toXid: number;
  toPosition: number;
}

const moving = statement(['consumer', 'xid', 'position', 'toXid', 'toPosition'], (q, move: Move) =>
  q
    .for<JournalTables>()
    .updateTable('journal_cursor')
    .set({ xid: move.toXid, position: move.toPosition })
    .where('consumer', '=', move.consumer)
    .where('xid', '=', move.xid)
    .where('position', '=', move.position),
);

/**
 * False when the cursor is no longer where the caller read it: another process was faster. Until this transaction ends
 * no other process moves it, so that this is also the claim on the events in between.
 */
export async function moveCursor(tx: Tx, consumer: string, from: Place, to: Place): Promise<boolean> {
  const { xid, position } = from;
  const move = moving(tx, { consumer, xid, position, toXid: to.xid, toPosition: to.position });
  return (await tx.for().executeQuery(move)).numAffectedRows === 1n;
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
