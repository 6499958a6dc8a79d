import {
  addColumn,
  createTable,
  integer,
  type Migration,
  nullable,
  text,
} from '../../../../platform/database/index.ts';

export const catalogTables: Migration = {
  name: '0004-catalog',
  async up(db, engine) {
    await createTable(db, engine, 'status_page_dependency', {
      columns: { component: text(), depends_on: text(), propagate: nullable(text()), position: integer() },
      primaryKey: ['component', 'depends_on'],
    });
    await createTable(db, engine, 'status_page_watch', {
      columns: { component: text(), since: text() },
      primaryKey: ['component'],
    });
    await addColumn(db, engine, 'status_page_import', { name: 'fingerprint', column: nullable(text()) });
    await addColumn(db, engine, 'status_page_import', { name: 'version', column: nullable(integer()) });
  },
};
