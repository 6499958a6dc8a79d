import { type ComponentKey, type ComponentRow, type Instant, isAtLeast } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Incident } from '../domain/incident.ts';
import { isSilent } from '../domain/silence.ts';
import { lastRecoveries, lastReports, untouchedIncidents } from '../store/clock-store.ts';
import { lockIncidents, membersOf } from '../store/incident-store.ts';
import { findTroubles } from '../store/trouble-store.ts';
import { MONITOR } from './apply-reports.ts';
import { CHECKER } from './check-by-clock.ts';
import { followSignals } from './follow-signals.ts';
import { writeNotes } from './note.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { SOURCE, signalName } from './tell-components.ts';
import { writeIncident } from './write-incident.ts';

/**
 * Closes incidents that a machine opened and nobody touched once monitors have been silent for as long as
 * `auto_close` says; 0 leaves closing to people. machine-driven: only the job `status-page.check` calls it.
 */
export async function autoClose(context: StatusPageContext): Promise<number> {
  const lasting = context.config().auto_close;
  if (lasting === 0) return 0;
  const open = await untouchedIncidents(context.db);
  const held = new Set<ComponentKey>();
  for (const { component, to } of await membersOf(
    context.db,
    open.map(({ id }) => id),
  ))
    if (to === null) held.add(component);
  if (held.size === 0) return 0;
  const rows = await context.components.rows(CHECKER, { keys: [...held] });
  const bad = new Set(rows.filter((row) => saysBad(row, open)).map(({ key }) => key));
  return await context.db.write(async (tx) => {
    await lockIncidents(tx);
    // An end that no event told of, such as a report that ran out beside a signal that is well again.
    await followSignals(tx, context, [...(await findTroubles(tx, [...held])).keys()]);
    let closed = 0;
    for (const incident of await untouchedIncidents(tx)) {
      if (!(await isOver(tx, context, incident, { bad, lasting }))) continue;
      await close(tx, context, incident);
      closed += 1;
    }
    return closed;
  });
}

/**
 * Something other than the incidents themselves claims that it is broken, or claimed so and fell silent: that is no
 * recovery (rule 1 of the architecture). Only monitors that report on `/api/v1` end a trouble by their silence.
 */
function saysBad({ status }: ComponentRow, open: readonly Incident[]): boolean {
  const own = new Set(open.map(signalName));
  return status.why.signals.some(({ source, name, level, live }) => {
    if (!isAtLeast(level, 'degraded')) return false;
    if (source === SOURCE) return live && !own.has(name);
    return live || source !== MONITOR.source;
  });
}

async function isOver(
  tx: Tx,
  { clock }: StatusPageContext,
  incident: Incident,
  { bad, lasting }: { bad: ReadonlySet<ComponentKey>; lasting: number },
): Promise<boolean> {
  const present = (await membersOf(tx, [incident.id])).filter(({ to }) => to === null);
  const components = present.map(({ component }) => component);
  const [reports, troubles, recoveries] = await Promise.all([
    lastReports(tx, components),
    findTroubles(tx, components),
    lastRecoveries(tx, incident.id),
  ]);
  const watched = present.map(({ component, from }) => ({
    component,
    from,
    lastBadAt: [reports.get(component), recoveries.get(component)].filter(isSome).sort().at(-1) ?? null,
    isBad: bad.has(component) || troubles.has(component),
  }));
  return isSilent(watched, lasting, clock.now());
}

function isSome(moment: Instant | undefined): moment is Instant {
  return moment !== undefined;
}

async function close(tx: Tx, context: StatusPageContext, incident: Incident): Promise<void> {
  const now = context.clock.now();
  const note = { incident: incident.id, at: now, status: 'resolved', fact: { kind: 'auto_closed' } } as const;
  const update = await writeNotes(tx, [note], { actor: CHECKER, now });
  const after: Incident = { ...incident, status: 'resolved', end: now };
  const { version } = await writeIncident(tx, context, after, { change: 'closed', update, by: CHECKER });
  tx.afterCommit(() => context.metrics.incident('closed', 'machine'));
  await emitAudit(tx, {
    at: now,
    actor: CHECKER,
    action: 'status-page.incident_auto_closed',
    subject: `incident:${incident.id}`,
    details: { version },
  });
}
