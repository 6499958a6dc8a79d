export { blob, type Column, integer, nullable, real, type TableDeclarations, type TablesOf, text } from './columns.ts';
export { addColumn, createTable, type TableShape } from './create-table.ts';
export type { Database, OpenedDatabase, Queries, Tx } from './database.ts';
export { DatabaseError, isUniqueViolation } from './database-error.ts';
export { type MigrationStatus, migrate, migrationStatus } from './migrate.ts';
export type { Migration } from './migration.ts';
export { openDatabase } from './open-database.ts';
export type { SchemaPart } from './schema-part.ts';
