import {
  type Actor,
  addMs,
  type Clock,
  ComponentDeclared,
  type ComponentKey,
  type Instant,
  type JournalEvent,
  type Role,
  type Scope,
  type Signal,
  SignalReported,
  StatusChanged,
  system,
} from '../../src/core/index.ts';
import type { ComponentsContext } from '../../src/modules/components/actions/components-context.ts';
import { componentsMetrics } from '../../src/modules/components/actions/components-metrics.ts';
import { expireSignals } from '../../src/modules/components/actions/expire-signals.ts';
import { newPresence } from '../../src/modules/components/actions/presence.ts';
import { ComponentsConfig } from '../../src/modules/components/config.ts';
import { registerListeners } from '../../src/modules/components/listeners.ts';
import { createComponentReads } from '../../src/modules/components/store/component-read.ts';
import { componentsMigrations } from '../../src/modules/components/store/migrations/index.ts';
import { componentsTables } from '../../src/modules/components/store/schema.ts';
import type { StatusPageContext } from '../../src/modules/status-page/actions/status-page-context.ts';
import { statusPageMetrics } from '../../src/modules/status-page/actions/status-page-metrics.ts';
import { staffMail } from '../../src/modules/status-page/actions/tell-staff.ts';
import { StatusPageConfig } from '../../src/modules/status-page/config.ts';
import { IncidentChanged } from '../../src/modules/status-page/contract.ts';
import { saveComponent } from '../../src/modules/status-page/store/component-store.ts';
import {
  type IncidentView,
  readIncident,
  readIncidents,
  visibleKeys,
} from '../../src/modules/status-page/store/incident-read.ts';
import { migrations } from '../../src/modules/status-page/store/migrations/index.ts';
import { tables } from '../../src/modules/status-page/store/schema.ts';
import { staffLetter } from '../../src/modules/status-page/web/subscriptions/staff-letter.ts';
import { auditSchema } from '../../src/platform/audit/index.ts';
import { jobsSchema } from '../../src/platform/jobs/index.ts';
import { createJournal, journalSchema } from '../../src/platform/journal/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import type { OpenTestDatabase } from './databases.ts';
import { readJournal } from './read-journal.ts';

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
  set(now: Instant): void {
    this.#now = now;
  }
}

export function person(role: Role, name: string = role): Actor {
  return { kind: 'user', id: `id-${name}`, name, role };
}

export function program(...scopes: Scope[]): Actor {
  return { kind: 'token', id: 'token-1', name: 'robot', scopes };
}

export const OPERATOR = person('operator');
export const CREATOR = person('creator');

/** A time of the day on which the clock of a test starts. */
export function at(time: string): Instant {
  return `2026-11-21T${time.length === 5 ? `${time}:00` : time}.000Z`;
}

