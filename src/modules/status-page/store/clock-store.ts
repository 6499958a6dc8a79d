import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { Incident, UpdateFact } from '../domain/incident.ts';
import { toIncident } from './incident-record.ts';
import type { StatusPageTables } from './schema.ts';

/** Maintenances and infos that the clock may have something to say about, oldest first. */
export async function clockedIncidents(q: Queries): Promise<Incident[]> {
  const tables = q.for<StatusPageTables>();
  const reviewed = tables.selectFrom('status_page_update').select('incident').where('status', '=', 'reviewed');
  const records = await tables
    .selectFrom('status_page_incident')
    .selectAll()
    .where('type', '!=', 'incident')
    .where((where) =>
      where.or([
        where('status', 'not in', ['completed', 'cancelled', 'pending_review']),
        // Reviewed and cancelled before it was planned.
        where.and([where('status', '=', 'cancelled'), where('told', '=', 0), where('id', 'in', reviewed)]),
      ]),
    )
    .orderBy('start_at')
    .orderBy('id')
    .execute();
  return records.map(toIncident);
}

/** Open incidents that only machines have touched. */
export async function untouchedIncidents(q: Queries): Promise<Incident[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident')
    .selectAll()
    .where('type', '=', 'incident')
    .where('system', '=', 1)
    .where('end_at', 'is', null)
    .orderBy('id')
    .execute();
  return records.map(toIncident);
}

/** When monitors last said something of these components; those they never spoke of are absent. */
export async function lastReports(q: Queries, components: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < components.length; from += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_report')
      .select(['component', 'at'])
      .where('component', 'in', components.slice(from, from + 500))
      .execute();
    for (const { component, at } of records) found.set(component, at);
  }
  return found;
}

/** When the end of the last trouble of each component was noted in this incident; of its story only these rows are read. */
export async function lastRecoveries(q: Queries, incident: number): Promise<Map<ComponentKey, Instant>> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_update')
    .select(['at', 'fact'])
    .where('incident', '=', incident)
    .where('fact', 'like', '%"recovery_seen"%')
    .orderBy('at')
    .orderBy('id')
    .execute();
  const found = new Map<ComponentKey, Instant>();
  for (const { at, fact: json } of records) {
    const fact = JSON.parse(json ?? 'null') as UpdateFact | null;
    if (fact?.kind === 'recovery_seen') found.set(fact.component, at);
  }
  return found;
}
