import { performance } from 'node:perf_hooks';
import { addMs, type Clock, DAY, type JournalEvent } from '../../core/index.ts';
import { type Database, DatabaseError, type Tx } from '../database/index.ts';
import type { Logger } from '../log/index.ts';
import { insertCursor, moveCursor, readCursor, touchCursor } from './cursor-store.ts';
import { insertDeadLetter } from './dead-letter-store.ts';
import { readEvents, readHead, readHorizon, type Stored } from './event-store.ts';
import type { ConsumerOptions, Subscription } from './journal.ts';
import type { JournalMetrics } from './journal-metrics.ts';
import { isAfter, type Place, START } from './place.ts';
import { deleteRetry, dueRetries, insertRetry, keysWaiting, postponeRetry, type Retry } from './retry-store.ts';

export interface ConsumerParts {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: JournalMetrics;
  retry: RetryPolicy;
}

export interface RetryPolicy {
  /** After so many failures an event goes to the dead letters. */
  attempts: number;
  firstPauseMs: number;
  longestPauseMs: number;
  /** In [0, 1): spreads the retries of events that failed together. */
  random(): number;
}

const BATCH_EVENTS = 100;
/** Of the one writer's time; other units get their turn in between. */
const BATCH_MS = 20;
/** So many at a time are handed over together: what they take of the writer's time is looked at in between. */
const GROUP_EVENTS = 50;
/** How far events nobody here wants may run ahead before the cursor is written after them. */
const UNWRITTEN_EVENTS = 1000;
const REASON_LENGTH = 1000;

/** Reads the journal under one name and runs that consumer's handlers. */
export class Consumer {
  readonly name: string;
  readonly #parts: ConsumerParts;
  readonly #options: ConsumerOptions;
  readonly #handlers = new Map<string, Subscription>();
  /** Up to here there is nothing left for this consumer, whatever its stored cursor says. */
  #scanned: Place | null = null;
  #running: Promise<boolean> | null = null;
  #stopped = false;
  /** Another process had the claim, so that this one does not know what is left. */
  #lostClaim = false;

  constructor(options: ConsumerOptions, parts: ConsumerParts) {
    this.name = options.name;
    this.#options = options;
    this.#parts = parts;
    for (const subscription of options.subscriptions) {
      const { type } = subscription;
      if (this.#handlers.has(type)) throw new Error(`Consumer ${options.name} subscribes to ${type} twice.`);
      this.#handlers.set(type, subscription);
    }
  }

  get isBehind(): boolean {
    return this.#lostClaim;
  }

  /** Handles all that is due; true if there was anything. Runs once at a time. */
  async run(): Promise<boolean> {
    // What the run under way does is part of the answer: it may publish what another consumer has looked for in vain.
    const before = this.#running !== null && (await this.#running.catch(() => true));
    this.#running ??= this.#handleAll().finally(() => {
      this.#running = null;
    });
    return (await this.#running) || before;
  }

  /** Ends after the unit under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => undefined);
  }

  resume(): void {
    this.#stopped = false;
  }

  /** Makes the cursor if there is none, and says that somebody still reads under this name. */
  async register(): Promise<void> {
    const { db, clock } = this.#parts;
    const known = await readCursor(db, this.name);
    const now = clock.now();
    if (known === null) {
      const place = this.#options.from === 'now' ? await readHead(db, await readHorizon(db)) : START;
      await db.write((tx) => insertCursor(tx, this.name, place, now));
    } else if (known.seenAt < addMs(now, -DAY)) {
      await db.write((tx) => touchCursor(tx, this.name, now));
    }
  }

  /** Writes the cursor behind events that this consumer does not want, so that retention may remove them. */
  async flush(): Promise<void> {
    const { db } = this.#parts;
    const cursor = await readCursor(db, this.name);
    const scanned = this.#scanned;
    if (cursor === null || scanned === null || !isAfter(scanned, cursor)) return;
    await db.write((tx) => moveCursor(tx, this.name, cursor, scanned));
  }