/** The status page and `components` on a database of their own, joined by the real journal. */
export async function statusPageWorld(
  open: OpenTestDatabase,
  options: { config?: unknown; components?: readonly string[] } = {},
) {
  const clock = new TestClock();
  const parts = [
    journalSchema,
    auditSchema,
    jobsSchema,
    { name: 'components', tables: componentsTables, migrations: componentsMigrations },
    { name: 'status-page', tables, migrations },
  ];
  const db = await open({ clock, parts });
  const log = createLogger('silent');
  const metrics = createMetrics();
  const journal = createJournal({ db, clock, log });
  const componentsConfig = ComponentsConfig.parse({});
  const componentsContext: ComponentsContext = {
    config: () => componentsConfig,
    db,
    journal,
    clock,
    log,
    metrics: componentsMetrics(metrics),
    presence: newPresence(),
  };
  registerListeners(journal, componentsContext);
  const reads = createComponentReads({
    db,
    clock,
    config: () => componentsConfig,
    site: () => ({ timezone: 'UTC' }),
    downFrom: () => 'major_outage',
    usualWord: () => null,
  });
  const config = StatusPageConfig.parse(options.config);
  const site = { title: 'Test', publicUrl: 'https://s.example', basePath: '', timezone: 'UTC', demo: false };
  const context: StatusPageContext = {
    config: () => config,
    site: () => site,
    db,
    journal,
    clock,
    log,
    components: reads,
    metrics: statusPageMetrics(metrics),
    // No mail server; `subscriptionWorld` has one.
    tellStaff: staffMail({
      config: () => config,
      clock,
      canMail: () => false,
      letter: staffLetter({ site: () => site, clock }),
      wake: () => undefined,
    }),
  };

  /** Makes entries of the catalogue as the catalogue does: stored, declared, and vouched for. */
  const declare = async (
    key: ComponentKey,
    more: { region?: string; visibility?: 'public' | 'members'; name?: string } = {},
  ) => {
    const { region = null, visibility = 'public', name = key.slice(key.indexOf('/') + 1) } = more;
    const now = clock.now();
    await db.write(async (tx) => {
      await saveComponent(tx, {
        key,
        catalogKey: null,
        name,
        region,
        category: null,
        attributes: region === null ? [] : [['region', region]],
        description: null,
        docsUrl: null,
        visibility,
        position: 0,
        target: null,
        owner: 'person',
        watchedFrom: now,
        createdAt: now,
        modifiedAt: now,
        retiredAt: null,
      });
      await journal.publish(tx, ComponentDeclared, { key, payload: { key, name, kind: 'service', visibility } });
      const payload: Signal = {
        component: key,
        source: 'status-page',
        name: 'watch',
        level: 'operational',
        observedAt: now,
        required: false,
      };
      await journal.publish(tx, SignalReported, { key, payload });
    });
    await journal.drain();
  };
  for (const key of options.components ?? ['status-page/a', 'status-page/b', 'status-page/c']) await declare(key);

  const events = async <P>(type: { name: string; readonly payload?: P }) =>
    (await readJournal({ journal, db }, [type.name])) as JournalEvent<P>[];

  return {
    clock,
    db,
    journal,
    metrics,
    context,
    reads,
    declare,
    /** Everything said so far has become statuses, also by the passing of time. */
    settle: async () => {
      await journal.drain();
      await expireSignals(componentsContext);
      await journal.drain();
    },
    report: async (signal: Partial<Signal> & { component: string; level: Signal['level'] }) => {
      const payload: Signal = { source: 'test', name: 'state', observedAt: clock.now(), ...signal };
      await db.write((tx) => journal.publish(tx, SignalReported, { key: signal.component, payload }));
      await journal.drain();
    },
    /** How a component is, and since when. */
    level: async (key: ComponentKey) => {
      const row = await reads.row(system('test'), key);
      return row === null ? 'none' : `${row.status.level} since ${row.since.slice(11, 16)}`;
    },
    view: async (id: number, viewer: Actor = OPERATOR): Promise<IncidentView | null> =>
      readIncident(db, viewer, await visibleKeys(reads, viewer), id),
    all: async (viewer: Actor = OPERATOR): Promise<IncidentView[]> =>
      (await readIncidents(db, viewer, await visibleKeys(reads, viewer), { order: 'id' })).incidents.toReversed(),
    /** Changes of level told so far. */
    transitions: async () =>
      (await events(StatusChanged)).map(({ payload }) => `${payload.key} ${payload.from} → ${payload.to}`),
    changes: async () => {
      // On PostgreSQL an event is not read while an older transaction of anybody is open.
      await journal.drain();
      return (await events(IncidentChanged)).map(
        ({ payload }) => `${payload.id} ${payload.change} v${payload.version}`,
      );
    },
  };
}

export type StatusPageWorld = Awaited<ReturnType<typeof statusPageWorld>>;

/** The story of an incident in few words, oldest first. */
export function story(view: IncidentView | null): string[] {
  return (view?.updates ?? []).toReversed().map(({ status, text, fact }) => {
    const about = fact === null ? '' : Object.values(fact).join(' ');
    return [status, text === null ? about : `"${text}"`].join(': ');
  });
}
