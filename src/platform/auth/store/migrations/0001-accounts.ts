import { createTable, integer, type Migration, nullable, text } from '../../../database/index.ts';

export const migration: Migration = {
  name: '0001-accounts',
  async up(db, engine) {
    await createTable(db, engine, 'auth_user', {
      columns: {
        id: text(),
        name: text(),
        name_folded: text(),
        email: nullable(text()),
        email_folded: nullable(text()),
        role: text(),
        password_hash: text(),
        must_change: integer(),
        disabled_at: nullable(text()),
        created_at: text(),
        password_changed_at: text(),
      },
      primaryKey: ['id'],
      unique: [['name_folded'], ['email_folded']],
    });
    const ofUser = [{ columns: ['user_id'] as const, table: 'auth_user', to: ['id'], onDelete: 'cascade' as const }];
    await createTable(db, engine, 'auth_session', {
      columns: {
        id: text(),
        secret_hash: text(),
        user_id: text(),
        address: text(),
        agent: text(),
        created_at: text(),
        last_seen_at: text(),
        expires_at: text(),
      },
      primaryKey: ['id'],
      unique: [['secret_hash']],
      references: ofUser,
    });
    await db.schema.createIndex('auth_session_user').on('auth_session').column('user_id').execute();
    await createTable(db, engine, 'auth_token', {
      columns: {
        id: text(),
        prefix: text(),
        secret_hash: text(),
        name: text(),
        scopes: text(),
        created_at: text(),
        created_by: text(),
        expires_at: nullable(text()),
        last_used_at: nullable(text()),
        revoked_at: nullable(text()),
      },
      primaryKey: ['id'],
      unique: [['prefix']],
    });
    await createTable(db, engine, 'auth_password_reset', {
      columns: {
        secret_hash: text(),
        user_id: text(),
        created_at: text(),
        expires_at: text(),
        used_at: nullable(text()),
      },
      primaryKey: ['secret_hash'],
      references: ofUser,
    });
    await db.schema.createIndex('auth_password_reset_user').on('auth_password_reset').column('user_id').execute();
  },
};
