import {
  type Actor,
  type ComponentKey,
  type ComponentReader,
  canSee,
  hasRole,
  type Instant,
} from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { closedAt } from '../domain/closed-at.ts';
import { INTERNAL, type Incident, type IncidentType, type IncidentUpdate } from '../domain/incident.ts';
import { type IncidentView, spokenOf, viewOf } from '../domain/incident-view.ts';
import { toIncident, toUpdate } from './incident-record.ts';
import { findIncident, membersOf } from './incident-store.ts';
import { correctionsOf } from './revision-read.ts';
import type { StatusPageTables } from './schema.ts';

export { type IncidentView, isTellable, newestFirst } from '../domain/incident-view.ts';

/** What a list asks for. Times are half-open: [from, until). */
export interface IncidentFilter {
  types?: readonly IncidentType[];
  ids?: readonly number[];
  /** `open`: not ended; `closed`: ended or cancelled. */
  state?: 'open' | 'closed';
  impacts?: readonly number[];
  statuses?: readonly string[];
  system?: boolean;
  /** Only those that hold or held one of these. */
  components?: readonly ComponentKey[];
  /** Running at some time within. */
  from?: Instant;
  until?: Instant;
  /** Words that must all occur in the title, the description or an update. */
  query?: string;
  /** `end`: the last that was over first, see `closedAt`. */
  order?: 'start' | 'end' | 'id';
  limit?: number;
  offset?: number;
}

export interface IncidentPage {
  incidents: IncidentView[];
  total: number;
}

/** Who sees what is not public yet, authors, contacts and versions (specification §11.4). */
export function hasInternalView(viewer: Actor): boolean {
  return hasRole(viewer, 'creator');
}

/** What the viewer may know of components: keys he may see. `null`: all. */
export type VisibleKeys = ReadonlySet<ComponentKey> | null;

export async function visibleKeys(components: ComponentReader, viewer: Actor): Promise<VisibleKeys> {
  return canSee(viewer, 'members') ? null : await components.known(viewer);
}

/**
 * The one door to incidents: every page, feed, API answer, search and mail reads through it. An incident is shown to
 * whoever may see one of its components, and shows only those; one without any is for members.
 */
export async function readIncidents(
  q: Queries,
  viewer: Actor,
  visible: VisibleKeys,
  filter: IncidentFilter = {},
): Promise<IncidentPage> {
  // Of one moment: what moves from one incident into another stands in exactly one of them.
  return await q.snapshot(() => readPage(q, viewer, visible, filter));
}

async function readPage(
  q: Queries,
  viewer: Actor,
  visible: VisibleKeys,
  filter: IncidentFilter,
): Promise<IncidentPage> {
  const internal = hasInternalView(viewer);
  const matching = await matchingIncidents(q, filter, internal);
  const members = Map.groupBy(
    await membersOf(
      q,
      matching.map(({ id }) => id),
    ),
    ({ incident }) => incident,
  );
  const wanted = filter.components === undefined ? null : new Set(filter.components);
  const seen = matching.flatMap((incident) => {
    const all = members.get(incident.id) ?? [];
    const shown = visible === null ? all : all.filter(({ component }) => visible.has(component));
    if (shown.length === 0 && visible !== null) return [];
    if (wanted !== null && !shown.some(({ component }) => wanted.has(component))) return [];
    return [{ incident, members: shown }];
  });
  const { offset = 0, limit = seen.length } = filter;
  const page = seen.slice(offset, offset + limit);
  const updates = Map.groupBy(
    await updatesOf(
      q,
      page.map(({ incident }) => incident.id),
    ),
    ({ incident }) => incident,
  );
  const whole = page.map((one) => ({ ...one, updates: updates.get(one.incident.id) ?? [] }));
  const named = [...new Set(whole.flatMap(spokenOf))];
  const others = named.length === 0 ? null : await visibleAmong(q, named, { internal, visible });
  // Staff count versions of their own.
  const corrected = internal ? [] : whole.flatMap((one) => one.updates.filter(({ modifiedAt }) => modifiedAt !== null));
  const corrections = await correctionsOf(
    q,
    corrected.map(({ id }) => id),
  );
  const sight = { internal, visible, others };
  return { total: seen.length, incidents: whole.map((one) => viewOf({ ...one, corrections }, sight)) };
}

/** Which of these incidents the viewer may know of. */
async function visibleAmong(
  q: Queries,
  ids: readonly number[],
  { internal, visible }: { internal: boolean; visible: VisibleKeys },
): Promise<ReadonlySet<number> | null> {
  if (internal && visible === null) return null;
  const found: number[] = [];
  for (let at = 0; at < ids.length; at += 500) {
    found.push(...(await matchingIncidents(q, { ids: ids.slice(at, at + 500) }, internal)).map(({ id }) => id));
  }
  if (visible === null) return new Set(found);
  const members = await membersOf(q, found);
  return new Set(members.filter(({ component }) => visible.has(component)).map(({ incident }) => incident));
}

