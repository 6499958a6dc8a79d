import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import type { Clock } from '../../src/core/index.ts';
import { type OpenedDatabase, openDatabase, type SchemaPart } from '../../src/platform/database/index.ts';
import { copyMigratedFile, createMigratedDatabase, removeOwnTemplates, tellServer } from './migrated-database.ts';

export interface TestDatabaseOptions {
  /** Migrated before the database is handed over: it is a copy of one that was. */
  parts?: readonly SchemaPart[];
  clock?: Clock;
  unitTimeoutMs?: number;
}

/** A new database, closed and removed when the test or suite around the call ends. */
export type OpenTestDatabase = (options?: TestDatabaseOptions) => Promise<OpenedDatabase>;

type Engine = 'sqlite' | 'postgres';

const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];
after(() => removeOwnTemplates(POSTGRES));

/**
 * The same cases over SQLite (a file in a temporary folder) and PostgreSQL (a schema or a database of its own on the
 * server that SIGNALBOX_TEST_POSTGRES names). Without a server the second half is skipped, except with CI=true, where it fails.
 */
export function eachDatabase(cases: (open: OpenTestDatabase, engine: Engine) => void): void {
  describe('on SQLite', () => cases(opener('sqlite'), 'sqlite'));
  const missing = POSTGRES === undefined && process.env['CI'] !== 'true';
  const skip = missing && 'SIGNALBOX_TEST_POSTGRES names no server';
  describe('on PostgreSQL', { skip }, () => cases(opener('postgres'), 'postgres'));
}

/** For suites about something else: a migrated SQLite file. */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<OpenedDatabase> {
  return await opener('sqlite')(options);
}

/** An address nobody uses yet, for tests that open it themselves; what is there at the end of the suite is removed. */
export async function freshAddress(engine: Engine): Promise<string> {
  const { url, remove } = await addresses[engine]();
  after(remove);
  return url;
}

/** As `freshAddress`, for a `before` hook, at whose end its own `after` would already run: the caller removes it. */
export async function ownAddress(engine: Engine): Promise<Address> {
  return await addresses[engine]();
}

interface Address {
  url: string;
  remove(): Promise<void>;
}

const addresses: Record<Engine, () => Promise<Address>> = { sqlite: freshFile, postgres: freshSchema };
const migrated: Record<Engine, (parts: readonly SchemaPart[]) => Promise<Address>> = {
  sqlite: async (parts) => {
    const { url, remove } = await freshFile();
    await copyMigratedFile(parts, url.slice('sqlite:'.length));
    return { url, remove };
  },
  postgres: (parts) => createMigratedDatabase(server(), parts),
};

function opener(engine: Engine): OpenTestDatabase {
  return async ({ parts, ...options } = {}) => {
    const { url, remove } = await (parts ? migrated[engine](parts) : addresses[engine]());
    const db = await openDatabase({ url, ...options });
    after(async () => {
      await db.close();
      await remove();
    });
    return db;
  };
}

async function freshFile(): Promise<Address> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  const url = `sqlite:${join(folder, 'signalbox.sqlite')}`;
  return { url, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function freshSchema(): Promise<Address> {
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const tell = (statement: string) => tellServer(server(), statement);
  await tell(`create schema ${schema}`);
  const url = new URL(server());
  url.searchParams.set('schema', schema);
  return { url: url.href, remove: () => tell(`drop schema if exists ${schema} cascade`) };
}

function server(): string {
  if (POSTGRES === undefined) throw new Error('Set SIGNALBOX_TEST_POSTGRES to the URL of a PostgreSQL server.');
  return POSTGRES;
}
