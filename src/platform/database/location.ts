import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../core/index.ts';

/** Where a database is, as `database.url` says it. */
export type Location =
  | { engine: 'sqlite'; path: string; display: string }
  | { engine: 'postgres'; connectionString: string; schema: string | null; display: string };

const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** `display` never holds the password. */
export function parseLocation(url: string): Location {
  if (/^postgres(ql)?:\/\//.test(url)) return parsePostgres(url);
  const path = url.replace(/^sqlite:(\/\/)?/, '');
  if (path === '' || path.includes(':memory:') || /^[a-z]+:\/\//.test(path)) {
    throw new AppError(
      'invalid',
      'The database address must be a file path, sqlite:<path> or postgres://user@host/database.',
    );
  }
  return { engine: 'sqlite', path: resolve(path), display: resolve(path) };
}

/** False: nothing was ever kept there, and opening would make it. What may not be looked at, opening tells. */
export function isKept(url: string): boolean {
  const location = parseLocation(url);
  if (location.engine === 'postgres') return true;
  try {
    return statSync(location.path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function parsePostgres(text: string): Location {
  const url = URL.parse(text);
  if (url === null) {
    throw new AppError('invalid', 'The database address is not a valid URL: write postgres://user@host:5432/database.');
  }
  const schema = url.searchParams.get('schema');
  if (schema !== null && !SCHEMA.test(schema)) {
    throw new AppError('invalid', 'The schema in the database address may hold only a-z, 0-9 and _.');
  }
  url.searchParams.delete('schema');
  const where = `postgres://${url.host}${url.pathname}${schema === null ? '' : ` (schema ${schema})`}`;
  return { engine: 'postgres', connectionString: url.href, schema, display: where };
}
