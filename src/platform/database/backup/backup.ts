import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../core/index.ts';
import type { OpenedDatabase } from '../database.ts';
import type { Location } from '../location.ts';
import { createPartial, exists, moveInPlace } from './backup-files.ts';
import { runTool, runToolOnFile } from './postgres-tools.ts';
import type { BackupOrder, BackupResult } from './sqlite-backup-worker.ts';

export interface Backup {
  path: string;
  bytes: number;
  tables: number;
  /** null on PostgreSQL, whose dump is checked by its table of contents. */
  rows: number | null;
}

/**
 * Writes a verified backup of the running database to a new file, without holding up readers or writers. The file has
 * its name only when it is whole and on the disk.
 */
export async function backup(db: OpenedDatabase, target: string, signal?: AbortSignal): Promise<Backup> {
  const path = resolve(target);
  if (await exists(path)) {
    throw new AppError('conflict', `${path} exists already; a backup never overwrites. Choose another name.`);
  }
  const partial = await createPartial(path);
  try {
    const { location } = db;
    const found =
      location.engine === 'sqlite'
        ? await copySqlite({ source: location.path, target: partial }, signal)
        : await dumpPostgres(location, partial, signal);
    await moveInPlace(partial, path);
    return { path, bytes: (await stat(path)).size, ...found };
  } finally {
    await rm(partial, { force: true });
    await rm(`${partial}-journal`, { force: true });
  }
}

async function copySqlite(order: BackupOrder, signal?: AbortSignal): Promise<{ tables: number; rows: number }> {
  signal?.throwIfAborted();
  const file = import.meta.url.endsWith('.ts') ? './sqlite-backup-worker.ts' : './sqlite-backup-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: order, execArgv: [] });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const result = await new Promise<BackupResult>((done, fail) => {
      worker.once('message', done);
      worker.once('error', fail);
      worker.once('exit', () => done({ failure: 'it was stopped' }));
    });
    if ('failure' in result) throw new AppError('unavailable', `The backup was not made: ${result.failure}.`);
    const counts = Object.values(result.counts);
    return { tables: counts.length, rows: counts.reduce((sum, rows) => sum + rows, 0) };
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

async function dumpPostgres(
  location: Location & { engine: 'postgres' },
  target: string,
  signal?: AbortSignal,
): Promise<{ tables: number; rows: null }> {
  const schema = location.schema ?? 'public';
  await runTool(
    'pg_dump',
    location,
    ['--format=custom', '--no-owner', '--no-acl', `--schema=${schema}`, `--file=${target}`],
    signal,
  );
  const contents = await runToolOnFile('pg_restore', ['--list', target]);
  const tables = contents.split('\n').filter((line) => / TABLE DATA /.test(line)).length;
  if (tables === 0)
    throw new AppError('unavailable', `The backup was not made: the dump of schema ${schema} holds no tables.`);
  return { tables, rows: null };
}
