import { createTable, integer, type Migration, text } from '../../../../platform/database/index.ts';

export const trouble: Migration = {
  name: '0003-trouble',
  async up(db, engine) {
    await createTable(db, engine, 'status_page_trouble', {
      columns: { component: text(), impact: integer(), at: text() },
      primaryKey: ['component'],
    });
  },
};
