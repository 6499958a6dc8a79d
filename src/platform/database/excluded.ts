import { type RawBuilder, sql } from 'kysely';

/**
 * For an insert of many rows that replaces what is there: every column takes the value of the row that was not
 * inserted, except the columns named. `row` is any of the rows.
 */
export function excludedBut<R extends object, K extends keyof R & string>(
  row: R,
  ...columns: K[]
): Record<Exclude<keyof R & string, K>, RawBuilder<never>> {
  const kept = Object.keys(row).filter((column) => !columns.includes(column as K));
  const entries = kept.map((column) => [column, sql<never>`excluded.${sql.ref(column)}`]);
  return Object.fromEntries(entries) as Record<Exclude<keyof R & string, K>, RawBuilder<never>>;
}
