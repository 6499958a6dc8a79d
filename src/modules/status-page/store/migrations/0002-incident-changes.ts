import { createTable, integer, type Migration, text } from '../../../../platform/database/index.ts';

export const incidentChanges: Migration = {
  name: '0002-incident-changes',
  async up(db, engine) {
    await createTable(db, engine, 'status_page_change', {
      columns: { incident: integer(), version: integer(), at: text(), by: text(), change: text(), status: text() },
      primaryKey: ['incident', 'version'],
      references: [{ columns: ['incident'], table: 'status_page_incident', to: ['id'], onDelete: 'cascade' }],
    });
  },
};
