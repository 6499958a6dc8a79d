import type { JournalEvent } from '../../src/core/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import type { Journal } from '../../src/platform/journal/index.ts';
import { until } from './until.ts';

const ALL = 100_000;

interface Read {
  journal: Pick<Journal, 'readAfter'>;
  db: Database;
}

/**
 * Everything committed, oldest first. The tests of other files run on the same PostgreSQL server, and the journal hides
 * what an older transaction of anybody might still precede; this waits for their end.
 */
export async function readJournal({ journal, db }: Read, types?: readonly string[]): Promise<JournalEvent[]> {
  const rows = db.for<{ journal_event: { id: string; type: string } }>().selectFrom('journal_event').select('id');
  const committed = await (types ? rows.where('type', 'in', types) : rows).execute();
  return await until('every committed event can be read', async () => {
    const events = await journal.readAfter(db, '0', { ...(types && { types }), limit: ALL });
    return events.length >= committed.length ? events : null;
  });
}
