import {
  type Actor,
  addMs,
  type Clock,
  ComponentDeclared,
  type Instant,
  SECOND,
  type Signal,
} from '../../src/core/index.ts';
import { componentsMetrics } from '../../src/modules/components/actions/components-metrics.ts';
import { expireSignals } from '../../src/modules/components/actions/expire-signals.ts';
import { newPresence } from '../../src/modules/components/actions/presence.ts';
import { recordSignals } from '../../src/modules/components/actions/record-signals.ts';
import { ComponentsConfig } from '../../src/modules/components/config.ts';
import { registerListeners } from '../../src/modules/components/listeners.ts';
import { createComponentReads } from '../../src/modules/components/store/component-read.ts';
import { componentsMigrations } from '../../src/modules/components/store/migrations/index.ts';
import { componentsTables } from '../../src/modules/components/store/schema.ts';
import { postUpdate } from '../../src/modules/status-page/actions/post-update.ts';
import { ReportIntake } from '../../src/modules/status-page/actions/report-intake.ts';
import { type ReportingContext, reportStatus } from '../../src/modules/status-page/actions/report-status.ts';
import { statusPageMetrics } from '../../src/modules/status-page/actions/status-page-metrics.ts';
import { announceIncident, writeIncident } from '../../src/modules/status-page/actions/write-incident.ts';
import { StatusPageConfig } from '../../src/modules/status-page/config.ts';
import type { Incident, IncidentStatus } from '../../src/modules/status-page/domain/incident.ts';
import { registerReportListeners } from '../../src/modules/status-page/report-listeners.ts';
import { saveComponent } from '../../src/modules/status-page/store/component-store.ts';
import { type IncidentView, readIncidents } from '../../src/modules/status-page/store/incident-read.ts';
import {
  addMembers,
  findIncident,
  insertIncident,
  lockIncidents,
} from '../../src/modules/status-page/store/incident-store.ts';
import { migrations } from '../../src/modules/status-page/store/migrations/index.ts';
import { type StatusPageTables, tables } from '../../src/modules/status-page/store/schema.ts';
import { auditSchema } from '../../src/platform/audit/index.ts';
import type { SiteConfig } from '../../src/platform/config/index.ts';
import type { OpenedDatabase } from '../../src/platform/database/index.ts';
import { createJournal, journalSchema } from '../../src/platform/journal/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import type { OpenTestDatabase } from './databases.ts';

export const START: Instant = '2026-11-21T12:00:00.000Z';

export const MACHINE: Actor = { kind: 'token', id: 't1', name: 'reporter', scopes: ['signals:write'] };

export const parts = [
  journalSchema,
  auditSchema,
  { name: 'components', tables: componentsTables, migrations: componentsMigrations },
  { name: 'status-page', tables, migrations },
];

/** A clock that goes only where a test sends it. */
class TestClock implements Clock {
  #now = START;
  now(): Instant {
    return this.#now;
  }
  go(milliseconds: number): void {
    this.#now = addMs(this.#now, milliseconds);
  }
}

export const PERSON: Actor = { kind: 'user', id: 'u1', name: 'alice', role: 'operator' };

/** What a process needs to take reports, over a database that is there. */
export function reportingOver(db: OpenedDatabase, clock: Clock, config: unknown = {}) {
  const log = createLogger('silent');
  const metrics = createMetrics();
  const journal = createJournal({ db, clock, log });
  const ofComponents = ComponentsConfig.parse(undefined);
  const componentsContext = {
    config: () => ofComponents,
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
    config: () => ofComponents,
    site: () => ({ timezone: 'Europe/Rome' }),
    downFrom: () => 'major_outage',
    usualWord: () => null,
  });
  const settings = StatusPageConfig.parse(config);
  const base = {
    config: () => settings,
    site: () => ({ publicUrl: 'https://status.example', basePath: '', timezone: 'Europe/Rome' }) as SiteConfig,
    db,
    journal,
    clock,
    log,
    components: reads,
    metrics: statusPageMetrics(metrics),
    tellStaff: async () => undefined,
  };
  const context: ReportingContext = { ...base, intake: new ReportIntake(base) };
  registerReportListeners(journal, base);
  return { context, metrics, journal, reads, componentsContext };
}

