import { type SqlBool, sql } from 'kysely';
import { type Queries, statement, type Tx } from '../database/index.ts';
import { type Stored, toStored } from './event-store.ts';
import type { Place } from './place.ts';
import type { JournalTables } from './schema.ts';

/** An event that failed (`attempts` > 0), or that waits behind one of its key. */
export interface Retry extends Stored {
  attempts: number;
}

const PORTION = 20;

const waiting = statement(['consumer'], (q, { consumer }: { consumer: string }) =>
  q.for<JournalTables>().selectFrom('journal_retry').select('key').distinct().where('consumer', '=', consumer),
);

export async function keysWaiting(q: Queries, consumer: string): Promise<Set<string>> {
  const { rows } = await q.for().executeQuery(waiting(q, { consumer }));
  return new Set(rows.map(({ key }) => key));
}

const due = statement(['consumer', 'now'], (q, { consumer, now }: { consumer: string; now: string }) =>
  q
    .for<JournalTables>()
    .selectFrom('journal_retry as retry')
    .innerJoin('journal_event as event', 'event.position', 'retry.position')
    .select(['event.xid', 'event.position', 'event.id', 'event.type', 'event.key', 'event.at', 'event.payload'])
    .select('retry.attempts')
    .where('retry.consumer', '=', consumer)
    .where((eb) => eb.or([eb('retry.next_at', 'is', null), eb('retry.next_at', '<=', now)]))
    .where(
      sql<SqlBool>`not exists (
        select 1 from journal_retry as earlier
        where earlier.consumer = retry.consumer and earlier.key = retry.key
          and (earlier.xid < retry.xid or (earlier.xid = retry.xid and earlier.position < retry.position)))`,
    )
    .orderBy('retry.xid')
    .orderBy('retry.position')
    .limit(PORTION),
);

/** The first event of each waiting key, when its time has come. */
export async function dueRetries(q: Queries, consumer: string, now: string): Promise<Retry[]> {
  const { rows } = await q.for().executeQuery(due(q, { consumer, now }));
  return rows.map(({ attempts, ...row }) => ({ ...toStored(row), attempts }));
}

export async function isAnyRetryDue(q: Queries, now: string): Promise<boolean> {
  const found = await q
    .for<JournalTables>()
    .selectFrom('journal_retry')
    .select('position')
    .where((eb) => eb.or([eb('next_at', 'is', null), eb('next_at', '<=', now)]))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export interface NewRetry extends Place {
  key: string;
  attempts: number;
  /** null: as soon as it is the first of its key. */
  nextAt: string | null;
  reason: string | null;
}

export async function insertRetry(tx: Tx, consumer: string, retry: NewRetry): Promise<void> {
  const { xid, position, key, attempts, nextAt, reason } = retry;
  await tx
    .for<JournalTables>()
    .insertInto('journal_retry')
    .values({ consumer, xid, position, key, attempts, next_at: nextAt, reason })
    .execute();
}

/** False when it is gone or was tried since it was read. */
export async function deleteRetry(tx: Tx, consumer: string, retry: Retry): Promise<boolean> {
  const { numDeletedRows } = await tx
    .for<JournalTables>()
    .deleteFrom('journal_retry')
    .where('consumer', '=', consumer)
    .where('position', '=', retry.position)
    .where('attempts', '=', retry.attempts)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** False when it is gone or was tried since it was read. */
export async function postponeRetry(
  tx: Tx,
  consumer: string,
  retry: Retry,
  next: { nextAt: string; reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .for<JournalTables>()
    .updateTable('journal_retry')
    .set({ attempts: retry.attempts + 1, next_at: next.nextAt, reason: next.reason })
    .where('consumer', '=', consumer)
    .where('position', '=', retry.position)
    .where('attempts', '=', retry.attempts)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
