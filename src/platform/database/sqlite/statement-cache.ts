import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StatementResult } from '../kysely.ts';

const CAPACITY = 500;

interface Prepared {
  statement: StatementSync;
  /** Answers with rows. */
  reads: boolean;
  /** Names of the columns in their order; null until it ran, since only then it knows the schema of that moment. */
  columns: readonly string[] | null;
  /** Asks for `*`: which columns these are may change while the statement is kept. */
  isOpen: boolean;
}

/** Prepared statements of one connection by their text, the least recently used forgotten first. */
export class StatementCache {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();
  #versionOf: StatementSync | null = null;
  #version = -1;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(sql: string, parameters: readonly unknown[]): StatementResult {
    const prepared = this.#prepare(sql);
    const { statement } = prepared;
    const values = parameters as SQLInputValue[];
    if (!prepared.reads) return { rows: [], affected: Number(statement.run(...values).changes) };
    const found = statement.all(...values) as unknown as unknown[][];
    const columns = prepared.columns ?? statement.columns().map(({ name }) => name);
    prepared.columns = columns;
    return { rows: found.map((row) => rowOf(columns, row)), affected: found.length };
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known && !(known.isOpen && this.#isOtherSchema())) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.#db.prepare(sql);
    // As objects they would be without a prototype, and three times as slow to make and to read.
    statement.setReturnArrays(true);
    const made = { statement, reads: statement.columns().length > 0, columns: null, isOpen: sql.includes('*') };
    if (made.isOpen && known === undefined) this.#isOtherSchema();
    const oldest = this.#prepared.keys().next();
    if (this.#prepared.size >= CAPACITY && !oldest.done) this.#prepared.delete(oldest.value);
    this.#prepared.set(sql, made);
    return made;
  }

  /** Whether tables have changed since the last time; if so, nothing is kept of before. */
  #isOtherSchema(): boolean {
    if (this.#versionOf === null) {
      this.#versionOf = this.#db.prepare('pragma schema_version');
      this.#versionOf.setReturnArrays(true);
    }
    // The types of Node do not know that rows are arrays now.
    const [version] = this.#versionOf.get() as unknown as [number];
    if (version === this.#version) return false;
    this.#version = version;
    this.#prepared.clear();
    return true;
  }
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index];
  return row;
}