/** One incident; null when there is none for this viewer. */
export async function readIncident(
  q: Queries,
  viewer: Actor,
  visible: VisibleKeys,
  id: number,
): Promise<IncidentView | null> {
  if (!Number.isSafeInteger(id) || (await findIncident(q, id)) === null) return null;
  const { incidents } = await readIncidents(q, viewer, visible, { ids: [id] });
  return incidents[0] ?? null;
}

async function matchingIncidents(q: Queries, filter: IncidentFilter, internal: boolean): Promise<Incident[]> {
  let query = q.for<StatusPageTables>().selectFrom('status_page_incident').selectAll();
  if (!internal) {
    query = query.where((where) =>
      where.or([
        where('type', '!=', 'maintenance'),
        where.and([where('status', 'not in', [...INTERNAL, 'cancelled'])]),
        where.and([where('status', '=', 'cancelled'), where('told', '=', 1)]),
      ]),
    );
  }
  const { types, ids, impacts, statuses, system, from, until, state } = filter;
  if (ids) query = query.where('id', 'in', [...ids]);
  if (types) query = query.where('type', 'in', [...types]);
  if (impacts) query = query.where('impact', 'in', [...impacts]);
  if (statuses) query = query.where('status', 'in', statuses as StatusPageTables['status_page_incident']['status'][]);
  if (system !== undefined) query = query.where('system', '=', system ? 1 : 0);
  if (from !== undefined) {
    query = query.where((where) => where.or([where('end_at', 'is', null), where('end_at', '>', from)]));
  }
  if (until !== undefined) query = query.where('start_at', '<', until);
  const done = ['resolved', 'completed', 'cancelled'] as const;
  if (state === 'open') {
    query = query.where('status', 'not in', [...done]);
    query = query.where((where) => where.or([where('type', '!=', 'incident'), where('end_at', 'is', null)]));
  }
  if (state === 'closed') {
    query = query.where((where) =>
      where.or([
        where('status', 'in', [...done]),
        where.and([where('type', '=', 'incident'), where('end_at', 'is not', null)]),
      ]),
    );
  }
  const records = await query
    .orderBy(filter.order === 'id' ? 'id' : 'start_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const found = await withWords(q, records.map(toIncident), filter.query);
  return filter.order === 'end' ? await lastClosedFirst(q, found) : found;
}

/** Not by a column: when one was cancelled stands in its story, and an end that is missing sorts differently per engine. */
async function lastClosedFirst(q: Queries, incidents: readonly Incident[]): Promise<Incident[]> {
  const cancelled = incidents.filter(({ status }) => status === 'cancelled').map(({ id }) => id);
  const stories = Map.groupBy(await updatesOf(q, cancelled), ({ incident }) => incident);
  const timed = incidents.map((incident) => ({ incident, at: closedAt(incident, stories.get(incident.id) ?? []) }));
  timed.sort((a, b) => (a.at === b.at ? b.incident.id - a.incident.id : a.at < b.at ? 1 : -1));
  return timed.map(({ incident }) => incident);
}

async function withWords(q: Queries, incidents: readonly Incident[], query: string | undefined): Promise<Incident[]> {
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10);
  if (words.length === 0) return [...incidents];
  const updates = Map.groupBy(
    await updatesOf(
      q,
      incidents.map(({ id }) => id),
    ),
    ({ incident }) => incident,
  );
  return incidents.filter(({ id, title, description }) => {
    const said = (updates.get(id) ?? [])
      .filter(({ status }) => !INTERNAL.includes(status))
      .map(({ text }) => text ?? '');
    const all = [title, description ?? '', ...said].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export async function updatesOf(q: Queries, incidents: readonly number[]): Promise<IncidentUpdate[]> {
  const found: IncidentUpdate[] = [];
  for (let at = 0; at < incidents.length; at += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_update')
      .selectAll()
      .where('incident', 'in', incidents.slice(at, at + 500))
      .orderBy('at')
      .orderBy('id')
      .execute();
    found.push(...records.map(toUpdate));
  }
  return found;
}

/** Rows that were added to an incident's story after this one. */
export async function updatesAfter(q: Queries, incident: number, id: number): Promise<IncidentUpdate[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_update')
    .selectAll()
    .where('incident', '=', incident)
    .where('id', '>', id)
    .orderBy('id')
    .execute();
  return records.map(toUpdate);
}