  /** How many places the journal is ahead. */
  async lag(head: Place): Promise<number> {
    const cursor = (await readCursor(this.#parts.db, this.name)) ?? START;
    const reached = this.#scanned && isAfter(this.#scanned, cursor) ? this.#scanned : cursor;
    return Math.max(0, head.position - reached.position);
  }

  async #handleAll(): Promise<boolean> {
    let any = false;
    this.#lostClaim = false;
    while (!this.#stopped && (await this.#handlePortion())) any = true;
    return any;
  }

  async #handlePortion(): Promise<boolean> {
    const { db, clock } = this.#parts;
    let cursor = await readCursor(db, this.name);
    if (cursor === null) {
      await this.register();
      cursor = await readCursor(db, this.name);
      if (cursor === null) return false;
    }
    // After the cursor: whoever lets another event wait in between has moved it, and this portion is lost.
    const waiting = await keysWaiting(db, this.name);
    // Each is the first of its key, so that their order among each other does not matter.
    const retries = waiting.size === 0 ? [] : await dueRetries(db, this.name, clock.now());
    for (const retry of retries) {
      if (this.#stopped) return false;
      if (!(await this.#handleRetry(retry))) return this.#lose();
    }
    if (retries.length > 0) return true;
    return await this.#handleFresh(cursor, waiting);
  }

  async #handleFresh(cursor: Place, waiting: Set<string>): Promise<boolean> {
    const { db } = this.#parts;
    const after = this.#scanned && isAfter(this.#scanned, cursor) ? this.#scanned : cursor;
    const horizon = await readHorizon(db);
    const head = await readHead(db, horizon);
    if (!isAfter(head, after)) return false;
    const types = [...this.#handlers.keys()];
    const batch = await readEvents(db, { after, horizon, types, limit: BATCH_EVENTS });
    if (batch.length === 0) {
      this.#scanned = head;
      if (head.position - cursor.position > UNWRITTEN_EVENTS) await this.flush();
      return false;
    }
    return await this.#handleBatch(cursor, batch, waiting);
  }

  /** All events in one transaction; if one of them fails, one by one. */
  async #handleBatch(cursor: Place, batch: readonly Stored[], waiting: Set<string>): Promise<boolean> {
    const outcome = await this.#tryBatch(cursor, batch, waiting);
    if (outcome.kind === 'done') return true;
    if (outcome.kind === 'lost') return this.#lose();
    let from = cursor;
    for (const stored of batch) {
      if (this.#stopped) return false;
      const one = batch.length === 1 ? outcome : await this.#tryBatch(from, [stored], waiting);
      if (one.kind === 'lost') return this.#lose();
      if (one.kind === 'failed') {
        if (!(await this.#recordFailure(from, stored, one.error))) return this.#lose();
        waiting.add(stored.event.key);
      }
      from = stored;
    }
    return true;
  }

  #lose(): false {
    this.#lostClaim = true;
    return false;
  }

  async #tryBatch(cursor: Place, batch: readonly Stored[], waiting: ReadonlySet<string>): Promise<Outcome> {
    const attempt = { handlerFailed: false, handled: 0 };
    try {
      await this.#parts.db.write(async (tx) => {
        attempt.handlerFailed = false;
        attempt.handled = 0;
        const last = batch.at(-1);
        if (last === undefined) return;
        const claim = moveCursor(tx, this.name, cursor, last);
        claim.catch(() => undefined);
        // On SQLite its answer costs a way to the writer and back, and hardly ever is anybody else there.
        if (tx.engine === 'postgres') await won(claim);
        try {
          await this.#handleGroups(tx, batch, { last, waiting, attempt });
        } catch (error) {
          await won(claim);
          attempt.handlerFailed = true;
          throw error;
        }
        await won(claim);
      });
      this.#parts.metrics.handled(this.name, attempt.handled);
      return DONE;
    } catch (error) {
      if (error instanceof LostClaim) return LOST;
      // Without a handler's fault it is the database that fails; the caller waits and tries again.
      if (!attempt.handlerFailed && !isRefusal(error)) throw error;
      return { kind: 'failed', error };
    }
  }

  async #handleGroups(
    tx: Tx,
    batch: readonly Stored[],
    { last, waiting, attempt }: { last: Stored; waiting: ReadonlySet<string>; attempt: { handled: number } },
  ): Promise<void> {
    const start = performance.now();
    for (const group of this.#groups(batch)) {
      const [late, ready] = partition(group, ({ event }) => waiting.has(event.key));
      for (const stored of late) await insertRetry(tx, this.name, behind(stored));
      await this.#handle(ready, tx);
      attempt.handled += ready.length;
      const reached: Stored = group.at(-1) ?? last;
      if (reached !== last && performance.now() - start > BATCH_MS) {
        await moveCursor(tx, this.name, last, reached);
        break;
      }
    }
  }

  /** Neighbours of one type that are handed over together. */
  #groups(batch: readonly Stored[]): Stored[][] {
    const groups: Stored[][] = [];
    for (const stored of batch) {
      const { type } = stored.event;
      const group = groups.at(-1);
      const joins = group?.[0]?.event.type === type && group.length < GROUP_EVENTS;
      if (group !== undefined && joins && this.#handlers.get(type)?.together) group.push(stored);
      else groups.push([stored]);
    }
    return groups;
  }

  /** All of one type. */
  async #handle(group: readonly { event: JournalEvent }[], tx: Tx): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const events = group.map(({ event }) => event);
    await this.#handlers.get(first.event.type)?.handle(events, tx);
  }

