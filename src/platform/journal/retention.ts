import { sql } from 'kysely';
import { addMs, DAY, type Instant } from '../../core/index.ts';
import type { Database } from '../database/index.ts';
import { isAfter, type Place } from './place.ts';
import type { JournalTables } from './schema.ts';

const PORTION = 500;
const END: Place = { xid: Number.MAX_SAFE_INTEGER, position: Number.MAX_SAFE_INTEGER };
/** A name under which nobody has read for so long belongs to a part that was removed. */
const FORGOTTEN_AFTER = 30 * DAY;

/** Removes old events that every consumer has passed and that neither a retry nor a dead letter refers to. */
export async function prune(db: Database, olderThan: Instant, now: Instant): Promise<number> {
  const passed = await passedByAll(db, now);
  let removed = 0;
  for (;;) {
    const portion = await removePortion(db, olderThan, passed);
    removed += portion;
    if (portion < PORTION) return removed;
  }
}

/** The place every living consumer has passed. */
async function passedByAll(db: Database, now: Instant): Promise<Place> {
  const cursors = await db
    .for<JournalTables>()
    .selectFrom('journal_cursor')
    .select(['xid', 'position'])
    .where('seen_at', '>', addMs(now, -FORGOTTEN_AFTER))
    .execute();
  return cursors.reduce<Place>((least, one) => (isAfter(one, least) ? least : one), END);
}

async function removePortion(db: Database, olderThan: Instant, { xid, position }: Place): Promise<number> {
  return await db.write(async (tx) => {
    const { rows } = await sql<{ position: number }>`
      select event.position from journal_event as event
      where event.at < ${olderThan}
        and (event.xid < ${xid} or (event.xid = ${xid} and event.position <= ${position}))
        and not exists (select 1 from journal_retry as retry where retry.position = event.position)
        and not exists (select 1 from journal_dead_letter as letter where letter.position = event.position)
      order by event.at
      limit ${PORTION}`.execute(tx.for<unknown>());
    const positions = rows.map((row) => row.position);
    if (positions.length > 0) {
      await tx.for<JournalTables>().deleteFrom('journal_event').where('position', 'in', positions).execute();
    }
    return positions.length;
  });
}
