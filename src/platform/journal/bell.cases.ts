import type { Generated } from 'kysely';
import type { OpenTestDatabase } from '../../../test/support/databases.ts';
import { addMs, type Clock, eventType, type Instant } from '../../core/index.ts';
import { createTable, integer, type OpenedDatabase, type SchemaPart, type Tx, text } from '../database/index.ts';
import { createLogger } from '../log/index.ts';
import { createJournal, type JournalParts, journalSchema, type OperatedJournal, on } from './index.ts';

/** A small world for the journal's tests: bells that ring, and a table of who heard them. */

export const Rang = eventType<{ times: number }>('bell.rang');
export const Broke = eventType<{ times: number }>('bell.broke');

const tables = { bell_heard: { place: integer(), listener: text(), event: text() } };
export interface BellTables {
  bell_heard: { place: Generated<number>; listener: string; event: string };
}

/** The only key of `bell_heard` is its place: a repeated effect shows as a second row. */
const bellSchema: SchemaPart = {
  name: 'bell',
  tables,
  migrations: [
    {
      name: '0001-bell',
      up: (db, engine) => createTable(db, engine, 'bell_heard', { columns: tables.bell_heard, identity: 'place' }),
    },
  ],
};

export const parts = [journalSchema, bellSchema];

export class ManualClock implements Clock {
  #now: Instant = '2026-03-01T08:00:00.000Z';

  now(): Instant {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

export const quiet = createLogger('silent');

export function journalOn(db: OpenedDatabase, options: Partial<JournalParts> = {}): OperatedJournal {
  return createJournal({ db, clock: db.clock, log: quiet, ...options });
}

export function ring(journal: OperatedJournal, db: OpenedDatabase, key: string, times: number): Promise<void> {
  return db.write((tx) => journal.publish(tx, Rang, { key, payload: { times } }));
}

/** An effect that belongs to the handler's transaction. */
export async function hear(tx: Tx, listener: string, event: string): Promise<void> {
  await tx.for<BellTables>().insertInto('bell_heard').values({ listener, event }).execute();
}

export async function heardBy(db: OpenedDatabase, listener: string): Promise<string[]> {
  const rows = await db
    .for<BellTables>()
    .selectFrom('bell_heard')
    .select('event')
    .where('listener', '=', listener)
    .orderBy('place')
    .execute();
  return rows.map(({ event }) => event);
}

export const NO_JITTER = { random: () => 0.5 };

/** A journal on a database of its own, with a clock that stands still. */
export async function bellWorld(open: OpenTestDatabase, retry: { attempts?: number } = {}) {
  const clock = new ManualClock();
  const db = await open({ parts, clock });
  const journal = journalOn(db, { retry: { ...NO_JITTER, ...retry } });
  return { clock, db, journal, ring: (key: string, times: number) => ring(journal, db, key, times) };
}

export function listen(journal: OperatedJournal, name = 'test.listen'): string[] {
  const heard: string[] = [];
  journal.consume({
    name,
    subscriptions: [on(Rang, async ({ key, payload }) => void heard.push(`${key} ${payload.times}`))],
  });
  return heard;
}
