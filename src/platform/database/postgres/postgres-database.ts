import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import { AppError, type Clock } from '../../../core/index.ts';
import type { Logger } from '../../log/index.ts';
import type { OpenedDatabase, Tx, WriteOptions } from '../database.ts';
import { type Execute, type KyselyMaker, kyselyOver } from '../kysely.ts';
import type { Location } from '../location.ts';
import { UnitScope } from '../unit-scope.ts';
import { UnitTimeout, withTimeout } from '../unit-timeout.ts';
import { UnitTx } from '../unit-tx.ts';
import { PoolSnapshot } from './pool-snapshot.ts';
import { applicationName, isRepeatable, postgresError } from './postgres-error.ts';
import { portableTypes } from './postgres-types.ts';

export interface PostgresOptions {
  location: Location & { engine: 'postgres' };
  clock: Clock;
  log: Logger | undefined;
  busyTimeoutMs: number;
  unitTimeoutMs: number;
}

const CONNECTIONS = 10;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 10;
/** pg_current_xact_id() came with 13. */
const OLDEST_SERVER = 130000;

export async function openPostgres(options: PostgresOptions): Promise<OpenedDatabase> {
  const db = new PostgresDatabase(options);
  try {
    await db.checkServer();
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

class PostgresDatabase implements OpenedDatabase {
  readonly engine = 'postgres';
  readonly location: Location;
  readonly clock: Clock;
  readonly #options: PostgresOptions;
  readonly #readers: Pool;
  readonly #writers: Pool;
  readonly #scope = new UnitScope();
  readonly #snapshot: PoolSnapshot;
  readonly #running = new Set<Promise<unknown>>();
  readonly #kysely: KyselyMaker;
  #closed = false;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.location = options.location;
    this.clock = options.clock;
    // Apart from each other, so that units never wait for readers' connections, and read-only as on SQLite.
    this.#readers = makePool(options, ['default_transaction_read_only=on']);
    this.#writers = makePool(options, []);
    const where = options.location.display;
    this.#snapshot = new PoolSnapshot(
      () => this.#connect(this.#readers),
      (client) => inTurn(executeOn(client, where)),
    );
    const read = executeOn(this.#readers, where);
    this.#kysely = kyselyOver('postgres', (sql, parameters) => (this.#snapshot.execute ?? read)(sql, parameters));
  }

  for<T>(): Kysely<T> {
    return this.#kysely<T>();
  }

  async write<R>(unit: (tx: Tx) => Promise<R>, options: WriteOptions = {}): Promise<R> {
    this.#scope.refuseNesting();
    if (this.#closed) throw new AppError('unavailable', 'The database is being closed.');
    const work = this.#repeat(unit, options.timeoutMs ?? this.#options.unitTimeoutMs);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  async snapshot<R>(reads: () => Promise<R>): Promise<R> {
    return await this.#snapshot.run(reads);
  }

  async ping(): Promise<void> {
    await executeOn(this.#readers, this.location.display)('select 1', []);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#running);
    await Promise.all([this.#readers.end(), this.#writers.end()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async checkServer(): Promise<void> {
    const query = `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding, current_schema() as schema`;
    const { rows } = await executeOn(this.#readers, this.location.display)(query, []);
    const { version, encoding, schema } = rows[0] as { version: number; encoding: string; schema: string | null };
    const where = this.location.display;
    if (version < OLDEST_SERVER) {
      throw new AppError(
        'unavailable',
        `The database ${where} is PostgreSQL ${Math.floor(version / 10000)}: 13 or newer is needed.`,
      );
    }
    if (encoding !== 'UTF8') {
      throw new AppError(
        'unavailable',
        `The database ${where} stores text as ${encoding}: create it with encoding UTF8.`,
      );
    }
    if (schema === null) {
      throw new AppError(
        'unavailable',
        `The schema of the database ${where} does not exist: create it, or correct database.url.`,
      );
    }
  }

  async #repeat<R>(unit: (tx: Tx) => Promise<R>, timeoutMs: number): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(unit, timeoutMs);
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRepeatable(error)) throw error;
        this.#options.log?.debug({ err: error, attempt }, 'unit repeated after a conflict with another transaction');
        await pause(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  async #attempt<R>(unit: (tx: Tx) => Promise<R>, timeoutMs: number): Promise<R> {
    const client = await this.#connect(this.#writers);
    const execute = inTurn(executeOn(client, this.location.display));
    const tx = new UnitTx('postgres', execute);
    let broken = true;
    try {
      await execute(timeoutMs === this.#options.unitTimeoutMs ? 'begin' : `begin; ${timeouts(timeoutMs)}`, []);
      const result = await withTimeout(
        this.#scope.run(tx.state, () => unit(tx)),
        timeoutMs,
      );
      await tx.answered();
      tx.throwIfFailed();
      tx.state.over = true;
      await execute('commit', []);
      broken = false;
      tx.announce(this.#options.log);
      return result;
    } catch (error) {
      tx.state.over = true;
      // A connection that cannot roll back, or whose unit hangs, is given up.
      broken = error instanceof UnitTimeout || !(await rolledBack(execute));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #connect(pool: Pool): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw postgresError(error, this.location.display);
    }
  }
}

function makePool({ location, log, busyTimeoutMs, unitTimeoutMs }: PostgresOptions, settings: readonly string[]): Pool {
  const all = location.schema === null ? settings : [`search_path=${location.schema}`, ...settings];
  const pool = new Pool({
    connectionString: location.connectionString,
    application_name: applicationName(location.schema),
    max: CONNECTIONS,
    connectionTimeoutMillis: busyTimeoutMs,
    statement_timeout: unitTimeoutMs,
    idle_in_transaction_session_timeout: 2 * unitTimeoutMs,
    types: portableTypes,
    ...(all.length === 0 ? {} : { options: all.map((setting) => `-c ${setting}`).join(' ') }),
  });
  // Without listeners a connection that the server closes, idle or in the middle of a unit, would end the process.
  pool.on('connect', (client) => client.on('error', (err) => log?.debug({ err }, 'a database connection was cut')));
  pool.on('error', (err) => log?.warn({ err }, 'an idle database connection was closed'));
  return pool;
}

function executeOn(target: Pool | PoolClient, where: string): Execute {
  return async (sql, parameters) => {
    try {
      const { rows, rowCount } = await target.query<Record<string, unknown>>(sql, [...parameters]);
      return { rows, affected: rowCount ?? 0 };
    } catch (error) {
      throw postgresError(error, where, sql);
    }
  };
}

/** A connection takes one statement at a time; a unit may send several at once. */
function inTurn(execute: Execute): Execute {
  let last: Promise<unknown> = Promise.resolve();
  return (sql, parameters) => {
    const result = last.then(() => execute(sql, parameters));
    last = result.catch(() => undefined);
    return result;
  };
}

function timeouts(milliseconds: number): string {
  const whole = Math.ceil(milliseconds);
  return `set local statement_timeout = ${whole}; set local idle_in_transaction_session_timeout = ${2 * whole}`;
}

async function rolledBack(execute: Execute): Promise<boolean> {
  try {
    await execute('rollback', []);
    return true;
  } catch {
    return false;
  }
}
