import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { Impact, Incident, IncidentType, IncidentUpdate, Membership } from '../domain/incident.ts';
import { fromIncident, toIncident, toMembership } from './incident-record.ts';
import type { IncidentRecord, StatusPageTables, UpdateRecord } from './schema.ts';

/**
 * Whatever opens, joins, moves or closes incidents takes it first: two reports, or a report and a person, never decide
 * on the same past. One lock for all, since "the first open incident with this impact" is about all of them.
 */
export async function lockIncidents(tx: Tx): Promise<void> {
  await tx.lock('status-page:incidents');
}

type NewIncidentRecord = Omit<IncidentRecord, 'id'>;

/** Stores a new incident with its first impact; resolves to its id. */
export async function insertIncident(tx: Tx, incident: Omit<Incident, 'id'>, seriesDate?: string): Promise<number> {
  const { id } = await tx
    .for<{ status_page_incident: NewIncidentRecord & { id: number } }>()
    .insertInto('status_page_incident')
    .values({ ...fromIncident(incident), series_date: seriesDate ?? null } as NewIncidentRecord & { id: number })
    .returning('id')
    .executeTakeFirstOrThrow();
  await insertImpact(tx, { incident: id, from: incident.start, impact: incident.impact });
  return id;
}

/** Replaces what is stored if nobody else did since `version`; false: somebody did. The new version is one more. */
export async function saveIncident(tx: Tx, incident: Incident): Promise<boolean> {
  const result = await tx
    .for<StatusPageTables>()
    .updateTable('status_page_incident')
    .set({ ...fromIncident(incident), version: incident.version + 1 })
    .where('id', '=', incident.id)
    .where('version', '=', incident.version)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function findIncident(q: Queries, id: number): Promise<Incident | null> {
  const record = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return record === undefined ? null : toIncident(record);
}

export async function findIncidents(q: Queries, ids: readonly number[], type: IncidentType): Promise<Incident[]> {
  const found: Incident[] = [];
  for (let at = 0; at < ids.length; at += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_incident')
      .selectAll()
      .where('id', 'in', ids.slice(at, at + 500))
      .where('type', '=', type)
      .execute();
    found.push(...records.map(toIncident));
  }
  return found;
}

/** Not ended: open incidents, and maintenances and infos whose end has not been recorded as reached. Oldest first. */
export async function unfinishedIncidents(q: Queries): Promise<Incident[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident')
    .selectAll()
    .where('status', 'not in', ['resolved', 'completed', 'cancelled'])
    .where((where) => where.or([where('type', '!=', 'incident'), where('end_at', 'is', null)]))
    .orderBy('start_at')
    .orderBy('id')
    .execute();
  return records.map(toIncident);
}

export async function insertImpact(
  tx: Tx,
  { incident, from, impact }: { incident: number; from: Instant; impact: Impact },
): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_impact')
    .values({ incident, from_at: from, impact })
    .onConflict((conflict) => conflict.columns(['incident', 'from_at']).doUpdateSet({ impact }))
    .execute();
}

export async function addMembers(
  tx: Tx,
  incident: number,
  members: readonly { component: ComponentKey; from: Instant }[],
): Promise<void> {
  if (members.length === 0) return;
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_incident_component')
    .values(
      members.map(({ component, from }, position) => ({
        incident,
        component,
        from_at: from,
        to_at: null,
        moved_to: null,
        position,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['incident', 'component', 'from_at']).doUpdateSet({ to_at: null, moved_to: null }),
    )
    .execute();
}

/** Ends the time of components in an incident; the rows stay. */
export async function endMembers(
  tx: Tx,
  incident: number,
  { components, at, movedTo }: { components: readonly ComponentKey[]; at: Instant; movedTo: number | null },
): Promise<void> {
  if (components.length === 0) return;
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_incident_component')
    .set({ to_at: at, moved_to: movedTo })
    .where('incident', '=', incident)
    .where('component', 'in', components)
    .where('to_at', 'is', null)
    .execute();
}

/** Present and past members of some incidents, in the order in which they came. */
export async function membersOf(q: Queries, incidents: readonly number[]): Promise<Membership[]> {
  const found: Membership[] = [];
  for (let at = 0; at < incidents.length; at += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_incident_component')
      .selectAll()
      .where('incident', 'in', incidents.slice(at, at + 500))
      .orderBy('incident')
      .orderBy('from_at')
      .orderBy('position')
      .orderBy('component')
      .execute();
    found.push(...records.map(toMembership));
  }
  return found;
}

type NewUpdateRecord = Omit<UpdateRecord, 'id'>;

type NewUpdate = Omit<IncidentUpdate, 'id' | 'modifiedAt' | 'modifiedBy'>;

/** Adds rows to an incident's story; resolves to the id of the last. */
export async function insertUpdates(tx: Tx, updates: readonly NewUpdate[]): Promise<number | null> {
  return (await insertUpdatesInOrder(tx, updates)).at(-1) ?? null;
}

/** The same; resolves to the id of each, in their order. */
export async function insertUpdatesInOrder(tx: Tx, updates: readonly NewUpdate[]): Promise<number[]> {
  if (updates.length === 0) return [];
  const rows = updates.map(
    (update): NewUpdateRecord => ({
      incident: update.incident,
      at: update.at,
      status: update.status,
      system: update.system ? 1 : 0,
      text: update.text,
      fact: update.fact === null ? null : JSON.stringify(update.fact),
      created_at: update.createdAt,
      created_by: update.createdBy,
      modified_at: null,
      modified_by: null,
    }),
  );
  const ids = await tx
    .for<{ status_page_update: NewUpdateRecord & { id: number } }>()
    .insertInto('status_page_update')
    .values(rows as (NewUpdateRecord & { id: number })[])
    .returning('id')
    .execute();
  // Numbers are given in the order of the values, but need not be answered in it.
  return ids.map(({ id }) => id).sort((a, b) => a - b);
}
