import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StatementResult } from '../kysely.ts';

const CAPACITY = 500;

interface Prepared {
  statement: StatementSync;
  /** Empty for one that answers with no rows. */
  columns: readonly string[];
}

/** Prepared statements of one connection by their text, the least recently used forgotten first. */
export class StatementCache {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(sql: string, parameters: readonly unknown[]): StatementResult {
    const prepared = this.#prepare(sql);
    const { statement } = prepared;
    const values = parameters as SQLInputValue[];
    if (prepared.columns.length === 0) return { rows: [], affected: Number(statement.run(...values).changes) };
    const found = statement.all(...values) as unknown as unknown[][];
    // `select *` after a migration.
    if (found[0] && found[0].length !== prepared.columns.length) prepared.columns = columnsOf(statement);
    return { rows: found.map((row) => rowOf(prepared.columns, row)), affected: found.length };
  }

  #prepare(sql: string): Prepared {
    let found = this.#prepared.get(sql);
    if (found) {
      this.#prepared.delete(sql);
    } else {
      const statement = this.#db.prepare(sql);
      // As objects they would be without a prototype, and three times as slow to make and to read.
      statement.setReturnArrays(true);
      found = { statement, columns: columnsOf(statement) };
      const oldest = this.#prepared.keys().next();
      if (this.#prepared.size >= CAPACITY && !oldest.done) this.#prepared.delete(oldest.value);
    }
    this.#prepared.set(sql, found);
    return found;
  }
}

function columnsOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name);
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index];
  return row;
}
