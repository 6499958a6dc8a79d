import { createTable, integer, type Migration, nullable, text } from '../../../../platform/database/index.ts';

const SUBSCRIPTION = {
  id: text(),
  kind: text(),
  target: text(),
  target_hash: text(),
  secrets: text(),
  owner_email: nullable(text()),
  owner_hash: text(),
  language: text(),
  filter: text(),
  state: text(),
  confirm_hash: nullable(text()),
  confirm_until: nullable(text()),
  manage_token: text(),
  created_at: text(),
  created_by: text(),
  confirmed_at: nullable(text()),
  disabled_at: nullable(text()),
  disabled_reason: nullable(text()),
  ended_at: nullable(text()),
};

const THREAD = {
  subscription: text(),
  incident: integer(),
  said: text(),
  opened_at: nullable(text()),
  closed_at: nullable(text()),
  told_version: integer(),
  told_update: integer(),
  title: text(),
};

const DELIVERY = {
  id: text(),
  subscription: text(),
  incident: nullable(integer()),
  version: integer(),
  type: text(),
  created_at: text(),
  next_at: text(),
  state: text(),
  attempts: integer(),
  locked_until: nullable(text()),
  last_error: nullable(text()),
  sent_at: nullable(text()),
  payload: nullable(text()),
  carrier: nullable(text()),
};

const ofSubscription = {
  columns: ['subscription'],
  table: 'status_page_subscription',
  to: ['id'],
  onDelete: 'cascade',
} as const;

export const subscriptions: Migration = {
  name: '0005-subscriptions',
  async up(db, engine) {
    await createTable(db, engine, 'status_page_subscription', {
      columns: SUBSCRIPTION,
      primaryKey: ['id'],
      unique: [['manage_token'], ['confirm_hash']],
    });
    await createTable(db, engine, 'status_page_thread', {
      columns: THREAD,
      primaryKey: ['subscription', 'incident'],
      references: [
        ofSubscription,
        { columns: ['incident'], table: 'status_page_incident', to: ['id'], onDelete: 'cascade' },
      ],
    });
    await createTable(db, engine, 'status_page_delivery', {
      columns: DELIVERY,
      primaryKey: ['id'],
      references: [ofSubscription],
    });
    const indexes: [string, string, string[]][] = [
      ['status_page_subscription_state', 'status_page_subscription', ['state']],
      ['status_page_subscription_target', 'status_page_subscription', ['target_hash']],
      ['status_page_subscription_owner', 'status_page_subscription', ['owner_hash']],
      ['status_page_thread_incident', 'status_page_thread', ['incident']],
      ['status_page_delivery_state', 'status_page_delivery', ['state', 'next_at']],
      ['status_page_delivery_subscription', 'status_page_delivery', ['subscription', 'state']],
      ['status_page_delivery_incident', 'status_page_delivery', ['incident', 'state']],
    ];
    for (const [name, table, columns] of indexes) {
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
  },
};
