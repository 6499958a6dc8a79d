import { system } from '../../../core/index.ts';
import { type AuditEntry, emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { byClock } from '../domain/clock-rules.ts';
import type { Incident, IncidentUpdate } from '../domain/incident.ts';
import { clockedIncidents } from '../store/clock-store.ts';
import { updatesOf } from '../store/incident-read.ts';
import { lockIncidents } from '../store/incident-store.ts';
import { settleByClock } from './settle-by-clock.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { writeIncident } from './write-incident.ts';

export const CHECKER = system('checker');

/**
 * Starts and ends maintenances and infos by the clock and writes down what was missed, with the time at which it was
 * so (specification §12). machine-driven: only the job `status-page.check` and the start call it.
 */
export async function checkByClock(context: StatusPageContext): Promise<number> {
  // Mostly there is nothing to do: that is found out without waiting for the writer.
  const due = await dueIncidents(context.db, context);
  if (due.length === 0) return 0;
  return await context.db.write(async (tx) => {
    await lockIncidents(tx);
    const found = await dueIncidents(tx, context);
    const entries: AuditEntry[] = [];
    for (const incident of found) entries.push(...(await check(tx, context, incident)));
    // After all of them: each may lock the outbox, and whoever has that locks the audit log next.
    for (const entry of entries) await emitAudit(tx, entry);
    return found.length;
  });
}

async function dueIncidents(
  q: Parameters<typeof clockedIncidents>[0],
  { clock }: Pick<StatusPageContext, 'clock'>,
): Promise<Incident[]> {
  const incidents = await clockedIncidents(q);
  const ids = incidents.map(({ id }) => id);
  const updates = Map.groupBy(await updatesOf(q, ids), ({ incident }) => incident);
  const now = clock.now();
  const rows = (id: number): readonly IncidentUpdate[] => updates.get(id) ?? [];
  return incidents.filter((incident) => byClock(incident, rows(incident.id), now) !== null);
}

async function check(tx: Tx, context: StatusPageContext, before: Incident): Promise<AuditEntry[]> {
  const settled = await settleByClock(tx, context, before, CHECKER);
  if (settled === null) return [];
  const { incident, update } = settled;
  const hasEnded = incident.status === 'completed' && before.status !== 'completed';
  const change = hasEnded ? 'closed' : 'updated';
  const { version } = await writeIncident(tx, context, incident, { change, update, by: CHECKER });
  return [
    {
      at: context.clock.now(),
      actor: CHECKER,
      action: 'status-page.status_by_clock',
      subject: `incident:${incident.id}`,
      details: { status: incident.status, statusBefore: before.status, version },
    },
  ];
}
