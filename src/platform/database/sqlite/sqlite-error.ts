import { AppError } from '../../../core/index.ts';
import { DatabaseError, type Violation } from '../database-error.ts';

/** What crosses the thread boundary of an error of node:sqlite. */
export interface SqliteFailure {
  message: string;
  /** Extended result code; 0 when SQLite had no part in it. */
  errcode: number;
}

export function sqliteFailure(error: unknown): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  const errcode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return { message, errcode };
}

// https://www.sqlite.org/rescode.html
const PRIMARY = 0xff;
const VIOLATIONS: Readonly<Record<number, Violation>> = {
  2067: 'unique',
  1555: 'unique',
  2579: 'unique',
  787: 'foreign_key',
  1299: 'not_null',
  275: 'check',
  3091: 'type',
};

const UNUSABLE: Readonly<Record<number, (path: string) => string>> = {
  5: (path) => `The database ${path} is locked by another process. End it, or wait; this is tried again by itself.`,
  6: (path) => `The database ${path} is locked by another process. End it, or wait; this is tried again by itself.`,
  8: (path) => `The database ${path} cannot be written: make the file and its folder writable for this user.`,
  10: (path) => `The disk under the database ${path} fails to read or write. Look at the system log.`,
  11: (path) => `The database ${path} is damaged. Stop Signalbox and restore a backup: signalbox restore <file>.`,
  13: (path) => `The disk under the database ${path} is full. Free some space; writing then goes on by itself.`,
  14: (path) => `The database ${path} cannot be opened: check that its folder exists and is writable for this user.`,
  26: (path) => `The file ${path} is not a Signalbox database. Check database.url, or restore a backup over it.`,
};

const RETRY_AFTER_SECONDS = 5;

/** The error a caller gets for a failure of the file or of a statement. */
export function sqliteError(failure: SqliteFailure, path: string, sql = ''): AppError | DatabaseError {
  const unusable = UNUSABLE[failure.errcode & PRIMARY];
  if (unusable) {
    return new AppError('unavailable', unusable(path), {
      retryAfter: RETRY_AFTER_SECONDS,
      cause: new Error(`${failure.message} (SQLite ${failure.errcode})`),
    });
  }
  return new DatabaseError(failure.message, {
    violation: VIOLATIONS[failure.errcode] ?? 'other',
    sql,
    engineCode: String(failure.errcode),
  });
}
