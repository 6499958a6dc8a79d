import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely';

export interface StatementResult {
  rows: unknown[];
  affected: number;
}

/** Sends one statement somewhere: to the reader, or into one transaction. */
export type Execute = (sql: string, parameters: readonly unknown[]) => Promise<StatementResult>;

export type KyselyMaker = <T>() => Kysely<T>;

const NO_TRANSACTIONS = 'Transactions are opened with db.write(unit), which hands the unit its tx.';

/**
 * Kysely over one way of executing. Kysely's own driver, pool and transactions stay out of it: units are scheduled by
 * `write`, and a connection object per transaction is what keeps a leaked query builder from reaching the next one.
 */
export function kyselyOver(engine: 'sqlite' | 'postgres', execute: Execute): KyselyMaker {
  const connection = new Connection(execute);
  const adapter = engine === 'sqlite' ? SQLITE.adapter : POSTGRES.adapter;
  const compiler = engine === 'sqlite' ? SQLITE.compiler : POSTGRES.compiler;
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (use) => use(connection) });
  const props = { config: { dialect: NO_DIALECT }, dialect: NO_DIALECT, driver: NO_DRIVER, executor };
  const kysely = new Kysely<unknown>(props);
  // It keeps nothing of the tables: their types exist for the compiler alone.
  return <T>() => kysely as Kysely<T>;
}

class Connection implements DatabaseConnection {
  readonly #execute: Execute;

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affected } = await this.#execute(query.sql, query.parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(affected) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not offered: a cursor left open would keep the database from truncating its log.');
  }
}

const SQLITE = { adapter: new SqliteAdapter(), compiler: new SqliteQueryCompiler() };
const POSTGRES = { adapter: new PostgresAdapter(), compiler: new PostgresQueryCompiler() };

async function refuse(): Promise<never> {
  throw new Error(NO_TRANSACTIONS);
}

const NO_DRIVER: Driver = {
  init: refuse,
  acquireConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: refuse,
  destroy: refuse,
};

function refuseDialect(): never {
  throw new Error(NO_TRANSACTIONS);
}

const NO_DIALECT: Dialect = {
  createAdapter: refuseDialect,
  createDriver: () => NO_DRIVER,
  createIntrospector: refuseDialect,
  createQueryCompiler: refuseDialect,
};
