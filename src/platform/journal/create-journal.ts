import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type EventType, type Instant, type JournalEvent, MINUTE, SECOND } from '../../core/index.ts';
import type { Database, Queries, Tx } from '../database/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { Consumer, type RetryPolicy } from './consumer.ts';
import { countDeadLetters, readDeadLetters, revive } from './dead-letter-store.ts';
import { insertEvent, isAnythingHidden, readEvents, readHead, readHorizon } from './event-store.ts';
import type { ConsumerOptions, DeadLetter, Journal } from './journal.ts';
import { type JournalMetrics, type JournalState, journalMetrics } from './journal-metrics.ts';
import { keepOrderAfterRestore } from './origin.ts';
import { cursorOf, placeOf } from './place.ts';
import { prune } from './retention.ts';
import { isAnyRetryDue } from './retry-store.ts';

export interface JournalParts {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics?: Metrics;
  retry?: Partial<RetryPolicy>;
  /** How often to look for events of other processes and for retries. Default 500 ms on PostgreSQL, 2 s on SQLite. */
  pollMs?: number;
}

/** The journal with what only its operator calls. */
export interface OperatedJournal extends Journal {
  /** Removes events older than this moment that nobody needs any more; resolves to how many. */
  prune(olderThan: Instant): Promise<number>;
}

const RETRY: RetryPolicy = { attempts: 10, firstPauseMs: SECOND, longestPauseMs: 5 * MINUTE, random: Math.random };
const POLL_MS = { sqlite: 2 * SECOND, postgres: SECOND / 2 };
/** While an older transaction of somebody hides a committed event. */
const HIDDEN_POLL_MS = 25;
const DRAIN_MS = 30 * SECOND;
const READ_LIMIT = 1000;

export function createJournal(parts: JournalParts): OperatedJournal {
  return new DatabaseJournal(parts);
}

