import type { Kysely } from 'kysely';
import { createTable, integer, type Migration, nullable, text } from '../../database/index.ts';

type Engine = 'sqlite' | 'postgres';

export const createJournalTables: Migration = {
  name: '0001-journal',
  async up(db, engine) {
    await createEvents(db, engine);
    await createTable(db, engine, 'journal_cursor', {
      columns: { consumer: text(), xid: integer(), position: integer(), seen_at: text() },
      primaryKey: ['consumer'],
    });
    await createRetries(db, engine);
  },
};

async function createEvents(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'journal_event', {
    columns: {
      position: integer(),
      xid: integer(),
      id: text(),
      type: text(),
      key: text(),
      at: text(),
      payload: text(),
    },
    identity: 'position',
  });
  await db.schema.createIndex('journal_event_at').on('journal_event').column('at').execute();
  // On SQLite every xid is 0 and the primary key orders the events.
  if (engine === 'postgres') {
    await db.schema.createIndex('journal_event_order').on('journal_event').columns(['xid', 'position']).execute();
  }
  await createTable(db, engine, 'journal_origin', {
    columns: { id: integer(), xid_offset: integer() },
    primaryKey: ['id'],
  });
  await db
    .$extendTables<{ journal_origin: { id: number; xid_offset: number } }>()
    .insertInto('journal_origin')
    .values({ id: 1, xid_offset: 0 })
    .execute();
}

async function createRetries(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createTable(db, engine, 'journal_retry', {
    columns: {
      consumer: text(),
      position: integer(),
      xid: integer(),
      key: text(),
      attempts: integer(),
      next_at: nullable(text()),
      reason: nullable(text()),
    },
    primaryKey: ['consumer', 'position'],
  });
  await db.schema
    .createIndex('journal_retry_order')
    .on('journal_retry')
    .columns(['consumer', 'key', 'xid', 'position'])
    .execute();
  await db.schema.createIndex('journal_retry_event').on('journal_retry').column('position').execute();
  await createTable(db, engine, 'journal_dead_letter', {
    columns: {
      id: text(),
      consumer: text(),
      position: integer(),
      reason: text(),
      attempts: integer(),
      died_at: text(),
    },
    primaryKey: ['id'],
  });
  await db.schema.createIndex('journal_dead_letter_event').on('journal_dead_letter').column('position').execute();
}
