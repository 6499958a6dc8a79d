import {
  type Actor,
  actorLabel,
  addMs,
  type ComponentKey,
  type Instant,
  SignalReported,
  type Visibility,
} from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { IncidentChanged } from '../contract.ts';
import { decideReport, type ReportDecision } from '../domain/decide-report.ts';
import { type Incident, levelOfImpact } from '../domain/incident.ts';
import {
  addMembers,
  endMembers,
  insertImpact,
  insertIncident,
  insertUpdatesInOrder,
  lockIncidents,
  saveIncident,
} from '../store/incident-store.ts';
import { reportGrounds, saveReports } from '../store/report-store.ts';
import { type Place, ReportBoard, type ReportOutcome, type StatusReport } from './report-board.ts';
import type { StatusPageContext } from './status-page-context.ts';
import { tellComponents } from './tell-components.ts';

/** Under which monitors' own words are kept: apart from what incidents claim, and not looked at by what opens them. */
export const MONITOR = { source: 'status-page/monitor', name: 'report' } as const;

/**
 * Applies reports in their order, in the caller's transaction: each is decided on what the ones before it left. What
 * follows from all is written together, so that many at once cost little more than one.
 */
export async function applyReports(
  tx: Tx,
  context: StatusPageContext,
  reports: readonly StatusReport[],
): Promise<ReportOutcome[]> {
  await lockIncidents(tx);
  const now = context.clock.now();
  const keys = [...new Set(reports.map(({ component }) => component))];
  const board = new ReportBoard(await reportGrounds(tx, keys, now), now);
  const led: Led[] = [];
  for (const report of reports) {
    const decision = decideReport(report.component, report.impact, board.situation());
    led.push(await carryOut(tx, board, report, decision));
  }
  // Together: each would wait for the way to the writer and back.
  await Promise.all([write(tx, context, board, reports), audit(tx, board, reports, led)]);
  const outcomes = led.map(({ kind, incident }): ReportOutcome => ({ kind, incident: board.place(incident).incident }));
  tx.afterCommit(() => count(context, outcomes, board));
  return outcomes;
}

interface Led {
  kind: ReportOutcome['kind'];
  incident: number;
}

async function carryOut(tx: Tx, board: ReportBoard, report: StatusReport, decision: ReportDecision): Promise<Led> {
  const { component, impact } = report;
  const by = actorLabel(report.actor);
  switch (decision.kind) {
    case 'refused':
      throw new Error('A report has an impact of 1, 2 or 3.');
    case 'maintenance':
    case 'manual':
    case 'known':
      return decision;
    case 'open': {
      const place = await open(tx, board, report);
      board.join(place, component);
      const update = board.note(place, { kind: 'detected' }, by);
      board.tell(place, 'opened', { component, update });
      return { kind: 'opened', incident: place.incident.id };
    }
    case 'join': {
      const place = board.place(decision.incident);
      board.join(place, component);
      board.change(place, {});
      const update = board.note(place, { kind: 'component_added', component }, by);
      board.tell(place, 'components', { component, update });
      return { kind: 'joined', incident: place.incident.id };
    }
    case 'raise': {
      const place = board.place(decision.incident);
      board.raise(place, component, impact);
      const update = board.note(place, { kind: 'impact_changed', old: decision.from, new: impact }, by);
      board.tell(place, 'worsened', { component, update });
      return { kind: 'raised', incident: place.incident.id };
    }
    case 'move':
      return await move(tx, board, report, decision);
  }
}

async function open(tx: Tx, board: ReportBoard, { title, impact, actor }: StatusReport): Promise<Place> {
  const incident: Omit<Incident, 'id'> = {
    type: 'incident',
    title,
    description: null,
    impact,
    status: 'detected',
    start: board.now,
    end: null,
    system: true,
    version: 1,
    createdAt: board.now,
    modifiedAt: board.now,
    createdBy: actorLabel(actor),
    createdById: null,
    contactEmail: null,
    postmortem: null,
    postmortemAt: null,
    series: null,
    mergedInto: null,
    told: true,
  };
  return board.opened({ ...incident, id: await insertIncident(tx, incident) });
}

async function move(
  tx: Tx,
  board: ReportBoard,
  report: StatusReport,
  decision: Extract<ReportDecision, { kind: 'move' }>,
): Promise<{ kind: 'moved'; incident: number }> {
  const { component } = report;
  const by = actorLabel(report.actor);
  const source = board.place(decision.from);
  const target = decision.to === null ? await open(tx, board, report) : board.place(decision.to);
  const [from, to] = [source.incident.id, target.incident.id];
  if (decision.to === null) board.note(target, { kind: 'detected' }, by);
  else board.change(target, {});
  board.join(target, component);
  const arrived = board.note(target, { kind: 'component_moved_from', component, incident: from }, by);
  const gone = board.note(source, { kind: 'component_moved_to', component, incident: to }, by);
  const change = decision.to === null ? 'opened' : 'components';
  board.tell(target, change, { component, update: arrived });
  if (decision.closes) {
    board.close(source, component);
    const closed = board.note(source, { kind: 'closed_by_system' }, by);
    board.tell(source, 'closed', { component, update: closed });
  } else {
    board.leave(source, component, to);
    board.change(source, {});
    board.tell(source, 'components', { component, update: gone });
  }
  return { kind: 'moved', incident: to };
}