class DatabaseJournal implements OperatedJournal {
  readonly #parts: JournalParts;
  readonly #metrics: JournalMetrics;
  readonly #pollMs: number;
  readonly #consumers: Consumer[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #announced = new WeakSet<Tx>();
  /** Listeners know of everything up to here. */
  #told = '';
  /** Consumers have looked at everything up to here. */
  #handled = '';
  #timer: NodeJS.Timeout | undefined;
  #wakeUp: NodeJS.Immediate | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #phase: 'new' | 'started' | 'stopped' = 'new';

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#pollMs = parts.pollMs ?? POLL_MS[parts.db.engine];
    this.#metrics = journalMetrics(parts.metrics, () => this.#state());
  }

  async publish<P>(tx: Tx, type: EventType<P>, event: { key: string; payload: P }): Promise<void> {
    insertEvent(tx, { type: type.name, key: event.key, at: this.#parts.clock.now(), payload: event.payload });
    tx.afterCommit(() => this.#metrics.published());
    this.#wakeAfter(tx);
  }

  consume(options: ConsumerOptions): void {
    if (this.#consumers.some(({ name }) => name === options.name)) {
      throw new Error(`There are two journal consumers named ${options.name}.`);
    }
    const { db, clock, log } = this.#parts;
    const retry = { ...RETRY, ...this.#parts.retry };
    this.#consumers.push(new Consumer(options, { db, clock, log, metrics: this.#metrics, retry }));
  }

  async readAfter(
    q: Queries,
    cursor: string,
    options: { types?: readonly string[]; limit?: number } = {},
  ): Promise<JournalEvent[]> {
    const { types, limit = READ_LIMIT } = options;
    const stored = await readEvents(q, { after: placeOf(cursor), horizon: await readHorizon(q), types, limit });
    return stored.map(({ event }) => event);
  }

  async head(q: Queries): Promise<string> {
    return cursorOf(await readHead(q, await readHorizon(q)));
  }

  onNew(wake: () => void): () => void {
    this.#listeners.add(wake);
    return () => this.#listeners.delete(wake);
  }

  async start(): Promise<void> {
    const { db } = this.#parts;
    await keepOrderAfterRestore(db);
    for (const consumer of this.#consumers) {
      consumer.resume();
      await consumer.register();
    }
    this.#told = await this.head(db);
    this.#handled = '';
    this.#phase = 'started';
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#phase = 'stopped';
    clearTimeout(this.#timer);
    clearImmediate(this.#wakeUp);
    this.#wakeUp = undefined;
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.#work;
  }

  async drain(): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    for (;;) {
      // Asked before the consumers look: what comes to light only while they do would be seen by neither.
      const { hidden } = await this.#readNow();
      const worked = await Promise.all(this.#consumers.map((consumer) => consumer.run()));
      if (worked.includes(true)) continue;
      this.#tellListeners((await this.#readNow()).head);
      if (!hidden && !this.#consumers.some(({ isBehind }) => isBehind)) break;
      if (performance.now() > deadline) throw new Error('The journal waits for a transaction that does not end.');
      await pause(HIDDEN_POLL_MS);
    }
  }

  async deadLetters(q: Queries): Promise<DeadLetter[]> {
    return await readDeadLetters(q);
  }

  async retryDeadLetter(tx: Tx, id: string): Promise<void> {
    await revive(tx, id);
    this.#wakeAfter(tx);
  }

  async prune(olderThan: Instant): Promise<number> {
    for (const consumer of this.#consumers) {
      await consumer.flush();
      await consumer.register();
    }
    return await prune(this.#parts.db, olderThan, this.#parts.clock.now());
  }

  #wakeAfter(tx: Tx): void {
    if (this.#announced.has(tx)) return;
    this.#announced.add(tx);
    tx.afterCommit(() => this.#wake());
  }

  /** Soon, and once for all commits of this turn. */
  #wake(): void {
    if (this.#phase === 'stopped') return;
    this.#wakeUp ??= setImmediate(() => {
      this.#wakeUp = undefined;
      this.#work = Promise.all([this.#work, this.#look()]);
    });
  }

  /** Tells the listeners, runs what there is to do, then sets the time of the next look. */
  async #look(): Promise<void> {
    let hidden = false;
    try {
      const now = await this.#readNow();
      hidden = now.hidden;
      this.#tellListeners(now.head);
      if (this.#phase === 'started') {
        await Promise.all(this.#consumers.map((consumer) => consumer.run()));
        // The consumers looked after `now` was read, so that nothing up to it can have escaped them.
        if (!this.#consumers.some(({ isBehind }) => isBehind)) this.#handled = now.head;
      }
    } catch (err) {
      this.#parts.log.warn({ err }, 'journal waits for the database');
    }
    this.#pollIn(hidden ? HIDDEN_POLL_MS : this.#pollMs);
  }

  /** A look that costs two reads when nothing has happened. */
  async #poll(): Promise<void> {
    if (await this.#isAnythingNew()) this.#wake();
    else this.#pollIn(this.#pollMs);
  }

  #pollIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#phase !== 'started') return;
    this.#timer = setTimeout(() => {
      this.#work = Promise.all([this.#work, this.#poll()]);
    }, milliseconds);
  }

  async #isAnythingNew(): Promise<boolean> {
    const { db, clock, log } = this.#parts;
    try {
      return (await this.head(db)) !== this.#handled || (await isAnyRetryDue(db, clock.now()));
    } catch (err) {
      log.warn({ err }, 'journal cannot be read');
      return false;
    }
  }

  /** The newest readable event, and whether something committed cannot be read yet. */
  async #readNow(): Promise<{ head: string; hidden: boolean }> {
    const { db } = this.#parts;
    const horizon = await readHorizon(db);
    return { head: cursorOf(await readHead(db, horizon)), hidden: await isAnythingHidden(db, horizon) };
  }

  #tellListeners(head: string): void {
    if (head === this.#told) return;
    this.#told = head;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (err) {
        this.#parts.log.error({ err }, 'a listener to the journal failed');
      }
    }
  }

  async #state(): Promise<JournalState> {
    const { db } = this.#parts;
    const head = await readHead(db, await readHorizon(db));
    const lags = this.#consumers.map(async (consumer) => [consumer.name, await consumer.lag(head)] as const);
    return { deadLetters: await countDeadLetters(db), lag: new Map(await Promise.all(lags)) };
  }
}
