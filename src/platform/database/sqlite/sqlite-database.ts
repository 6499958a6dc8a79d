import { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Clock } from '../../../core/index.ts';
import type { Logger } from '../../log/index.ts';
import type { OpenedDatabase, Tx, WriteOptions } from '../database.ts';
import { type KyselyMaker, kyselyOver, type StatementResult } from '../kysely.ts';
import type { Location } from '../location.ts';
import { checkFile } from './check-file.ts';
import { ReaderSnapshot } from './reader-snapshot.ts';
import { sqliteError, sqliteFailure } from './sqlite-error.ts';
import { StatementCache } from './statement-cache.ts';
import { Writer } from './writer.ts';
import { WriterChannel } from './writer-channel.ts';

export interface SqliteOptions {
  location: Location & { engine: 'sqlite' };
  clock: Clock;
  log: Logger | undefined;
  busyTimeoutMs: number;
  unitTimeoutMs: number;
}

/** Readers wait for nobody in WAL mode; the rare moment in which they would must not stop the main thread for long. */
const READER_BUSY_MS = 50;

export async function openSqlite(options: SqliteOptions): Promise<OpenedDatabase> {
  const { path } = options.location;
  checkFile(path);
  const channel = new WriterChannel({ path, busyTimeoutMs: options.busyTimeoutMs });
  await channel.open();
  try {
    return new SqliteDatabase(options, channel, openReader(path));
  } catch (error) {
    await channel.close();
    throw sqliteError(sqliteFailure(error), path);
  }
}

function openReader(path: string): DatabaseSync {
  const reader = new DatabaseSync(path, { timeout: READER_BUSY_MS });
  reader.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384');
  return reader;
}

class SqliteDatabase implements OpenedDatabase {
  readonly engine = 'sqlite';
  readonly location: Location;
  readonly clock: Clock;
  readonly #reader: DatabaseSync;
  readonly #statements: StatementCache;
  readonly #snapshot: ReaderSnapshot;
  readonly #channel: WriterChannel;
  readonly #writer: Writer;
  readonly #unitTimeoutMs: number;
  readonly #kysely: KyselyMaker;

  constructor(options: SqliteOptions, channel: WriterChannel, reader: DatabaseSync) {
    this.location = options.location;
    this.clock = options.clock;
    this.#reader = reader;
    this.#statements = new StatementCache(reader);
    this.#snapshot = new ReaderSnapshot(reader);
    this.#channel = channel;
    // Whoever wrote reads what he wrote.
    channel.beforeReplies = () => this.#snapshot.end();
    this.#writer = new Writer(channel, options.log);
    this.#unitTimeoutMs = options.unitTimeoutMs;
    this.#kysely = kyselyOver('sqlite', async (sql, parameters) => this.#read(sql, parameters));
  }

  for<T>(): Kysely<T> {
    return this.#kysely<T>();
  }

  async write<R>(unit: (tx: Tx) => Promise<R>, options: WriteOptions = {}): Promise<R> {
    return await this.#writer.write(unit, options.timeoutMs ?? this.#unitTimeoutMs);
  }

  async snapshot<R>(reads: () => Promise<R>): Promise<R> {
    return await this.#snapshot.run(reads);
  }

  async ping(): Promise<void> {
    this.#read('select count(*) from sqlite_schema', []);
  }

  async close(): Promise<void> {
    await this.#writer.drain();
    // The reader first: the last connection to close moves the log into the file, which must not block this thread.
    this.#snapshot.end();
    if (this.#reader.isOpen) this.#reader.close();
    await this.#channel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #read(sql: string, parameters: readonly unknown[]): StatementResult {
    try {
      return this.#statements.run(sql, parameters);
    } catch (error) {
      const failure = sqliteFailure(error);
      if ((failure.errcode & 0xff) === SQLITE_READONLY) throw new Error(READ_ONLY, { cause: error });
      throw sqliteError(failure, this.location.display, sql);
    }
  }
}

const SQLITE_READONLY = 8;
const READ_ONLY = 'The database is read-only outside of db.write: do this inside a unit, through its tx.';
