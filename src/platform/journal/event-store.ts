import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { type JournalEvent, newId, toMs } from '../../core/index.ts';
import { type Queries, statement, type Tx } from '../database/index.ts';
import { cursorOf, type Place, START } from './place.ts';
import type { JournalTables } from './schema.ts';

/** An event with its place. */
export interface Stored extends Place {
  event: JournalEvent;
}

/**
 * On PostgreSQL a transaction with an earlier position may commit after a later one. Events carry the number of their
 * transaction, and only those below the oldest transaction still running are read: none can appear among them any more.
 * `xid_offset` keeps the order when a dump is restored into a server that counts transactions from a lower number.
 */
const XID = sql<number>`(select xid_offset from journal_origin) + pg_current_xact_id()::text::bigint`;
const HORIZON = sql<number>`select (select xid_offset from journal_origin) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon`;
const ALL = 1;

type NewEvent = Omit<JournalTables['journal_event'], 'position'>;

const inserting = statement(['id', 'type', 'key', 'at', 'payload'], (q, event: Omit<NewEvent, 'xid'>) =>
  q
    .for<{ journal_event: NewEvent }>()
    .insertInto('journal_event')
    .values({ ...event, xid: q.engine === 'postgres' ? XID : 0 }),
);

export function insertEvent(tx: Tx, event: { type: string; key: string; at: string; payload: unknown }): void {
  const { type, key, at } = event;
  tx.send(inserting(tx, { id: newId(toMs(at)), type, key, at, payload: JSON.stringify(event.payload ?? null) }));
}

/** Events with a transaction number below it are all there that ever will be. */
export async function readHorizon(q: Queries): Promise<number> {
  if (q.engine === 'sqlite') return ALL;
  const { rows } = await sql<{ horizon: number }>`${HORIZON}`.execute(q.for<unknown>());
  return rows[0]?.horizon ?? 0;
}

const newest = statement(['horizon'], (q, { horizon }: { horizon: number }) => {
  const query = q
    .for<JournalTables>()
    .selectFrom('journal_event')
    .select(['xid', 'position'])
    .where('xid', '<', horizon)
    .limit(1);
  return (q.engine === 'postgres' ? query.orderBy('xid', 'desc') : query).orderBy('position', 'desc');
});

export async function readHead(q: Queries, horizon: number): Promise<Place> {
  const { rows } = await q.for().executeQuery(newest(q, { horizon }));
  return rows[0] ?? START;
}

/** True when something is committed that the horizon still hides. */
export async function isAnythingHidden(q: Queries, horizon: number): Promise<boolean> {
  if (q.engine === 'sqlite') return false;
  const hidden = await q
    .for<JournalTables>()
    .selectFrom('journal_event')
    .select('position')
    .where('xid', '>=', horizon)
    .limit(1)
    .executeTakeFirst();
  return hidden !== undefined;
}

export interface Range {
  after: Place;
  horizon: number;
  types?: readonly string[] | undefined;
  limit: number;
}

interface Bounds extends Place {
  horizon: number;
  limit: number;
}

function readingOf(types: readonly string[] | undefined) {
  return statement(['xid', 'position', 'horizon', 'limit'], (q, { horizon, limit, ...after }: Bounds) => {
    const all = q
      .for<JournalTables>()
      .selectFrom('journal_event')
      .select(['xid', 'position', 'id', 'type', 'key', 'at', 'payload'])
      .where((eb) => isBehind(q, eb, after))
      .where('xid', '<', horizon)
      .limit(limit);
    const query = types ? all.where('type', 'in', types) : all;
    return (q.engine === 'postgres' ? query.orderBy('xid') : query).orderBy('position');
  });
}

/** By the types that are read: each consumer has its own, for as long as the program runs. */
const readings = new Map<string, ReturnType<typeof readingOf>>();

/** Oldest first. */
export async function readEvents(q: Queries, { after, horizon, types, limit }: Range): Promise<Stored[]> {
  if (types?.length === 0) return [];
  const name = types?.join(' ') ?? '';
  const reading = readings.get(name) ?? readingOf(types);
  readings.set(name, reading);
  const { xid, position } = after;
  const { rows } = await q.for().executeQuery(reading(q, { xid, position, horizon, limit }));
  return rows.map(toStored);
}

type EventRow = JournalTables['journal_event'];

export function toStored({ xid, position, payload, ...facts }: EventRow): Stored {
  const event = { ...facts, cursor: cursorOf({ xid, position }), payload: JSON.parse(payload) as unknown };
  return { xid, position, event };
}

function isBehind(
  q: Queries,
  eb: ExpressionBuilder<JournalTables, 'journal_event'>,
  place: Place,
): Expression<SqlBool> {
  if (q.engine === 'sqlite') return eb('position', '>', place.position);
  return eb(eb.refTuple('xid', 'position'), '>', eb.tuple(place.xid, place.position));
}
