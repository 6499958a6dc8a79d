import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StatementResult } from '../kysely.ts';

const CAPACITY = 500;

interface Prepared {
  statement: StatementSync;
  reads: boolean;
}

/** Prepared statements of one connection by their text, the least recently used forgotten first. */
export class StatementCache {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(sql: string, parameters: readonly unknown[]): StatementResult {
    const { statement, reads } = this.#prepare(sql);
    const values = parameters as SQLInputValue[];
    if (!reads) return { rows: [], affected: Number(statement.run(...values).changes) };
    const rows = statement.all(...values);
    return { rows, affected: rows.length };
  }

  #prepare(sql: string): Prepared {
    let found = this.#prepared.get(sql);
    if (found) {
      this.#prepared.delete(sql);
    } else {
      const statement = this.#db.prepare(sql);
      found = { statement, reads: statement.columns().length > 0 };
      const oldest = this.#prepared.keys().next();
      if (this.#prepared.size >= CAPACITY && !oldest.done) this.#prepared.delete(oldest.value);
    }
    this.#prepared.set(sql, found);
    return found;
  }
}
