export type { Database, Queries, Tx } from './database.ts';
export { blob, type Column, integer, nullable, real, type TableDeclarations, type TablesOf, text } from './columns.ts';
export type { Migration } from './migration.ts';
