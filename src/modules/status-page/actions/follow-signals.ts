import {
  ANONYMOUS,
  type ComponentKey,
  compareSeverity,
  isAtLeast,
  isSeverity,
  matchesPattern,
  system,
  type WhySignal,
} from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { type IncidentChange, IncidentChanged } from '../contract.ts';
import { impactOfLevel } from '../domain/incident.ts';
import { findIncidents, insertUpdates, lockIncidents, saveIncident } from '../store/incident-store.ts';
import { holdersOf } from '../store/report-store.ts';
import { deleteTrouble, findTroubles, saveTrouble, type Trouble } from '../store/trouble-store.ts';
import { applyReports, MONITOR } from './apply-reports.ts';
import { lineOf } from './report-status.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { SOURCE } from './tell-components.ts';

const MACHINES = system('status-page');

/**
 * What signals of machines make of a component leads to where reports lead: a trouble opens or worsens an incident once,
 * and its end is noted once; only people close. It looks at how things are now, so that an event may come twice or late.
 * machine-driven: only the journal calls it; the signals were let in by whoever took them.
 */
export async function followSignals(
  tx: Tx,
  context: StatusPageContext,
  components: readonly ComponentKey[],
): Promise<void> {
  const patterns = context.config().incident_patterns;
  const followed = [...new Set(components)].filter((key) => patterns.some((pattern) => matchesPattern(pattern, key)));
  if (followed.length === 0) return;
  const [statuses, troubles] = await Promise.all([
    context.components.statuses(MACHINES, followed),
    findTroubles(tx, followed),
  ]);
  for (const component of followed) {
    const status = statuses.get(component);
    const before = troubles.get(component) ?? null;
    if (status !== undefined) await follow(tx, context, { component, signals: status.why.signals, before });
    // It has left the catalogue: its signals are gone with it, and nobody said that it works.
    else if (before !== null) await forgetUnheld(tx, context, component);
  }
}

interface Followed {
  component: ComponentKey;
  signals: readonly WhySignal[];
  before: Trouble | null;
}

async function follow(tx: Tx, context: StatusPageContext, { component, signals, before }: Followed): Promise<void> {
  const worst = worstTrouble(signals.filter(({ source, live }) => live && !isOwn(source)));
  const impact = worst && impactOfLevel(worst.level);
  if (worst !== null && (impact === 1 || impact === 2 || impact === 3)) {
    if (before === null || before.impact < impact) await open(tx, context, { component, impact, signal: worst });
  } else if (before !== null) {
    if (worstTrouble(signals.filter(isUnsettled)) === null) await noteRecovery(tx, context, component);
    else await forgetUnheld(tx, context, component);
  }
}

/** Silence is no recovery, but of monitors that report on `/api/v1`: they know no other way to say that all is well. */
function isUnsettled({ source, live }: WhySignal): boolean {
  return source !== SOURCE && (live || source !== MONITOR.source);
}

/**
 * What is wrong when work on it ends opens an incident then, although its signals say nothing new; what nobody speaks of
 * any more is forgotten when no incident holds it any more.
 */
export async function followIncidents(
  tx: Tx,
  context: StatusPageContext,
  changes: readonly { id: number; change: IncidentChange; components: readonly ComponentKey[] }[],
): Promise<void> {
  const ids = [...new Set(changes.map(({ id }) => id))];
  const left = changes.filter(({ change }) => LEAVING.includes(change)).flatMap(({ components }) => components);
  const [maintenances, troubles] = await Promise.all([
    findIncidents(tx, ids, 'maintenance'),
    findTroubles(tx, [...new Set(left)]),
  ]);
  const work = new Set(maintenances.map(({ id }) => id));
  const worked = changes.filter(({ id }) => work.has(id)).flatMap(({ components }) => components);
  await followSignals(tx, context, [...worked, ...troubles.keys()]);
}

/** After these an incident may hold less than before. */
const LEAVING: readonly IncidentChange[] = ['closed', 'components'];

/** Incidents' own claims, and monitors' reports, which have led to theirs when they came. */
function isOwn(source: string): boolean {
  return source === SOURCE || source.startsWith(`${SOURCE}/`);
}

function worstTrouble(signals: readonly WhySignal[]): WhySignal | null {
  return signals
    .filter(({ level }) => isAtLeast(level, 'degraded'))
    .reduce<WhySignal | null>((worst, signal) => {
      if (worst === null || !isSeverity(worst.level) || !isSeverity(signal.level)) return signal;
      return compareSeverity(signal.level, worst.level) > 0 ? signal : worst;
    }, null);
}

async function open(
  tx: Tx,
  context: StatusPageContext,
  { component, impact, signal }: { component: ComponentKey; impact: 1 | 2 | 3; signal: WhySignal },
): Promise<void> {
  const isPublic = (await context.components.statuses(ANONYMOUS, [component])).has(component);
  const words = isPublic && !signal.confidential ? lineOf(signal.summary ?? undefined) : null;
  const title = words ?? context.config().incident_title;
  const actor = system(signal.source);
  const report = { component, impact, title, summary: null, actor, asSignal: false } as const;
  const [outcome] = await applyReports(tx, context, [report]);
  // While work goes on nothing is opened; what is still wrong at its end is looked at again then.
  if (outcome?.kind === 'maintenance') return;
  await saveTrouble(tx, { component, impact, at: context.clock.now() });
}

/**
 * Nobody says any more that it is broken, nor that it works. Once no incident holds it, a monitor that comes back tells
 * of a new trouble.
 */
async function forgetUnheld(tx: Tx, { clock }: StatusPageContext, component: ComponentKey): Promise<void> {
  await lockIncidents(tx);
  const holders = await holdersOf(tx, component, clock.now());
  if (!holders.some(({ type }) => type === 'incident')) await deleteTrouble(tx, component);
}

async function noteRecovery(tx: Tx, context: StatusPageContext, component: ComponentKey): Promise<void> {
  await lockIncidents(tx);
  await deleteTrouble(tx, component);
  const now = context.clock.now();
  const holders = await holdersOf(tx, component, now);
  const incident = holders.find(({ type, system: isSystem }) => type === 'incident' && isSystem);
  if (incident === undefined) return;
  const changed = { ...incident, modifiedAt: now };
  const row = { incident: incident.id, at: now, status: incident.status, system: true, text: null };
  const [update, saved] = await Promise.all([
    insertUpdates(tx, [{ ...row, fact: { kind: 'recovery_seen', component }, createdAt: now, createdBy: 'system' }]),
    saveIncident(tx, changed),
  ]);
  if (!saved) throw new Error('An incident was changed by somebody who did not hold the lock.');
  await context.journal.publish(tx, IncidentChanged, {
    key: `incident/${incident.id}`,
    payload: {
      id: incident.id,
      change: 'updated',
      version: incident.version + 1,
      updates: update === null ? [] : [update],
      components: [component],
      visibility: 'public',
    },
  });
  const details = { incident: incident.id };
  const action = 'status-page.recovery_seen';
  await emitAudit(tx, { at: now, actor: MACHINES, action, subject: `component:${component}`, details });
}
