import { addColumn, createTable, type Migration, nullable, text } from '../../../database/index.ts';

export const migration: Migration = {
  name: '0002-providers',
  async up(db, engine) {
    for (const name of ['issuer', 'subject']) {
      await addColumn(db, engine, 'auth_user', { name, column: nullable(text()) });
    }
    const index = db.schema.createIndex('auth_user_issuer_subject').on('auth_user').columns(['issuer', 'subject']);
    await index.unique().execute();
    for (const name of ['provider', 'id_token']) {
      await addColumn(db, engine, 'auth_session', { name, column: nullable(text()) });
    }
    await createTable(db, engine, 'auth_used_state', {
      columns: { state_hash: text(), used_at: text() },
      primaryKey: ['state_hash'],
    });
  },
};
