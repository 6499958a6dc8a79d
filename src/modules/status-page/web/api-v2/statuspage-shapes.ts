import { createHash } from 'node:crypto';
import {
  ATTENTION_ORDER,
  type ComponentKey,
  type ComponentRow,
  type Instant,
  type Level,
} from '../../../../core/index.ts';
import type { IncidentStatus } from '../../domain/incident.ts';
import type { IncidentView } from '../../store/incident-read.ts';
import { type IncidentPageView, updateText } from '../incident-fragment.ts';

/** The words of Statuspage (contracts §10), which clients compare literally. */
export type ComponentStatus =
  | 'operational'
  | 'degraded_performance'
  | 'partial_outage'
  | 'major_outage'
  | 'under_maintenance';

const COMPONENT_STATUS: Record<Level, ComponentStatus> = {
  operational: 'operational',
  notice: 'operational',
  degraded: 'degraded_performance',
  unknown: 'degraded_performance',
  partial_outage: 'partial_outage',
  major_outage: 'major_outage',
  maintenance: 'under_maintenance',
};

/** Opaque to clients, and the same for ever. */
export function idOf(kind: string, name: string | number): string {
  return createHash('sha256').update(`${kind}:${name}`).digest('hex').slice(0, 16);
}

export interface StatuspagePage {
  id: string;
  name: string;
  url: string;
  time_zone: string;
  updated_at: Instant;
}

const STATUS_LINES: readonly [Level, string, string][] = [
  ['major_outage', 'critical', 'Major Service Outage'],
  ['partial_outage', 'major', 'Partial System Outage'],
  ['degraded', 'minor', 'Minor Service Outage'],
];

/** One of four indicators: strict clients know no other, so maintenance alone is `none`. */
export function overallStatus(rows: readonly { status: Pick<ComponentRow['status'], 'level'> }[]): {
  indicator: string;
  description: string;
} {
  const worst = ATTENTION_ORDER.find((level) => rows.some(({ status }) => status.level === level));
  for (const [level, indicator, description] of STATUS_LINES) if (worst === level) return { indicator, description };
  const unknown = rows.filter(({ status }) => status.level === 'unknown').length;
  if (unknown > 0 || rows.length === 0) {
    const description =
      rows.length === 0 ? 'No Systems Are Watched' : `No Current Data For ${unknown} Of ${rows.length} Systems`;
    return { indicator: 'minor', description };
  }
  if (worst === 'maintenance') return { indicator: 'none', description: 'Service Under Maintenance' };
  return { indicator: 'none', description: 'All Systems Operational' };
}

/** What stands around a component. */
export interface Around {
  page: StatuspagePage;
  /** What the catalogue says of components, where it says anything. */
  descriptions: ReadonlyMap<ComponentKey, string>;
}

export function componentShape(row: ComponentRow, position: number, { page, descriptions }: Around) {
  const region = row.attributes['region'];
  const description = descriptions.get(row.key) ?? null;
  const unknown = `No current data since ${row.evidenceAt ?? row.since}`;
  return {
    id: idOf('component', row.key),
    name: region === undefined ? row.name : `${row.name} (${region})`,
    status: COMPONENT_STATUS[row.status.level],
    created_at: row.declaredAt,
    updated_at: latest([row.declaredAt, row.since]),
    position,
    description: row.status.level === 'unknown' ? [unknown, description ?? []].flat().join('. ') : description,
    showcase: false,
    start_date: null,
    group_id: row.group === '' ? null : idOf('group', row.group),
    page_id: page.id,
    group: false,
    only_show_if_degraded: false,
  };
}

function latest(times: readonly Instant[]): Instant {
  return times.reduce((last, at) => (at > last ? at : last), '');
}

/** Groups are components that hold others. They are as old as their oldest. */
export function groupShapes(rows: readonly ComponentRow[], page: StatuspagePage) {
  const groups = Map.groupBy(
    rows.filter(({ group }) => group !== ''),
    ({ group }) => group,
  );
  return [...groups].map(([name, members], index) => {
    const worst = ATTENTION_ORDER.find((level) => members.some(({ status }) => status.level === level)) ?? 'unknown';
    const created = members.map(({ declaredAt }) => declaredAt).sort();
    return {
      id: idOf('group', name),
      name,
      status: COMPONENT_STATUS[worst],
      created_at: created[0] ?? page.updated_at,
      updated_at: latest([...created, ...members.map(({ since }) => since)]),
      position: index + 1,
      description: null,
      showcase: false,
      start_date: null,
      group_id: null,
      page_id: page.id,
      group: true,
      only_show_if_degraded: false,
      components: members.map(({ key }) => idOf('component', key)),
    };
  });
}

const INCIDENT_STATUS: Partial<Record<IncidentStatus, string>> = {
  detected: 'investigating',
  reopened: 'investigating',
  'impact changed': 'investigating',
  analysing: 'identified',
  fixing: 'identified',
  observing: 'monitoring',
  resolved: 'resolved',
  changed: 'resolved',
};
const MAINTENANCE_STATUS: Partial<Record<IncidentStatus, string>> = {
  planned: 'scheduled',
  modified: 'scheduled',
  in_progress: 'in_progress',
  completed: 'completed',
  cancelled: 'completed',
};
const IMPACTS = ['none', 'minor', 'major', 'critical'] as const;

function statusWord(incident: IncidentView, status: IncidentStatus): string {
  return incident.type === 'maintenance'
    ? (MAINTENANCE_STATUS[status] ?? 'scheduled')
    : (INCIDENT_STATUS[status] ?? 'investigating');
}

export function incidentShape(
  incident: IncidentView,
  given: Around & { view: IncidentPageView & { publicUrl: string }; rows: ReadonlyMap<string, ComponentRow> },
) {
  const { page, view, rows } = given;
  const { id, type, updates, start, end } = incident;
  const isIncident = type === 'incident';
  const watching = updates.findLast(({ status }) => status === 'observing');
  const members = incident.components.map((key) => rows.get(key)).filter((row) => row !== undefined);
  const learned = incident.postmortemAt !== null;
  return {
    id: idOf('incident', id),
    name: incident.title,
    status: isIncident && learned && end !== null ? 'postmortem' : statusWord(incident, incident.status),
    created_at: incident.createdAt,
    updated_at: incident.modifiedAt,
    monitoring_at: watching?.at ?? null,
    resolved_at: end !== null && (isIncident || incident.status === 'completed') ? end : null,
    impact: isIncident ? IMPACTS[incident.impact] : 'maintenance',
    shortlink: `${view.publicUrl}/incidents/${id}`,
    started_at: start,
    page_id: page.id,
    incident_updates: updates.map((update) => ({
      id: idOf('update', update.id),
      status: statusWord(incident, update.status),
      body: updateText(update, incident, view),
      incident_id: idOf('incident', id),
      created_at: update.createdAt,
      updated_at: update.modifiedAt ?? update.createdAt,
      display_at: update.at,
      affected_components: null,
    })),
    components: members.map((row, index) => componentShape(row, index + 1, given)),
    ...(isIncident ? {} : { scheduled_for: start, scheduled_until: end ?? start }),
  };
}
