import { AppError } from '../../core/index.ts';
import type { Logger } from '../log/index.ts';
import type { OpenedDatabase, Queries } from './database.ts';
import type { Migration } from './migration.ts';
import {
  type AppliedMigration,
  addToRecord,
  makeRecord,
  RECORD_TABLE,
  readRecord,
  tableNames,
} from './migration-record.ts';
import type { SchemaPart } from './schema-part.ts';

export interface MigrateOptions {
  /** The program's version, written beside what it applied and named when an older program meets the database. */
  version?: string;
  log?: Logger;
}

export interface MigrationStatus {
  applied: AppliedMigration[];
  pending: { module: string; name: string }[];
}

const MIGRATION_TIMEOUT_MS = 10 * 60 * 1000;
const LOCK = 'signalbox.migrate';
const NAME = /^\d{4}-[a-z0-9]+(-[a-z0-9]+)*$/;

/** What was applied and what is missing. Refuses a database that this program must not touch. */
export async function migrationStatus(q: Queries, parts: readonly SchemaPart[]): Promise<MigrationStatus> {
  const applied = await appliedTo(q);
  const known = parts.flatMap((part) => ordered(part).map(({ name }) => ({ module: part.name, name })));
  refuseUnknown(applied, parts);
  return { applied, pending: known.filter((one) => !applied.some((other) => same(one, other))) };
}

/**
 * Brings the database up to date, one transaction per migration, while no other process does the same. Up to date
 * means that nothing is written. Resolves to what was applied.
 */
export async function migrate(
  db: OpenedDatabase,
  parts: readonly SchemaPart[],
  options: MigrateOptions = {},
): Promise<MigrationStatus['pending']> {
  const { pending } = await migrationStatus(db, parts);
  const done: MigrationStatus['pending'] = [];
  for (const next of pending) {
    const migration = find(parts, next);
    const won = await db.write(
      async (tx) => {
        await tx.lock(LOCK);
        // Another process may have been first while this one waited.
        const applied = await appliedTo(tx);
        if (applied.some((one) => same(one, next))) return false;
        if (applied.length === 0 && !(await tableNames(tx)).includes(RECORD_TABLE)) await makeRecord(tx);
        await migration.up(tx.for<unknown>(), tx.engine);
        const record = { ...next, appliedAt: db.clock.now(), version: options.version ?? 'unreleased' };
        await addToRecord(tx, record, applied.length + 1);
        return true;
      },
      { timeoutMs: MIGRATION_TIMEOUT_MS },
    );
    if (!won) continue;
    done.push(next);
    options.log?.info({ module: next.module, migration: next.name }, 'migration applied');
  }
  return done;
}

async function appliedTo(q: Queries): Promise<AppliedMigration[]> {
  const tables = await tableNames(q);
  if (tables.includes(RECORD_TABLE)) return await readRecord(q);
  if (tables.length === 0) return [];
  throw new AppError(
    'unavailable',
    `The database already holds tables (${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ', …' : ''}) but no ` +
      `${RECORD_TABLE}: it is not Signalbox's. Give Signalbox an empty database or a schema of its own.`,
  );
}

/** A database that a newer program has migrated is refused by that program's version. */
export function refuseUnknown(
  applied: readonly Pick<AppliedMigration, 'module' | 'name' | 'version'>[],
  parts: readonly SchemaPart[],
): void {
  const unknown = applied.find(
    ({ module, name }) =>
      !parts.some((part) => part.name === module && part.migrations.some((one) => one.name === name)),
  );
  if (!unknown) return;
  const { module, name, version } = unknown;
  throw new AppError(
    'unavailable',
    `The database holds the migration ${module}/${name}, brought by Signalbox ${version}, which this program does ` +
      `not know. Run Signalbox ${version} or newer, or restore a backup made before that update.`,
  );
}

function find(parts: readonly SchemaPart[], wanted: { module: string; name: string }): Migration {
  for (const part of parts) {
    const found = part.name === wanted.module && part.migrations.find(({ name }) => name === wanted.name);
    if (found) return found;
  }
  throw new Error(`There is no migration ${wanted.module}/${wanted.name}.`);
}

/** The order in the list is the order of application; names keep people from inserting one in the middle. */
function ordered(part: SchemaPart): readonly Migration[] {
  part.migrations.forEach(({ name }, place) => {
    const before = part.migrations[place - 1];
    if (!NAME.test(name)) throw new Error(`Migration ${part.name}/${name}: name it like 0001-what-it-does.`);
    if (before && before.name >= name)
      throw new Error(`Migration ${part.name}/${name} must come before ${before.name}.`);
  });
  return part.migrations;
}

function same(a: { module: string; name: string }, b: { module: string; name: string }): boolean {
  return a.module === b.module && a.name === b.name;
}
