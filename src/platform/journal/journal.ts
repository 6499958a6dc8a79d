import type { EventType, Instant, JournalEvent } from '../../core/index.ts';
import type { Queries, Tx } from '../database/index.ts';

/** One kind of event with what to do about it. Make it with `on` or `onAll`, which keep the payload's type. */
export interface Subscription {
  type: string;
  /** Neighbours in the journal are handed over together, in their order; otherwise each alone. */
  together: boolean;
  handle(events: readonly JournalEvent[], tx: Tx): Promise<void>;
}

export interface ConsumerOptions {
  /** Stable name, starts with the module's: `components.decide`. The cursor is stored under it. */
  name: string;
  subscriptions: readonly Subscription[];
  /** Where a consumer that has no cursor yet begins. Default: the journal's start. */
  from?: 'start' | 'now';
}

/**
 * The journal: facts written in the transaction of the change, read at least once and in order per key.
 * `handle` runs inside the transaction that moves the cursor, so what it writes through `tx` happens exactly once;
 * effects outside the database must be idempotent by `event.id`. A portion that throws is handed over again one by one,
 * so a handler that takes several must do alike with one. An event whose handler throws is tried again with
 * growing pauses and blocks only later events of its key; after the last attempt it goes to the dead letters with its
 * reason (contracts §5).
 */
export interface Journal {
  publish<P>(tx: Tx, type: EventType<P>, event: { key: string; payload: P }): Promise<void>;
  consume(options: ConsumerOptions): void;
  /** Events after `cursor`, oldest first, none uncommitted. For streams; keeps no state. */
  readAfter(
    q: Queries,
    cursor: string,
    options?: { types?: readonly string[]; limit?: number },
  ): Promise<JournalEvent[]>;
  /** The newest readable cursor. */
  head(q: Queries): Promise<string>;
  /** Calls `wake` (soon, coalesced) after new events are committed by this or another process. Returns how to stop. */
  onNew(wake: () => void): () => void;
  start(): Promise<void>;
  /** Stops taking events and waits for the handlers under way. */
  stop(): Promise<void>;
  /** Resolves when every consumer has handled everything committed so far. For tests and orderly shutdown. */
  drain(): Promise<void>;
  /** Dead letters, newest first. */
  deadLetters(q: Queries): Promise<DeadLetter[]>;
  /** Puts a dead letter back before its consumer. */
  retryDeadLetter(tx: Tx, id: string): Promise<void>;
}

export interface DeadLetter {
  id: string;
  consumer: string;
  event: JournalEvent;
  reason: string;
  attempts: number;
  diedAt: Instant;
}
