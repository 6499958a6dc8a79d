import { createTable, integer, type Migration, nullable, text } from '../../../database/index.ts';

export const migration: Migration = {
  name: '0001-audit',
  async up(db, engine) {
    await createTable(db, engine, 'audit_entry', {
      columns: {
        position: integer(),
        at: text(),
        actor: text(),
        actor_id: nullable(text()),
        action: text(),
        subject: text(),
        details: text(),
        previous_hash: text(),
        hash: text(),
      },
      primaryKey: ['position'],
    });
  },
};
