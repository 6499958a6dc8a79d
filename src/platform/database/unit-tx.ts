import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Logger } from '../log/index.ts';
import type { Tx } from './database.ts';
import { type KyselyMaker, kyselyOver, type StatementResult } from './kysely.ts';
import type { UnitState } from './unit-scope.ts';

/** Puts one statement into a transaction. `quiet`: what it answers is not looked at. */
type ExecuteInUnit = (sql: string, parameters: readonly unknown[], quiet: boolean) => Promise<StatementResult>;

/** What a unit works with. It refuses once the unit is over, and after a statement has failed. */
export class UnitTx implements Tx {
  readonly engine: 'sqlite' | 'postgres';
  readonly state: UnitState = { over: false };
  readonly #callbacks: (() => void)[] = [];
  readonly #kysely: KyselyMaker;
  readonly #execute: ExecuteInUnit;
  readonly #sent: Promise<unknown>[] = [];
  #failure: { error: unknown } | null = null;

  constructor(engine: 'sqlite' | 'postgres', execute: ExecuteInUnit) {
    this.engine = engine;
    this.#execute = async (sql, parameters, quiet) => {
      this.#refuse();
      try {
        return await execute(sql, parameters, quiet);
      } catch (error) {
        this.#failure ??= { error };
        throw error;
      }
    };
    this.#kysely = kyselyOver(engine, (sql, parameters) => this.#execute(sql, parameters, false));
  }

  for<T>(): Kysely<T> {
    return this.#kysely<T>();
  }

  async snapshot<R>(reads: () => Promise<R>): Promise<R> {
    return await reads();
  }

  async lock(name: string): Promise<void> {
    this.#refuse();
    if (this.engine === 'sqlite') return;
    // Per schema, so that installations and tests in one database do not wait for each other.
    await this.#execute(
      `select pg_advisory_xact_lock(hashtextextended(current_schema() || ':' || $1, 0))`,
      [name],
      false,
    );
  }

  send(query: Compilable | CompiledQuery): void {
    this.#refuse();
    const { sql, parameters } = 'compile' in query ? query.compile() : query;
    // Its failure is kept by `#execute` and ends the unit.
    this.#sent.push(this.#execute(sql, parameters, true).catch(() => undefined));
  }

  /** Resolves when all that was sent is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#sent);
  }

  afterCommit(run: () => void): void {
    this.#refuse();
    this.#callbacks.push(run);
  }

  /** A unit that swallowed the failure of a statement must not be taken for a success. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  announce(log: Logger | undefined): void {
    for (const run of this.#callbacks) {
      try {
        run();
      } catch (err) {
        log?.error({ err }, 'a callback after a commit failed');
      }
    }
  }

  #refuse(): void {
    if (this.state.over) throw new Error('This tx is over: its unit has ended. Await everything inside the unit.');
    if (this.#failure === null) return;
    // PostgreSQL aborts the transaction at the first failure; the same on SQLite, so that tests there show it.
    throw new Error('A statement of this unit failed: the unit can only end. Use onConflict instead of catching.', {
      cause: this.#failure.error,
    });
  }
}
