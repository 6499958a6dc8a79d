import type { ComponentKey } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { type Holder, presentIn } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { toIncident } from './incident-record.ts';
import { membersOf } from './incident-store.ts';
import type { StatusPageTables } from './schema.ts';

const MOST_KEYS = 500;

/** Open incidents that hold one of these now, oldest first; maintenances and infos hold nothing against others. */
export async function openHolders(q: Queries, components: readonly ComponentKey[]): Promise<Holder[]> {
  const ids = new Set<number>();
  for (let at = 0; at < components.length; at += MOST_KEYS) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_incident_component')
      .innerJoin('status_page_incident', 'status_page_incident.id', 'status_page_incident_component.incident')
      .select('status_page_incident.id')
      .where('component', 'in', components.slice(at, at + MOST_KEYS))
      .where('to_at', 'is', null)
      .where('type', '=', 'incident')
      .where('end_at', 'is', null)
      .execute();
    for (const { id } of records) ids.add(id);
  }
  return await holders(q, [...ids]);
}

/** These incidents with what they hold now, oldest first. */
export async function holders(q: Queries, ids: readonly number[]): Promise<Holder[]> {
  const incidents: Incident[] = [];
  for (let at = 0; at < ids.length; at += MOST_KEYS) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_incident')
      .selectAll()
      .where('id', 'in', ids.slice(at, at + MOST_KEYS))
      .execute();
    incidents.push(...records.map(toIncident));
  }
  incidents.sort((a, b) => (a.start === b.start ? a.id - b.id : a.start < b.start ? -1 : 1));
  const members = Map.groupBy(await membersOf(q, ids), ({ incident }) => incident);
  return incidents.map((incident) => ({ incident, present: presentIn(members.get(incident.id) ?? []) }));
}
