import type { OpenTestDatabase } from '../../../../test/support/databases.ts';
import { readJournal } from '../../../../test/support/read-journal.ts';
import {
  addMs,
  type Clock,
  type ComponentDeclaration,
  type Instant,
  type JournalEvent,
  type Signal,
  StatusChanged,
} from '../../../core/index.ts';
import { auditSchema } from '../../../platform/audit/index.ts';
import { createJournal, journalSchema } from '../../../platform/journal/index.ts';
import { createLogger } from '../../../platform/log/index.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { ComponentsConfig } from '../config.ts';
import { registerListeners } from '../listeners.ts';
import { createComponentReads } from '../store/component-read.ts';
import { componentsMigrations } from '../store/migrations/index.ts';
import { componentsTables } from '../store/schema.ts';
import type { ComponentsContext } from './components-context.ts';
import { componentsMetrics } from './components-metrics.ts';
import { declareComponent } from './declare-component.ts';
import { newPresence } from './presence.ts';
import { type Recorded, recordSignals } from './record-signals.ts';

export const START: Instant = '2026-11-21T12:00:00.000Z';

/** A clock that goes only where a test sends it. */
export class TestClock implements Clock {
  #now = START;
  now(): Instant {
    return this.#now;
  }
  go(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

/** This module on a database of its own, with a journal and nothing around it. machine-driven: only tests call it. */
export async function componentsWorld(open: OpenTestDatabase, config: unknown = {}) {
  const clock = new TestClock();
  const parts = [
    journalSchema,
    auditSchema,
    { name: 'components', tables: componentsTables, migrations: componentsMigrations },
  ];
  const db = await open({ clock, parts });
  const log = createLogger('silent');
  const metrics = createMetrics();
  const journal = createJournal({ db, clock, log });
  const settings = ComponentsConfig.parse(config);
  const context: ComponentsContext = {
    config: () => settings,
    db,
    journal,
    clock,
    log,
    metrics: componentsMetrics(metrics),
    presence: newPresence(),
  };
  registerListeners(journal, context);
  const reads = createComponentReads({
    db,
    clock,
    config: () => settings,
    site: () => ({ timezone: 'Europe/Rome' }),
    downFrom: () => 'major_outage',
    usualWord: (key, level) => (key.startsWith('worded/') && level === 'degraded' ? 'LIMITED' : null),
  });
  return {
    clock,
    db,
    journal,
    metrics,
    context,
    reads,
    declare: (declaration: Partial<ComponentDeclaration> & { key: string }) =>
      db.write((tx) =>
        declareComponent(tx, context, { name: declaration.key, kind: 'device', visibility: 'public', ...declaration }),
      ),
    /** Reports as a source does whose observations are as new as the clock, and count for 15 minutes. */
    report: (...reports: (Partial<Signal> & { component: string; level: Signal['level'] })[]): Promise<Recorded[]> =>
      db.write((tx) => {
        const signals = reports.map((report) => {
          const observedAt = report.observedAt ?? clock.now();
          return { source: 'test', name: 'state', observedAt, expiresAt: addMs(observedAt, 15 * 60_000), ...report };
        });
        return recordSignals(tx, context, signals, { sameMoment: 'first' });
      }),
    /** What was told to the others so far. */
    told: async (): Promise<string[]> => {
      const events = (await readJournal({ journal, db }, [StatusChanged.name])) as JournalEvent<
        NonNullable<(typeof StatusChanged)['payload']>
      >[];
      return events.map(
        ({ payload }) => `${payload.key} ${payload.from} → ${payload.to} since ${payload.since.slice(11, 19)}`,
      );
    },
  };
}

export type ComponentsWorld = Awaited<ReturnType<typeof componentsWorld>>;
