import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { columnsOf } from './check-schema.ts';
import type { Queries } from './database.ts';
import { migrate } from './migrate.ts';
import { RECORD_TABLE } from './migration-record.ts';
import { openDatabase } from './open-database.ts';
import type { SchemaPart } from './schema-part.ts';

const INTRODUCTION = `# Data model

Generated from a database that all migrations were applied to; \`npm run generate\` writes it anew. Each part owns its
tables, named after it; no foreign key and no join crosses parts. Types are those of SQLite's STRICT tables; on
PostgreSQL \`integer\` is \`bigint\`, \`real\` is \`double precision\`, \`blob\` is \`bytea\` and \`text\` compares by code
point. Instants are ISO-8601 UTC text, truths are 0 or 1, lists and objects are JSON in text.
`;

/** docs/data-model.md: one diagram per part, drawn from the migrated database rather than from the declarations. */
export async function dataModelPage(parts: readonly SchemaPart[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-model-'));
  const db = await openDatabase({ url: join(folder, 'model.sqlite') });
  try {
    await migrate(db, parts);
    const sections = [INTRODUCTION, await section(db, 'migrations', [RECORD_TABLE])];
    for (const { name, tables } of parts) {
      if (Object.keys(tables).length > 0) sections.push(await section(db, name, Object.keys(tables)));
    }
    return sections.join('\n');
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function section(q: Queries, part: string, tables: readonly string[]): Promise<string> {
  const lines = [`## ${part}`, '', '```mermaid', 'erDiagram'];
  for (const table of tables) {
    const keys = await keysOf(q, table);
    lines.push(`  ${table} {`);
    for (const { name, type, nullable } of await columnsOf(q, table)) {
      const marks = [keys.primary.has(name) ? 'PK' : '', keys.foreign.has(name) ? 'FK' : ''].filter(Boolean).join(', ');
      lines.push(`    ${[type ?? 'unknown', name, marks, nullable ? '"nullable"' : ''].filter(Boolean).join(' ')}`);
    }
    lines.push('  }');
    for (const [column, target] of keys.foreign) lines.push(`  ${target} ||--o{ ${table} : "${column}"`);
  }
  return `${[...lines, '```'].join('\n')}\n`;
}

async function keysOf(q: Queries, table: string): Promise<{ primary: Set<string>; foreign: Map<string, string> }> {
  const primary = await sql<{ name: string }>`select name from pragma_table_info(${table}) where pk > 0`.execute(
    q.for<unknown>(),
  );
  const foreign = await sql<{ name: string; target: string }>`
    select "from" as name, "table" as target from pragma_foreign_key_list(${table}) order by id desc, seq`.execute(
    q.for<unknown>(),
  );
  return {
    primary: new Set(primary.rows.map(({ name }) => name)),
    foreign: new Map(foreign.rows.map(({ name, target }) => [name, target])),
  };
}
