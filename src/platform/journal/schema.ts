import { integer, nullable, type SchemaPart, type TablesOf, text } from '../database/index.ts';
import { journalMigrations } from './migrations/index.ts';

export const journalTables = {
  journal_event: {
    position: integer(),
    xid: integer(),
    id: text(),
    type: text(),
    key: text(),
    at: text(),
    payload: text(),
  },
  journal_origin: { id: integer(), xid_offset: integer() },
  journal_cursor: { consumer: text(), xid: integer(), position: integer(), seen_at: text() },
  journal_retry: {
    consumer: text(),
    position: integer(),
    xid: integer(),
    key: text(),
    attempts: integer(),
    next_at: nullable(text()),
    reason: nullable(text()),
  },
  journal_dead_letter: {
    id: text(),
    consumer: text(),
    position: integer(),
    reason: text(),
    attempts: integer(),
    died_at: text(),
  },
};

export type JournalTables = TablesOf<typeof journalTables>;

/** What the migrator is given for the journal. */
export const journalSchema: SchemaPart = { name: 'journal', tables: journalTables, migrations: journalMigrations };
