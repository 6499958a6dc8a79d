import { sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * After rows were inserted with numbers of their own into an identity column: the next number is higher than all of
 * them. SQLite sees to that itself, PostgreSQL has to be told.
 */
export async function continueNumbers(tx: Tx, table: string, column: string): Promise<void> {
  if (tx.engine === 'sqlite') return;
  const highest = sql`select coalesce(max(${sql.ref(column)}), 0) from ${sql.table(table)}`;
  const sequence = sql`pg_get_serial_sequence(${table}, ${column})`;
  const next = sql<{ next: number }>`select nextval(${sequence}) as next`;
  const { rows } = await next.execute(tx.for<object>());
  await sql`select setval(${sequence}, greatest(${rows[0]?.next ?? 1}::bigint, (${highest})))`.execute(
    tx.for<object>(),
  );
}
