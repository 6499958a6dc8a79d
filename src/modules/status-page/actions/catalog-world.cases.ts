import type { OpenTestDatabase } from '../../../../test/support/databases.ts';
import { readJournal } from '../../../../test/support/read-journal.ts';
import { addMs, type Clock, type Instant, system } from '../../../core/index.ts';
import { auditSchema } from '../../../platform/audit/index.ts';
import { createJournal, journalSchema } from '../../../platform/journal/index.ts';
import { createLogger } from '../../../platform/log/index.ts';
import { StatusPageConfig } from '../config.ts';
import { migrations } from '../store/migrations/index.ts';
import { tables } from '../store/schema.ts';
import { provisionCatalog } from './provision-catalog.ts';
import type { CatalogContext } from './tell-catalog.ts';

export const START: Instant = '2026-11-21T12:00:00.000Z';
export const ADMIN = system('test');

export class TestClock implements Clock {
  #now = START;
  now(): Instant {
    return this.#now;
  }
  go(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

/** The catalogue on a database of its own, with a journal that nobody reads. machine-driven: only tests call it. */
export async function catalogWorld(open: OpenTestDatabase, values: Record<string, unknown> = {}) {
  const clock = new TestClock();
  const parts = [journalSchema, auditSchema, { name: 'status-page', tables, migrations }];
  const db = await open({ clock, parts });
  const journal = createJournal({ db, clock, log: createLogger('silent') });
  let config = StatusPageConfig.parse(values);
  const site = {
    title: 'Test',
    timezone: 'Europe/Rome',
    publicUrl: 'https://status.test',
    basePath: '',
    demo: false,
  } as ReturnType<CatalogContext['site']>;
  const context: CatalogContext = { config: () => config, site: () => site, db, journal, clock };
  let told = 0;
  return {
    clock,
    db,
    journal,
    context,
    configure: (next: Record<string, unknown>) => {
      config = StatusPageConfig.parse(next);
    },
    provision: (text: string) => provisionCatalog(context, ADMIN, { text }),
    /** What was told to the others since the last time: type and key. */
    told: async (): Promise<string[]> => {
      const events = await readJournal({ journal, db });
      const fresh = events.slice(told);
      told = events.length;
      return fresh.map(
        ({ type, key }) => `${type.replace(/^(component|status-page)\./, '')} ${key.replace('status-page/', '')}`,
      );
    },
  };
}

export type CatalogWorld = Awaited<ReturnType<typeof catalogWorld>>;
