import { sql } from 'kysely';
import type { ComponentKey, Instant } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../../platform/database/index.ts';
import type { Impact, Incident } from '../domain/incident.ts';
import { isImpact } from '../domain/incident.ts';
import { toIncident } from './incident-record.ts';
import type { StatusPageTables } from './schema.ts';

/** What a monitor said last of a component. */
export interface LastReport {
  component: ComponentKey;
  impact: Impact;
  at: Instant;
}

/** Everything a decision about some components looks at. */
export interface ReportGrounds {
  /** Open incidents and announced maintenances that have begun, oldest first. */
  incidents: Incident[];
  /** Present members of these, among the components asked for. */
  held: { incident: number; component: ComponentKey }[];
  /** How many members each open incident has: whoever comes in and goes on at once must not close it behind the others. */
  sizes: Map<number, number>;
}

const ANNOUNCED = ['planned', 'in_progress', 'modified'] as const;

/** Call after `lockIncidents`. The statements do not wait for each other. */
export async function reportGrounds(
  q: Queries,
  components: readonly ComponentKey[],
  now: Instant,
): Promise<ReportGrounds> {
  const [incidents, held, sizes] = await Promise.all([
    liveQuery(q, now).selectAll('status_page_incident').execute(),
    heldQuery(q, components, now).execute(),
    q.for().executeQuery(counting(q, {})),
  ]);
  return {
    incidents: incidents.map(toIncident),
    held,
    sizes: new Map(sizes.rows.map(({ incident, members }) => [incident, members])),
  };
}

function liveQuery(q: Queries, now: Instant) {
  return q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident')
    .where((where) =>
      where.or([
        where.and([where('type', '=', 'incident'), where('end_at', 'is', null), where('impact', '>', 0)]),
        where.and([
          where('type', '=', 'maintenance'),
          where('status', 'in', [...ANNOUNCED]),
          where('start_at', '<=', now),
          where.or([where('end_at', 'is', null), where('end_at', '>', now)]),
        ]),
      ]),
    )
    .orderBy('start_at')
    .orderBy('id');
}

function heldQuery(q: Queries, components: readonly ComponentKey[], now: Instant) {
  return q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident_component as member')
    .innerJoin('status_page_incident as one', 'one.id', 'member.incident')
    .select(['member.incident', 'member.component'])
    .where('member.component', 'in', [...components])
    .where('member.to_at', 'is', null)
    .where((where) => where.or([where('one.end_at', 'is', null), where('one.end_at', '>', now)]));
}

const counting = statement([], (q) =>
  q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident_component as member')
    .innerJoin('status_page_incident as open', 'open.id', 'member.incident')
    .select(({ fn }) => ['member.incident', fn.count<number>('member.component').distinct().as('members')])
    .where('open.type', '=', 'incident')
    .where('open.end_at', 'is', null)
    .where('member.to_at', 'is', null)
    .groupBy('member.incident'),
);

const holders = statement(['component', 'now'], (q, { component, now }: { component: ComponentKey; now: Instant }) =>
  liveQuery(q, now)
    .innerJoin('status_page_incident_component as member', 'member.incident', 'status_page_incident.id')
    .selectAll('status_page_incident')
    .where('member.component', '=', component)
    .where('member.to_at', 'is', null),
);

/** The live incidents that hold a component, oldest first: one statement, so that it is of one moment. */
export async function holdersOf(q: Queries, component: ComponentKey, now: Instant): Promise<Incident[]> {
  const { rows } = await q.for<StatusPageTables>().executeQuery(holders(q, { component, now }));
  return rows.map(toIncident);
}

const last = statement(['component'], (q, { component }: { component: ComponentKey }) =>
  q.for<StatusPageTables>().selectFrom('status_page_report').selectAll().where('component', '=', component),
);

export async function lastReport(q: Queries, component: ComponentKey): Promise<LastReport | null> {
  const { rows } = await q.for<StatusPageTables>().executeQuery(last(q, { component }));
  const [record] = rows;
  return record === undefined || !isImpact(record.impact) ? null : { ...record, impact: record.impact };
}

/** Of several of one component the last in the list stays. */
export async function saveReports(tx: Tx, reports: readonly LastReport[]): Promise<void> {
  const latest = [
    ...new Map(reports.map(({ component, impact, at }) => [component, { component, impact, at }])).values(),
  ];
  if (latest.length === 0) return;
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_report')
    .values(latest)
    .onConflict((conflict) =>
      conflict.column('component').doUpdateSet({ impact: sql`excluded.impact`, at: sql`excluded.at` }),
    )
    .execute();
}

/** Forgets what monitors said of these components; resolves to those of which they had said anything. */
export async function deleteReports(tx: Tx, components: readonly ComponentKey[]): Promise<ComponentKey[]> {
  const forgotten: ComponentKey[] = [];
  for (let at = 0; at < components.length; at += 500) {
    const records = await tx
      .for<StatusPageTables>()
      .deleteFrom('status_page_report')
      .where('component', 'in', components.slice(at, at + 500))
      .returning('component')
      .execute();
    forgotten.push(...records.map(({ component }) => component));
  }
  return forgotten.sort();
}
