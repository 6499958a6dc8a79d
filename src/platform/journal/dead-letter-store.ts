import { AppError, newId, toMs } from '../../core/index.ts';
import type { Queries, Tx } from '../database/index.ts';
import { toStored } from './event-store.ts';
import type { DeadLetter } from './journal.ts';
import { insertRetry } from './retry-store.ts';
import type { JournalTables } from './schema.ts';

const SHOWN = 1000;

export interface NewDeadLetter {
  consumer: string;
  position: number;
  reason: string;
  attempts: number;
  diedAt: string;
}

export async function insertDeadLetter(tx: Tx, letter: NewDeadLetter): Promise<void> {
  const { consumer, position, reason, attempts, diedAt } = letter;
  await tx
    .for<JournalTables>()
    .insertInto('journal_dead_letter')
    .values({ id: newId(toMs(diedAt)), consumer, position, reason, attempts, died_at: diedAt })
    .execute();
}

export async function readDeadLetters(q: Queries): Promise<DeadLetter[]> {
  const rows = await q
    .for<JournalTables>()
    .selectFrom('journal_dead_letter as letter')
    .innerJoin('journal_event as event', 'event.position', 'letter.position')
    .select(['event.xid', 'event.position', 'event.id', 'event.type', 'event.key', 'event.at', 'event.payload'])
    .select([
      'letter.id as letterId',
      'letter.consumer',
      'letter.reason',
      'letter.attempts',
      'letter.died_at as diedAt',
    ])
    .orderBy('letter.id', 'desc')
    .limit(SHOWN)
    .execute();
  return rows.map(({ letterId, consumer, reason, attempts, diedAt, ...event }) => ({
    id: letterId,
    consumer,
    event: toStored(event).event,
    reason,
    attempts,
    diedAt,
  }));
}

export async function countDeadLetters(q: Queries): Promise<number> {
  const counted = await q
    .for<JournalTables>()
    .selectFrom('journal_dead_letter')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return counted.count;
}

/** The event waits at the head of its key again, with all its attempts. */
export async function revive(tx: Tx, id: string): Promise<void> {
  const letter = await tx
    .for<JournalTables>()
    .deleteFrom('journal_dead_letter')
    .where('id', '=', id)
    .returning(['consumer', 'position'])
    .executeTakeFirst();
  if (!letter) throw new AppError('not_found', 'This dead letter is gone: it was put back or dealt with before.');
  const event = await tx
    .for<JournalTables>()
    .selectFrom('journal_event')
    .select(['xid', 'position', 'key'])
    .where('position', '=', letter.position)
    .executeTakeFirstOrThrow();
  await insertRetry(tx, letter.consumer, { ...event, attempts: 0, nextAt: null, reason: null });
}
