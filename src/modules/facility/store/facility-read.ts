import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { StateChange } from '../domain/unwatched.ts';
import { type Health, healthOf, listProjects, unknownLabelsOf } from './project-store.ts';
import type { FacilityTables } from './schema.ts';

/** What the pages show of a device beside its status. Nothing of a confidential issue is in it. */
export interface DeviceView {
  key: ComponentKey;
  source: string;
  label: string;
  state: string;
  confidential: boolean;
  issue: { iid: number; title: string; url: string | null; dueOn: string | null } | null;
  updatedAt: Instant | null;
  publicIssues: number;
}

export interface ProjectView {
  id: string;
  source: string | null;
  title: string | null;
  webUrl: string | null;
  visibility: string | null;
  succeededAt: Instant | null;
  staleSince: Instant | null;
  error: string | null;
  badgeError: string | null;
  nextAt: Instant;
  lastEventAt: Instant | null;
  unknownLabels: string[];
  health: Health | null;
  healthAt: Instant | null;
}

export interface StateChangeView extends StateChange {
  confidential: boolean;
}

/** Devices by key, in no particular order. */
export async function devicesByKey(q: Queries, keys?: readonly ComponentKey[]): Promise<Map<ComponentKey, DeviceView>> {
  const columns = [
    'key',
    'source',
    'label',
    'state',
    'confidential',
    'iid',
    'issue_title',
    'issue_url',
    'due_on',
    'updated_at',
    'public_issues',
  ] as const;
  const all = q.for<FacilityTables>().selectFrom('facility_device').select(columns).where('withdrawn_at', 'is', null);
  const rows = await (keys === undefined ? all : all.where('key', 'in', [...keys])).execute();
  return new Map(
    rows.map((row) => [
      row.key,
      {
        key: row.key,
        source: row.source,
        label: row.label,
        state: row.state,
        confidential: row.confidential === 1,
        issue:
          row.iid === null
            ? null
            : { iid: row.iid, title: row.issue_title ?? '', url: row.issue_url, dueOn: row.due_on },
        updatedAt: row.updated_at,
        publicIssues: row.public_issues,
      },
    ]),
  );
}

export async function projectViews(q: Queries): Promise<ProjectView[]> {
  return (await listProjects(q)).map((row) => ({
    id: row.id,
    source: row.gitlab_id === null ? null : `facility/${row.integration}/${row.gitlab_id}`,
    title: row.title,
    webUrl: row.web_url,
    visibility: row.visibility,
    succeededAt: row.succeeded_at,
    staleSince: row.stale_since,
    error: row.error,
    badgeError: row.badge_error,
    nextAt: row.next_at,
    lastEventAt: row.last_event_at,
    unknownLabels: unknownLabelsOf(row),
    health: healthOf(row),
    healthAt: row.health_at,
  }));
}

/** Changes of state of the given devices, newest first. */
export async function stateChanges(
  q: Queries,
  devices: readonly ComponentKey[],
  most: number,
): Promise<StateChangeView[]> {
  if (devices.length === 0) return [];
  const rows = await q
    .for<FacilityTables>()
    .selectFrom('facility_state_change')
    .select(['device', 'at', 'from_state', 'to_state', 'to_level', 'iid', 'issue_url', 'confidential'])
    .where('device', 'in', [...devices])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    device: row.device,
    at: row.at,
    from: row.from_state,
    to: row.to_state,
    level: row.to_level,
    iid: row.iid,
    url: row.issue_url,
    confidential: row.confidential === 1,
  }));
}
