import { AppError } from '../../../core/index.ts';
import { DatabaseError, type Violation } from '../database-error.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const VIOLATIONS: Readonly<Record<string, Violation>> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '23502': 'not_null',
  '23514': 'check',
  '22P02': 'type',
};

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOENT',
]);
const RETRY_AFTER_SECONDS = 5;

/** A unit that failed for one of these does the same again and then mostly succeeds. */
const REPEATABLE = new Set(['40001', '40P01']);

export function isRepeatable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof DatabaseError && REPEATABLE.has(at.engineCode)) return true;
  }
  return false;
}

/** `where` is the address without its password. */
export function postgresError(error: unknown, where: string, sql = ''): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const unusable = unusableBecause(code, error.message);
  if (unusable) {
    const message = `The database ${where} ${unusable}`;
    return new AppError('unavailable', message, { retryAfter: RETRY_AFTER_SECONDS, cause: error });
  }
  if (!/^[0-9A-Z]{5}$/.test(code)) return error;
  return new DatabaseError(error.message, {
    violation: VIOLATIONS[code] ?? 'other',
    sql,
    engineCode: code,
    cause: error,
  });
}

function unusableBecause(code: string, message: string): string | null {
  if (
    UNREACHABLE.has(code) ||
    code.startsWith('08') ||
    /connection (terminated|ended|timeout)|timeout exceeded/i.test(message)
  ) {
    return 'cannot be reached: check that the server runs and that database.url is right.';
  }
  if (code.startsWith('28')) return 'refuses the user or password of database.url.';
  if (code === '3D000') return 'does not exist: create it, or correct database.url.';
  if (code === '53100') return 'has no disk space left: free some; writing then goes on by itself.';
  if (code === '53300') return 'has no free connection: raise max_connections or stop other clients.';
  if (code === '57014') return 'took too long for a statement and ended it.';
  if (code === '25006') return 'is read-only: it may be a standby; point database.url at the primary.';
  if (code.startsWith('53') || code.startsWith('57P')) return 'is short of resources, starting or shutting down.';
  return null;
}

/** What a connection calls itself: how restore finds out whether somebody uses the database. */
export function applicationName(schema: string | null): string {
  return schema === null ? 'signalbox' : `signalbox/${schema}`;
}
