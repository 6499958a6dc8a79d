import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../core/index.ts';
import type { OpenedDatabase } from './database.ts';

const BUSY = 5;

/** A connection that nothing points to is closed by the garbage collector, and with it the lock would go. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the only one that serves from a SQLite file until what it returns is called. The lock is SQLite's
 * own, on an empty file beside it, so the kernel drops it whatever way the process ends; commands do not ask for it.
 * PostgreSQL is made for several.
 */
export function holdAlone({ location }: Pick<OpenedDatabase, 'location'>): () => void {
  if (location.engine === 'postgres') return () => undefined;
  const lock = new DatabaseSync(`${location.path}.serving`, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
    if (code !== BUSY) throw cause;
    const folder = dirname(location.path);
    throw new AppError(
      'conflict',
      `Another Signalbox serves from the folder ${folder}. Stop it, or name another with data.folder or SIGNALBOX_DATA.`,
      { cause },
    );
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}
