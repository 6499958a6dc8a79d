/** The portable column types; what they are on each engine stands in docs/adr (SQLite STRICT / PostgreSQL). */
export type ColumnType = 'text' | 'integer' | 'real' | 'blob';

export interface Column<T> {
  type: ColumnType;
  nullable: boolean;
  /** Never present at run time; it carries the column's TypeScript type. */
  readonly of?: T;
}

/** Text: ids, words, instants (ISO-8601 UTC), JSON. */
export function text<T extends string = string>(): Column<T> {
  return { type: 'text', nullable: false };
}
/** Whole numbers up to 2^53; booleans as 0 and 1. */
export function integer<T extends number = number>(): Column<T> {
  return { type: 'integer', nullable: false };
}
export function real(): Column<number> {
  return { type: 'real', nullable: false };
}
export function blob(): Column<Uint8Array> {
  return { type: 'blob', nullable: false };
}
export function nullable<T>(column: Column<T>): Column<T | null> {
  return { type: column.type, nullable: true };
}

/** The tables of one module, by full name: the source of their TypeScript types and of the check after migrating. */
export type TableDeclarations = Readonly<Record<string, Readonly<Record<string, Column<unknown>>>>>;

/** The Kysely table types of declared tables. */
export type TablesOf<D extends TableDeclarations> = {
  [T in keyof D]: { [C in keyof D[T]]: D[T][C] extends Column<infer V> ? V : never };
};
