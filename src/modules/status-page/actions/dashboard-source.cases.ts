import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after } from 'node:test';
import { Client } from 'pg';
import { freshAddress } from '../../../../test/support/databases.ts';

type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** The predecessor's tables as Flask-Migrate made them; `go` adds the columns of the later generation. */
function tables(engine: 'sqlite' | 'postgres', go: boolean): string[] {
  const [id, time, flag] =
    engine === 'sqlite'
      ? ['integer primary key', go ? 'datetime' : 'datetime', 'boolean']
      : ['serial primary key', go ? 'timestamp with time zone' : 'timestamp without time zone', 'boolean'];
  const ages = go ? `, created_at ${time}, modified_at ${time}, deleted_at ${time}` : '';
  const more = go
    ? ', type varchar(50), description varchar(1500), status varchar(50), created_by varchar(255), contact_email varchar(255), version integer'
    : '';
  return [
    `create table component (id ${id}, name text${ages})`,
    `create table component_attribute (id ${id}, component_id integer, name varchar(${engine === 'sqlite' ? 30 : 300}), value text)`,
    `create table incident (id ${id}, text text, start_date ${time}, end_date ${time}, impact smallint, system ${flag}${ages}${more})`,
    'create table incident_component_relation (incident_id integer, component_id integer, primary key (incident_id, component_id))',
    `create table incident_status (id ${id}, incident_id integer, timestamp ${time}, text text, status text${ages}${go ? ', created_by text, modified_by text' : ''})`,
  ];
}

export interface DashboardSource {
  address: string;
  insert(table: string, ...rows: Row[]): Promise<void>;
  run(statement: string): Promise<void>;
}

/** A database of the predecessor, removed when the test around the call ends. */
export async function dashboardSource(engine: 'sqlite' | 'postgres', go = false): Promise<DashboardSource> {
  const source = engine === 'sqlite' ? await sqliteSource() : await postgresSource();
  for (const statement of tables(engine, go)) await source.run(statement);
  return {
    ...source,
    insert: async (table, ...rows) => {
      for (let from = 0; from < rows.length; from += 500) {
        const some = rows.slice(from, from + 500);
        const columns = Object.keys(some[0] ?? {});
        const values = some.map(
          (row) => `(${columns.map((column) => literal(engine, row[column] ?? null, column)).join(', ')})`,
        );
        await source.run(`insert into ${table} (${columns.join(', ')}) values ${values.join(', ')}`);
      }
    },
  };
}

function literal(engine: 'sqlite' | 'postgres', value: Value, column: string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return column === 'system' && engine === 'postgres' ? String(value === 1) : String(value);
}

async function sqliteSource(): Promise<Omit<DashboardSource, 'insert'>> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-source-'));
  const address = join(folder, 'example.sqlite');
  const db = new DatabaseSync(address);
  after(async () => {
    db.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { address, run: async (statement) => db.exec(statement) };
}

async function postgresSource(): Promise<Omit<DashboardSource, 'insert'>> {
  const url = await freshAddress('postgres');
  const schema = new URL(url).searchParams.get('schema') ?? '';
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`set search_path to ${schema}`);
  after(() => client.end());
  // As SQLAlchemy is told which driver to use.
  const address = url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const run = async (statement: string): Promise<void> => {
    await client.query(statement);
  };
  return { address, run };
}
