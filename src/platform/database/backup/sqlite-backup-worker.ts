import { closeSync, fsyncSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { countRows, type RowCounts, verifyCopy } from './verify-copy.ts';

/** Copying and reading back hundreds of megabytes, away from the thread that answers people. */

export interface BackupOrder {
  source: string;
  /** A new, empty file. */
  target: string;
}

export type BackupResult = { counts: RowCounts } | { failure: string };

/** Pages per step. The source is read in one snapshot, so writers go on meanwhile and do not start it anew. */
const PAGES = 1000;

async function copy({ source, target }: BackupOrder): Promise<RowCounts> {
  const from = new DatabaseSync(source, { timeout: 5000 });
  try {
    from.exec('PRAGMA query_only = ON; BEGIN');
    const expected = countRows(from);
    await backup(from, target, { rate: PAGES });
    from.exec('COMMIT');
    const found = verifyCopy(target);
    for (const [table, rows] of Object.entries(expected)) {
      if (found[table] !== rows) throw new Error(`the copy has ${found[table] ?? 0} of ${rows} rows of ${table}`);
    }
    const file = openSync(target, 'r+');
    fsyncSync(file);
    closeSync(file);
    return found;
  } finally {
    from.close();
  }
}

async function answer(): Promise<BackupResult> {
  try {
    return { counts: await copy(workerData as BackupOrder) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(await answer());
