import { sql } from 'kysely';
import type { ColumnType, TableDeclarations } from './columns.ts';
import type { Queries } from './database.ts';
import { RECORD_TABLE, recordTables, tableNames } from './migration-record.ts';
import type { SchemaPart } from './schema-part.ts';

export interface FoundColumn {
  name: string;
  /** null: a type our tables never have. */
  type: ColumnType | null;
  nullable: boolean;
}

const POSTGRES_TYPES: Readonly<Record<string, ColumnType>> = {
  text: 'text',
  bigint: 'integer',
  'double precision': 'real',
  bytea: 'blob',
};
const SQLITE_TYPES: readonly string[] = ['text', 'integer', 'real', 'blob'] satisfies ColumnType[];

/**
 * Compares the tables that the parts declare with those the migrations made. Resolves to one sentence per difference;
 * an empty list means that types and database agree.
 */
export async function checkSchema(q: Queries, parts: readonly SchemaPart[]): Promise<string[]> {
  const declared = allTables(parts);
  const found = await tableNames(q);
  const differences = found
    .filter((table) => !Object.hasOwn(declared, table))
    .map((table) => `The table ${table} is in the database but nobody declares it.`);
  for (const [table, columns] of Object.entries(declared)) {
    if (!found.includes(table)) {
      if (table !== RECORD_TABLE || found.length > 0) differences.push(`The table ${table} is declared but missing.`);
      continue;
    }
    differences.push(...compare(table, columns, await columnsOf(q, table)));
    if (q.engine === 'sqlite' && !(await isStrict(q, table))) differences.push(`The table ${table} is not STRICT.`);
  }
  return differences.sort();
}

function allTables(parts: readonly SchemaPart[]): TableDeclarations {
  return Object.fromEntries(
    [recordTables, ...parts.map(({ tables }) => tables)].flatMap((tables) => Object.entries(tables)),
  );
}

/** In the table's order. */
export async function columnsOf(q: Queries, table: string): Promise<FoundColumn[]> {
  if (q.engine === 'sqlite') {
    const { rows } = await sql<{ name: string; type: string; required: number }>`
      select name, lower(type) as type, "notnull" as required from pragma_table_xinfo(${table}) order by cid`.execute(
      q.for<unknown>(),
    );
    return rows.map(({ name, type, required }) => ({ name, type: sqliteType(type), nullable: required === 0 }));
  }
  const { rows } = await sql<{ name: string; type: string; collation: string | null; nullable: string }>`
    select column_name as name, data_type as type, collation_name as collation, is_nullable as nullable
    from information_schema.columns where table_schema = current_schema() and table_name = ${table}
    order by ordinal_position`.execute(q.for<unknown>());
  return rows.map(({ name, type, collation, nullable }) => ({
    name,
    type: type === 'text' && collation !== 'C' ? null : (POSTGRES_TYPES[type] ?? null),
    nullable: nullable === 'YES',
  }));
}

function compare(table: string, declared: TableDeclarations[string], found: readonly FoundColumn[]): string[] {
  const differences: string[] = [];
  for (const { name, type, nullable } of found) {
    const column = declared[name];
    if (!column) differences.push(`The column ${table}.${name} is in the database but not declared.`);
    else if (column.type !== type) {
      differences.push(`The column ${table}.${name} is declared as ${column.type} and is ${type ?? 'something else'}.`);
    } else if (column.nullable !== nullable) {
      differences.push(
        `The column ${table}.${name} is ${nullable ? '' : 'not '}nullable in the database, not as declared.`,
      );
    }
  }
  for (const name of Object.keys(declared)) {
    if (!found.some((column) => column.name === name)) {
      differences.push(`The column ${table}.${name} is declared but missing.`);
    }
  }
  return differences;
}

function sqliteType(type: string): ColumnType | null {
  return SQLITE_TYPES.includes(type) ? (type as ColumnType) : null;
}

async function isStrict(q: Queries, table: string): Promise<boolean> {
  const { rows } = await sql<{ strict: number }>`
    select strict from pragma_table_list where schema = 'main' and name = ${table}`.execute(q.for<unknown>());
  return rows[0]?.strict === 1;
}
