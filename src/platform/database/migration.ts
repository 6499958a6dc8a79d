import type { Kysely } from 'kysely';

/** One step of one module's schema; never edited after a release. */
export interface Migration {
  /** `0001-signals`: four digits, then what it does. */
  name: string;
  /** Runs inside the migrator's transaction. Use `createTable` of platform/database so that SQLite tables are STRICT. */
  up(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void>;
}
