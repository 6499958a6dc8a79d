import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../../core/index.ts';
import type { SourceRow, SourceRows } from '../domain/import-model.ts';

const TABLES = {
  components: 'component',
  attributes: 'component_attribute',
  incidents: 'incident',
  relations: 'incident_component_relation',
  updates: 'incident_status',
} as const;
const PARTS = Object.keys(TABLES) as (keyof typeof TABLES)[];

export interface Source {
  /** What it is called in the map of numbers: never a password. */
  name: string;
  rows: SourceRows;
}

/** Reads the predecessor's database, of any generation, in one read-only transaction. Nothing is ever written there. */
export async function readSource(address: string): Promise<Source> {
  const postgres = /^postgres(ql)?(\+\w+)?:\/\//.exec(address);
  if (postgres !== null) return await readPostgres(`postgres://${address.slice(postgres[0].length)}`);
  if (/^[a-z][a-z0-9+.]*:\/\//i.test(address) && !address.startsWith('sqlite:')) {
    throw new AppError(
      'invalid',
      'The predecessor ran on SQLite or PostgreSQL: name a file, or postgres://user@host/database.',
    );
  }
  // SQLAlchemy writes sqlite:///relative and sqlite:////absolute.
  return readSqlite(address.replace(/^sqlite:(\/\/\/?)?/, ''));
}

function readSqlite(path: string): Source {
  if (!existsSync(path)) throw new AppError('not_found', `There is no file ${path}.`);
  try {
    using db = new DatabaseSync(path, { readOnly: true });
    db.exec('begin');
    const read = (table: string): SourceRow[] => db.prepare(`select * from ${table}`).all();
    const rows = Object.fromEntries(PARTS.map((part) => [part, read(TABLES[part])])) as unknown as SourceRows;
    return { name: 'status-dashboard', rows };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readPostgres(address: string): Promise<Source> {
  const url = URL.parse(address);
  if (url === null)
    throw new AppError('invalid', 'That is no address of a database: postgres://user:password@host:5432/name.');
  const schema = url.searchParams.get('schema');
  url.searchParams.delete('schema');
  if (schema !== null && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new AppError('invalid', 'The schema in the address may hold only a-z, 0-9 and _.');
  }
  const { Client } = await import('pg');
  // Times stay text: as dates they would be read in the zone of this machine.
  const client = new Client({ connectionString: url.href, types: { getTypeParser: () => (text: unknown) => text } });
  try {
    await client.connect();
    await client.query('begin transaction isolation level repeatable read, read only');
    await client.query("set local time zone 'UTC'");
    if (schema !== null) await client.query(`set local search_path to ${schema}`);
    const rows: Partial<Record<keyof typeof TABLES, SourceRow[]>> = {};
    for (const part of PARTS)
      rows[part] = (await client.query<Record<string, unknown>>(`select * from ${TABLES[part]}`)).rows;
    return { name: 'status-dashboard', rows: rows as unknown as SourceRows };
  } catch (cause) {
    throw unreadable(`${url.host}${url.pathname}`, cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unreadable(what: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message.slice(0, 200) : '';
  return new AppError('invalid', `${what} cannot be read as a database of status-dashboard: ${reason}`, { cause });
}
