import { type Clock, systemClock } from '../../core/index.ts';
import type { Logger } from '../log/index.ts';
import type { OpenedDatabase } from './database.ts';
import { parseLocation } from './location.ts';
import { openSqlite } from './sqlite/sqlite-database.ts';

export interface OpenOptions {
  /** `sqlite:<path>`, a plain path, or `postgres://…` with an optional `?schema=<name>`. */
  url: string;
  clock?: Clock;
  log?: Logger;
  /** How long a write waits for another process before it is refused as unavailable. */
  busyTimeoutMs?: number;
  /** How long one unit may take; a migration asks for more itself. */
  unitTimeoutMs?: number;
}

const BUSY_TIMEOUT_MS = 5_000;
const UNIT_TIMEOUT_MS = 10_000;

/** Opens the database, or says by name why it cannot. It is not migrated yet. */
export async function openDatabase(options: OpenOptions): Promise<OpenedDatabase> {
  const location = parseLocation(options.url);
  const settings = {
    clock: options.clock ?? systemClock,
    log: options.log,
    busyTimeoutMs: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    unitTimeoutMs: options.unitTimeoutMs ?? UNIT_TIMEOUT_MS,
  };
  if (location.engine === 'sqlite') return await openSqlite({ ...settings, location });
  const { openPostgres } = await import('./postgres/postgres-database.ts');
  return await openPostgres({ ...settings, location });
}
