import type { Migration } from '../../database/index.ts';
import { createJournalTables } from './0001-journal.ts';

export const journalMigrations: readonly Migration[] = [createJournalTables];
