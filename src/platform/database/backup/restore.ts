import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, type Clock } from '../../../core/index.ts';
import { type Location, parseLocation } from '../location.ts';
import type { SchemaPart } from '../schema-part.ts';
import { checkFile } from '../sqlite/check-file.ts';
import { copyExclusively, exists, lstatOrNull, syncFolder } from './backup-files.ts';
import { refuseNewerCopy, verifyCopy } from './verify-copy.ts';

export interface RestoreOptions {
  /** Where to: the configured database address. */
  url: string;
  /** The backup. */
  source: string;
  /** Replace what is there. SQLite: the old file stays beside it under another name. */
  force: boolean;
  /** What this program knows, to refuse a backup made by a newer one. */
  parts: readonly SchemaPart[];
  clock: Clock;
}

export interface Restored {
  /** Where the replaced database went; null when there was none, or on PostgreSQL. */
  keptAs: string | null;
}

/** Puts a backup in the place of the configured database. Nothing is touched before the backup has been read whole. */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const source = resolve(options.source);
  const found = await lstatOrNull(source);
  if (found === null) throw new AppError('not_found', `There is no file ${source}.`);
  if (!found.isFile())
    throw new AppError('invalid', `${source} is not a plain file. Name the backup itself, not a link or folder.`);
  const location = parseLocation(options.url);
  if (location.engine === 'postgres') {
    // The driver is loaded only where it is used.
    const { restorePostgres } = await import('./restore-postgres.ts');
    await restorePostgres(location, source, options.force);
    return { keptAs: null };
  }
  return { keptAs: await restoreSqlite(location, source, options) };
}

async function restoreSqlite(
  { path }: Location & { engine: 'sqlite' },
  source: string,
  { force, parts, clock }: RestoreOptions,
): Promise<string | null> {
  if (source === path) throw new AppError('invalid', `${source} is the database itself. Name a backup of it.`);
  if (((await lstatOrNull(`${source}-wal`))?.size ?? 0) > 0) {
    throw new AppError('invalid', `${source} is a database in use, not a backup: make one with signalbox backup.`);
  }
  const present = await exists(path);
  if (present && !force) {
    throw new AppError(
      'conflict',
      `${path} exists. To replace it, stop Signalbox and repeat with --force; it is kept under another name.`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  checkFile(source);
  const copy = `${path}.restoring-${randomBytes(4).toString('hex')}`;
  try {
    // What is verified is the copy: it is what will be in place, whatever happens to the source meanwhile.
    await copyExclusively(source, copy);
    verifyCopy(copy);
    refuseNewerCopy(copy, parts);
    const keptAs = present ? await setAside(path, clock) : null;
    await rename(copy, path);
    await syncFolder(dirname(path));
    return keptAs;
  } finally {
    await rm(copy, { force: true });
  }
}

async function setAside(path: string, clock: Clock): Promise<string> {
  refuseInUse(path);
  const kept = `${path}.before-restore-${clock.now().replaceAll(/[-:.]/g, '')}`;
  for (const suffix of ['-wal', '-shm']) {
    if (await exists(`${path}${suffix}`)) await rename(`${path}${suffix}`, `${kept}${suffix}`);
  }
  await rename(path, kept);
  return kept;
}

/** Leaving the log mode needs every other connection closed, so it tells whether a server or a command is running. */
function refuseInUse(path: string): void {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (code === BUSY || code === LOCKED) {
      throw new AppError('unavailable', `The database ${path} is in use. Stop Signalbox first.`, { cause: error });
    }
    // A damaged database is what one restores over; it cannot be in use.
  } finally {
    db?.close();
  }
}

const BUSY = 5;
const LOCKED = 6;
