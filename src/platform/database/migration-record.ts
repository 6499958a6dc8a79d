import { sql } from 'kysely';
import { integer, type TableDeclarations, type TablesOf, text } from './columns.ts';
import { createTable } from './create-table.ts';
import type { Queries, Tx } from './database.ts';

/** Which migrations a database has seen, and which version of the program brought each. */
export const RECORD_TABLE = 'signalbox_migration';

export const recordTables = {
  [RECORD_TABLE]: { sequence: integer(), module: text(), name: text(), applied_at: text(), version: text() },
} satisfies TableDeclarations;

type RecordTables = TablesOf<typeof recordTables>;

export interface AppliedMigration {
  module: string;
  name: string;
  appliedAt: string;
  version: string;
}

export async function tableNames(q: Queries): Promise<string[]> {
  const found =
    q.engine === 'sqlite'
      ? await sql<{
          name: string;
        }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite~_%' escape '~' order by name`.execute(
          q.for<unknown>(),
        )
      : await sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = current_schema() order by table_name`.execute(
          q.for<unknown>(),
        );
  return found.rows.map((row) => row.name);
}

/** Oldest first. */
export async function readRecord(q: Queries): Promise<AppliedMigration[]> {
  return await q
    .for<RecordTables>()
    .selectFrom(RECORD_TABLE)
    .select(['module', 'name', 'applied_at as appliedAt', 'version'])
    .orderBy('sequence')
    .execute();
}

export async function makeRecord(tx: Tx): Promise<void> {
  await createTable(tx.for<unknown>(), tx.engine, RECORD_TABLE, {
    columns: recordTables[RECORD_TABLE],
    primaryKey: ['module', 'name'],
    unique: [['sequence']],
  });
}

export async function addToRecord(tx: Tx, applied: AppliedMigration, sequence: number): Promise<void> {
  const { module, name, appliedAt, version } = applied;
  await tx
    .for<RecordTables>()
    .insertInto(RECORD_TABLE)
    .values({ sequence, module, name, applied_at: appliedAt, version })
    .execute();
}
