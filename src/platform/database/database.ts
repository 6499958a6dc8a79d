import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Clock } from '../../core/index.ts';
import type { Location } from './location.ts';

/** Something queries can be sent to: the readers, or one transaction. `for` only picks the table types. */
export interface Queries {
  readonly engine: 'sqlite' | 'postgres';
  for<T>(): Kysely<T>;
  /**
   * Everything that `reads` reads here is of one moment, whatever is committed meanwhile; a snapshot within one is of the
   * same moment, and one within a unit is the unit's transaction. For reads alone: on SQLite, where all readers share a
   * connection, the moment is over as soon as something else than reads is waited for. Nothing here waits for reads that
   * were begun outside: on PostgreSQL they might wait for a connection that this one holds.
   */
  snapshot<R>(reads: () => Promise<R>): Promise<R>;
}

/** One transaction on the writer. Use nothing but it inside the unit that received it. */
export interface Tx extends Queries {
  /**
   * Waits until no other transaction holds the lock of this name; held until this one ends.
   * Nothing to do on SQLite (one writer), an advisory lock on PostgreSQL.
   */
  lock(name: string): Promise<void>;
  /**
   * Sends a statement without waiting for it: what comes later sees what it did, its failure fails the unit. On SQLite
   * it costs no way to the writer and back.
   */
  send(query: Compilable | CompiledQuery): void;
  /** Runs after the commit is durable, never after a rollback. */
  afterCommit(run: () => void): void;
}

export interface Database extends Queries {
  /**
   * Runs `unit` in one transaction and answers after its commit is durable. Units are short and touch nothing but
   * the database: on SQLite they share one writer and are committed in groups (contracts §6). On PostgreSQL a unit
   * may be repeated after a serialization failure or deadlock, so it must have no effect outside `tx`.
   */
  write<R>(unit: (tx: Tx) => Promise<R>, options?: WriteOptions): Promise<R>;
  /** Answers when one trivial read succeeds; used by /readyz. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface WriteOptions {
  /** After this long a unit is ended and undone. Only migrations need more than the default. */
  timeoutMs?: number;
}

/** What `openDatabase` hands out; the migrator and backups need to know more than modules do. */
export interface OpenedDatabase extends Database, AsyncDisposable {
  readonly location: Location;
  readonly clock: Clock;
}