/** Statements that do not need each other's answer are sent together; those of one row keep their order. */
async function write(
  tx: Tx,
  context: StatusPageContext,
  board: ReportBoard,
  reports: readonly StatusReport[],
): Promise<void> {
  const { now } = board;
  const signals = reports.filter(({ asSignal }) => asSignal);
  const dirty = [...board.places].filter(({ dirty: isDirty }) => isDirty);
  const joined = Map.groupBy(board.joined, ({ incident }) => incident);
  const left = Map.groupBy(board.left, ({ incident, movedTo }) => `${incident} ${movedTo}`);
  const [updates, saved] = await Promise.all([
    insertUpdatesInOrder(tx, board.updates),
    Promise.all(dirty.map(({ incident }) => saveIncident(tx, incident))),
    ...[...joined].map(([incident, members]) => addMembers(tx, incident, members)),
    ...[...left.values()].map((members) => endLeft(tx, members, now)),
    ...dirty
      .filter(({ raised }) => raised)
      .map(({ incident: { id, impact } }) => insertImpact(tx, { incident: id, from: now, impact })),
    saveReports(
      tx,
      signals.map(({ component, impact }) => ({ component, impact, at: now })),
    ),
    ...signals.map((report) => reportSignal(tx, context, report, board)),
  ]);
  if (saved.includes(false)) throw new Error('An incident was changed by somebody who did not hold the lock.');
  for (const place of dirty) place.incident = { ...place.incident, version: place.incident.version + 1 };
  await announce(tx, context, board, updates);
}

async function endLeft(tx: Tx, members: ReportBoard['left'], at: Instant): Promise<void> {
  const [first] = members;
  if (first === undefined) return;
  const components = members.map(({ component }) => component);
  await endMembers(tx, first.incident, { components, at, movedTo: first.movedTo });
}

async function reportSignal(tx: Tx, context: StatusPageContext, report: StatusReport, board: ReportBoard) {
  const { component, impact, summary } = report;
  await context.journal.publish(tx, SignalReported, {
    key: component,
    payload: {
      ...MONITOR,
      component,
      level: levelOfImpact(impact),
      ...(summary === null ? {} : { summary }),
      observedAt: board.now,
      expiresAt: addMs(board.now, context.config().report_life),
      required: false,
    },
  });
}

/** Claims first and what takes claims back last, so that a component that moves never looks well in between. */
async function announce(
  tx: Tx,
  context: StatusPageContext,
  board: ReportBoard,
  updates: readonly number[],
): Promise<void> {
  const touched = [...board.places].filter(({ told }) => told.size > 0);
  const gains = (place: Place) => [...place.told.values()].some(({ to }) => to === null) && place.incident.end === null;
  const visibility: Visibility = 'public';
  await Promise.all([
    ...[...touched.filter(gains), ...touched.filter((place) => !gains(place))].map((place) =>
      tellComponents(tx, context, place.incident, {
        members: [...place.told.values()],
        ...(place.raised ? { since: board.now } : {}),
      }),
    ),
    ...board.changes.map(({ place: { incident }, change, told }) =>
      context.journal.publish(tx, IncidentChanged, {
        key: `incident/${incident.id}`,
        payload: {
          id: incident.id,
          change,
          version: incident.version,
          updates: told.flatMap(({ update }) => updates[update] ?? []),
          components: [...new Set(told.map(({ component }) => component))],
          visibility,
        },
      }),
    ),
  ]);
}

const CHANGES: readonly ReportOutcome['kind'][] = ['opened', 'joined', 'moved', 'raised'];

/** One entry for each who reported: what was said again or by work under way leaves none. */
async function audit(
  tx: Tx,
  { now: at }: ReportBoard,
  reports: readonly StatusReport[],
  led: readonly Led[],
): Promise<void> {
  const byActor = new Map<string, { actor: Actor; components: ComponentKey[]; words: string[] }>();
  reports.forEach(({ actor, component, impact }, index) => {
    const outcome = led[index];
    if (outcome === undefined || !CHANGES.includes(outcome.kind)) return;
    const label = actorLabel(actor);
    const entry = byActor.get(label) ?? { actor, components: [], words: [] };
    byActor.set(label, entry);
    entry.components.push(component);
    entry.words.push(`${component} impact ${impact}: ${outcome.kind} ${outcome.incident}`);
  });
  for (const { actor, components, words } of byActor.values()) {
    const subject = words.length === 1 ? `component:${components[0] ?? ''}` : `components:${words.length}`;
    const details = { reports: words.length, outcomes: words.slice(0, 20) };
    await emitAudit(tx, { at, actor, action: 'status-page.reported', subject, details });
  }
}

function count({ metrics }: StatusPageContext, outcomes: readonly ReportOutcome[], { changes }: ReportBoard): void {
  for (const { kind } of outcomes) metrics.report(kind === 'manual' ? 'known' : kind);
  for (const { change } of changes) {
    if (change === 'opened' || change === 'closed') metrics.incident(change, 'machine');
  }
}
