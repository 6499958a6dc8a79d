import type { TableDeclarations } from './columns.ts';
import type { Migration } from './migration.ts';

/** What the migrator needs to know of a module or of a part of the platform that keeps tables. */
export interface SchemaPart {
  name: string;
  migrations: readonly Migration[];
  tables: TableDeclarations;
}