/** This module and `components` on a database of their own. machine-driven: only tests call it. */
export async function reportWorld(open: OpenTestDatabase, config: unknown = {}) {
  const clock = new TestClock();
  const db = await open({ clock, parts });
  const { context, metrics, journal, reads, componentsContext } = reportingOver(db, clock, config);

  /** What a person or the clock does to an incident, as their actions do it. */
  const change = async (id: number, what: Partial<Incident>) =>
    await db.write(async (tx) => {
      await lockIncidents(tx);
      const incident = await findIncident(tx, id);
      if (incident === null) throw new Error(`no incident ${id}`);
      await writeIncident(tx, context, { ...incident, ...what }, { change: 'updated', update: null });
    });
  const write = async (incident: Partial<Incident>, components: readonly string[]) =>
    await db.write(async (tx) => {
      await lockIncidents(tx);
      const whole = { ...BLANK, start: clock.now(), createdAt: clock.now(), modifiedAt: clock.now(), ...incident };
      const id = await insertIncident(tx, whole);
      await addMembers(
        tx,
        id,
        components.map((component) => ({ component, from: whole.start })),
      );
      await announceIncident(tx, context, { ...whole, id }, { change: 'opened', update: null });
      return id;
    });
  return {
    clock,
    db,
    journal,
    context,
    metrics,
    reads,
    /** Puts services into the catalogue, as its provisioning does; resolves to their keys. */
    catalog: async (...services: CatalogService[]) => {
      await db.write(async (tx) => {
        for (const service of services) {
          const { name, visibility = 'public', attributes = [] } = service;
          const region = attributes.find(([key]) => key === 'region')?.[1] ?? null;
          const [key, now] = [keyOf(service), clock.now()];
          await saveComponent(tx, {
            ...{ key, catalogKey: null, name, region, attributes, visibility, category: null, description: null },
            ...{ docsUrl: null, position: 0, target: null, owner: 'file', watchedFrom: now },
            ...{ createdAt: now, modifiedAt: now, retiredAt: null },
          });
          await journal.publish(tx, ComponentDeclared, { key, payload: { key, name, kind: 'service', visibility } });
        }
      });
      await journal.drain();
      return services.map(keyOf);
    },
    report: async (component: string, impact: number, title?: string) => {
      const [outcome] = await reportStatus(context, MACHINE, {
        components: [{ key: component, visibility: 'public' }],
        impact,
        title,
      });
      return outcome && { kind: outcome.kind, incident: outcome.incident.id };
    },
    /** Something reports through the API, past this module. */
    signal: async (component: string, level: Signal['level'], about: Partial<Signal> = {}) => {
      await db.write((tx) =>
        recordSignals(
          tx,
          componentsContext,
          [{ component, level, source: 'api/probe', name: 'state', observedAt: clock.now(), ...about }],
          { sameMoment: 'last' },
        ),
      );
      await journal.drain();
    },
    /** What the passing of time makes of signals has become statuses. */
    settle: async () => {
      await journal.drain();
      await expireSignals(componentsContext);
      await journal.drain();
    },
    takes: (id: number, status: IncidentStatus = 'analysing') => change(id, { system: false, status }),
    change,
    /** A person resolves it. */
    closes: async (id: number) => {
      clock.go(SECOND);
      await postUpdate(context, PERSON, id, { status: 'resolved', text: 'It works again.' });
    },
    write,
    maintenance: (components: readonly string[], window: { start: Instant; end: Instant | null }) =>
      write(
        { type: 'maintenance', title: 'Firmware', impact: 0, status: 'in_progress', told: true, ...window },
        components,
      ),
    incidents: async (): Promise<IncidentView[]> => {
      const { incidents } = await readIncidents(db, { kind: 'system', name: 'test' }, null, { order: 'id' });
      return incidents.reverse();
    },
    rows: async <T extends keyof StatusPageTables>(table: T) =>
      await db
        .for<StatusPageTables>()
        .selectFrom(table as 'status_page_report')
        .selectAll()
        .execute(),
  };
}

export interface CatalogService {
  name: string;
  attributes?: [string, string][];
  visibility?: 'public' | 'members';
}

export function keyOf({ name, attributes = [] }: CatalogService): string {
  return `status-page/${[name, ...attributes.map(([, value]) => value)]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')}`;
}

const BLANK: Omit<Incident, 'id' | 'start' | 'createdAt' | 'modifiedAt'> = {
  type: 'incident',
  title: 'Written by hand',
  description: null,
  impact: 1,
  status: 'detected',
  end: null,
  system: false,
  version: 1,
  createdBy: 'user:ada',
  createdById: 'u1',
  contactEmail: null,
  postmortem: null,
  postmortemAt: null,
  series: null,
  mergedInto: null,
  told: false,
};

/** An incident's story in short, oldest first. */
export function story({ updates }: IncidentView): string[] {
  return updates.toReversed().map(({ fact, text, status }) => {
    if (fact === null) return `${status}: ${text ?? ''}`;
    const about = 'component' in fact ? ` ${fact.component.replace('status-page/', '')}` : '';
    const other = 'incident' in fact ? ` ${fact.incident}` : '';
    return `${fact.kind}${about}${other}${fact.kind === 'impact_changed' ? ` ${fact.old} ${fact.new}` : ''}`;
  });
}
