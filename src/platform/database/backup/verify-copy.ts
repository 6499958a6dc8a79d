import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../../core/index.ts';
import { refuseUnknown } from '../migrate.ts';
import type { SchemaPart } from '../schema-part.ts';

/** How many rows each table has. */
export type RowCounts = Readonly<Record<string, number>>;

/** Ours has neither; in a file from elsewhere they would run with our rights. */
const UNEXPECTED = ['trigger', 'view'];

export function countRows(db: DatabaseSync): RowCounts {
  const tables = db.prepare(`select name from sqlite_schema where type = 'table' order by name`).all();
  return Object.fromEntries(
    tables.map(({ name }) => {
      const quoted = `"${String(name).replaceAll('"', '""')}"`;
      return [String(name), Number(db.prepare(`select count(*) as rows from ${quoted}`).get()?.['rows'])];
    }),
  );
}

/** Reads a copy from end to end; throws an `AppError` that says what is wrong with it. Leaves it a single file. */
export function verifyCopy(path: string): RowCounts {
  try {
    const db = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: false, defensive: true });
    try {
      db.exec('PRAGMA trusted_schema = OFF');
      // A copy keeps the mark of its source's log mode, in which SQLite would put two more files beside it.
      db.exec('PRAGMA journal_mode = DELETE');
      refuseForeignSchema(db, path);
      const [integrity] = db.prepare('PRAGMA integrity_check(1)').all();
      if (integrity?.['integrity_check'] !== 'ok') throw damaged(path, String(integrity?.['integrity_check']));
      if (db.prepare('PRAGMA foreign_key_check').all().length > 0) throw damaged(path, 'rows refer to missing rows');
      return countRows(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(path, error instanceof Error ? error.message : String(error));
  }
}

function refuseForeignSchema(db: DatabaseSync, path: string): void {
  const found = db.prepare('select type, name from sqlite_schema').all();
  const foreign = found.find(({ type }) => UNEXPECTED.includes(String(type)));
  if (foreign) throw damaged(path, `it holds the ${String(foreign['type'])} ${String(foreign['name'])}`);
  if (!found.some(({ name }) => name === 'signalbox_migration')) throw damaged(path, 'it has no signalbox_migration');
}

function damaged(path: string, why: string): AppError {
  return new AppError('invalid', `${path} is not a whole Signalbox database (${why}). Use another backup.`);
}

/** Refuses a verified copy that a newer program has migrated. */
export function refuseNewerCopy(path: string, parts: readonly SchemaPart[]): void {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    const rows = db.prepare('select module, name, version from signalbox_migration order by sequence').all();
    refuseUnknown(
      rows.map(({ module, name, version }) => ({
        module: String(module),
        name: String(name),
        version: String(version),
      })),
      parts,
    );
  } finally {
    db.close();
  }
}
