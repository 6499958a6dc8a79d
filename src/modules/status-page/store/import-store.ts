import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import { continueNumbers, excludedBut } from '../../../platform/database/index.ts';
import type { Incident, IncidentUpdate, Membership } from '../domain/incident.ts';
import { fromIncident } from './incident-record.ts';
import { insertUpdates } from './incident-store.ts';
import type { StatusPageTables } from './schema.ts';

export type ImportKind = 'component' | 'incident' | 'history';

/** Which of theirs is which of ours, and what it was when it was taken over last. */
export interface Taken {
  foreignId: string;
  ours: string;
  fingerprint: string | null;
  version: number | null;
}

export async function takenOver(q: Queries, source: string, kind: ImportKind): Promise<Map<string, Taken>> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_import')
    .selectAll()
    .where('source', '=', source)
    .where('kind', '=', kind)
    .execute();
  return new Map(
    records.map(({ foreign_id: foreignId, ours, fingerprint, version }) => [
      foreignId,
      { foreignId, ours, fingerprint, version },
    ]),
  );
}

export async function remember(
  tx: Tx,
  { source, kind }: { source: string; kind: ImportKind },
  taken: readonly Taken[],
): Promise<void> {
  for (let from = 0; from < taken.length; from += 100) {
    const rows = taken.slice(from, from + 100).map(({ foreignId, ours, fingerprint, version }) => ({
      source,
      kind,
      foreign_id: foreignId,
      ours,
      fingerprint,
      version,
    }));
    await tx
      .for<StatusPageTables>()
      .insertInto('status_page_import')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['source', 'kind', 'foreign_id']).doUpdateSet((update) => ({
          ours: update.ref('excluded.ours'),
          fingerprint: update.ref('excluded.fingerprint'),
          version: update.ref('excluded.version'),
        })),
      )
      .execute();
  }
}

/** What an incident here is when an import begins. */
export interface IncidentHere {
  version: number;
  createdAt: Instant;
  /** Its versions that one actor made, by his label. */
  madeBy: ReadonlySet<number>;
}

export async function incidentsHere(q: Queries, label: string): Promise<Map<number, IncidentHere>> {
  const db = q.for<StatusPageTables>();
  const records = await db.selectFrom('status_page_incident').select(['id', 'version', 'created_at']).execute();
  const changes = await db
    .selectFrom('status_page_change')
    .select(['incident', 'version'])
    .where('by', '=', label)
    .execute();
  const made = Map.groupBy(changes, ({ incident }) => incident);
  return new Map(
    records.map(({ id, version, created_at: createdAt }) => {
      const madeBy = new Set((made.get(id) ?? []).map((change) => change.version));
      return [id, { version, createdAt, madeBy }];
    }),
  );
}

/** Everything that belongs to an incident, for one that comes from elsewhere. */
export interface WholeIncident {
  incident: Incident;
  members: readonly Omit<Membership, 'incident'>[];
  updates: readonly Omit<IncidentUpdate, 'id' | 'incident' | 'modifiedAt' | 'modifiedBy'>[];
  impacts: readonly { from: string; impact: number }[];
}

/** Writes incidents under their numbers, in place of what is there of them. */
export async function replaceIncidents(tx: Tx, incidents: readonly WholeIncident[]): Promise<void> {
  const db = tx.for<StatusPageTables>();
  const records = incidents.map(({ incident }) => ({ id: incident.id, ...fromIncident(incident), series_date: null }));
  for (const some of inParts(records)) {
    const ids = some.map(({ id }) => id);
    await db
      .insertInto('status_page_incident')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(excludedBut(some[0] as (typeof records)[number], 'id')),
      )
      .execute();
    for (const table of CHILDREN) await db.deleteFrom(table).where('incident', 'in', ids).execute();
  }
  const impacts = incidents.flatMap(({ incident: { id }, impacts: rows }) =>
    rows.map(({ from, impact }) => ({ incident: id, from_at: from, impact })),
  );
  for (const some of inParts(impacts)) await db.insertInto('status_page_impact').values(some).execute();
  const members = incidents.flatMap(({ incident: { id }, members: rows }) =>
    rows.map(({ component, from, to, movedTo }, position) => {
      return { incident: id, component, from_at: from, to_at: to, moved_to: movedTo, position };
    }),
  );
  for (const some of inParts(members)) await db.insertInto('status_page_incident_component').values(some).execute();
  const updates = incidents.flatMap(({ incident: { id }, updates: rows }) =>
    rows.map((update) => ({ ...update, incident: id })),
  );
  for (const some of inParts(updates)) await insertUpdates(tx, some);
}

const CHILDREN = ['status_page_incident_component', 'status_page_impact', 'status_page_update'] as const;
/** Databases limit the number of parameters of a statement. */
const PART = 40;

function inParts<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / PART) }, (_, at) => items.slice(at * PART, (at + 1) * PART));
}

/** After numbers were given by hand: the next one is higher than all. */
export async function continueIncidentNumbers(tx: Tx): Promise<void> {
  await continueNumbers(tx, 'status_page_incident', 'id');
}

export async function continueComponentNumbers(tx: Tx): Promise<void> {
  await continueNumbers(tx, 'status_page_component', 'number');
}