  async #recordFailure(cursor: Place, stored: Stored, error: unknown): Promise<boolean> {
    const { db, clock } = this.#parts;
    const reason = reasonOf(error);
    const nextAt = addMs(clock.now(), this.#pause(1));
    this.#note(stored.event, 1, error);
    return await db.write(async (tx) => {
      if (!(await moveCursor(tx, this.name, cursor, stored))) return false;
      const { xid, position, event } = stored;
      await insertRetry(tx, this.name, { xid, position, key: event.key, attempts: 1, nextAt, reason });
      return true;
    });
  }

  async #handleRetry(retry: Retry): Promise<boolean> {
    const attempt = { handlerFailed: false };
    try {
      const won = await this.#parts.db.write(async (tx) => {
        attempt.handlerFailed = false;
        if (!(await deleteRetry(tx, this.name, retry))) return false;
        try {
          await this.#handle([retry], tx);
        } catch (error) {
          attempt.handlerFailed = true;
          throw error;
        }
        return true;
      });
      if (won) this.#parts.metrics.handled(this.name, 1);
      return won;
    } catch (error) {
      if (!attempt.handlerFailed && !isRefusal(error)) throw error;
      return await this.#recordRepeatedFailure(retry, error);
    }
  }

  async #recordRepeatedFailure(retry: Retry, error: unknown): Promise<boolean> {
    const { db, clock } = this.#parts;
    const attempts = retry.attempts + 1;
    const dead = attempts >= this.#parts.retry.attempts;
    const now = clock.now();
    const reason = reasonOf(error);
    this.#note(retry.event, attempts, error);
    return await db.write(async (tx) => {
      if (!dead) {
        return await postponeRetry(tx, this.name, retry, { nextAt: addMs(now, this.#pause(attempts)), reason });
      }
      if (!(await deleteRetry(tx, this.name, retry))) return false;
      await insertDeadLetter(tx, { consumer: this.name, position: retry.position, reason, attempts, diedAt: now });
      return true;
    });
  }

  #note(event: JournalEvent, attempts: number, err: unknown): void {
    const { log, metrics, retry } = this.#parts;
    metrics.failed(this.name);
    const facts = { err, consumer: this.name, event: event.id, type: event.type, key: event.key, attempts };
    if (attempts >= retry.attempts) log.error(facts, 'event given up: it is among the dead letters');
    else log.warn(facts, 'event handler failed, it is tried again');
  }

  #pause(attempts: number): number {
    const { firstPauseMs, longestPauseMs, random } = this.#parts.retry;
    return Math.round(Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs) * (0.75 + random() / 2));
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** Another process was faster: everything in the unit is undone. */
class LostClaim extends Error {}

async function won(claim: Promise<boolean>): Promise<void> {
  if (!(await claim)) throw new LostClaim();
}

type Outcome = { kind: 'done' } | { kind: 'lost' } | { kind: 'failed'; error: unknown };
const DONE: Outcome = { kind: 'done' };
const LOST: Outcome = { kind: 'lost' };

/** Of a statement that a handler sent without waiting for it. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError;
}

function behind({ xid, position, event }: Stored): Parameters<typeof insertRetry>[2] {
  return { xid, position, key: event.key, attempts: 0, nextAt: null, reason: null };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, REASON_LENGTH);
}
