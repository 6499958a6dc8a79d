import type { Instant } from '../../../core/index.ts';
import type { Incident, UpdateFact, Window } from './incident.ts';
import type { Mistake } from './mistake.ts';
import type { UpdateEffect, UpdateRequest, UpdateSituation } from './update-request.ts';
import { updateTime } from './update-time.ts';

/** Something broke: specification §3.2, §9.2, §9.5. */
export function incidentUpdate(request: UpdateRequest, situation: UpdateSituation): UpdateEffect | Mistake[] {
  if (request.impact === 0) return [{ field: 'impact', reason: 'impact_zero' }];
  return situation.incident.end === null ? whileOpen(request, situation) : onceClosed(request, situation);
}

function whileOpen(request: UpdateRequest, situation: UpdateSituation): UpdateEffect | Mistake[] {
  const { incident } = situation;
  const mistakes = mistakesWhileOpen(request, incident);
  const time = updateTime(request.at, { ...situation, start: incident.start });
  if ('reason' in time) mistakes.push({ field: 'at', reason: time.reason });
  if ('reason' in time || mistakes.length > 0) return mistakes;
  const { at } = time;
  if (request.status === 'resolved') {
    return { incident: { ...incident, status: 'resolved', end: at }, at, fact: null, kind: 'closed', impactFrom: null };
  }
  if (request.status !== 'impact changed') {
    return { incident: { ...incident, status: request.status }, at, fact: null, kind: 'updated', impactFrom: null };
  }
  // The row tells the change; what is being done about it goes on.
  const { impact = incident.impact } = request;
  const fact: UpdateFact = { kind: 'impact_changed', old: incident.impact, new: impact };
  const kind = impact > incident.impact ? 'worsened' : 'updated';
  // Machines may have raised it after the moment that this is about: what people say comes after that.
  const impactFrom = at < situation.impactSince ? situation.impactSince : at;
  return { incident: { ...incident, impact }, at, fact, kind, impactFrom };
}

function mistakesWhileOpen({ status, impact, start, end }: UpdateRequest, incident: Incident): Mistake[] {
  const mistakes: Mistake[] = [];
  if (start !== undefined && start !== incident.start) mistakes.push({ field: 'start', reason: 'start_fixed' });
  if (end !== undefined) mistakes.push({ field: 'end', reason: 'end_fixed' });
  const changes = impact !== undefined && impact !== incident.impact;
  if (changes && status !== 'impact changed') mistakes.push({ field: 'impact', reason: 'impact_needs_status' });
  if (!changes && status === 'impact changed') {
    mistakes.push({ field: 'impact', reason: impact === undefined ? 'impact_missing' : 'impact_same' });
  }
  return mistakes;
}

function onceClosed(request: UpdateRequest, situation: UpdateSituation): UpdateEffect | Mistake[] {
  const { incident, now, impactSince } = situation;
  const { impact = incident.impact } = request;
  const changes = impact !== incident.impact;
  if (request.status === 'reopened') {
    const mistakes = datesLeftAlone(request, incident);
    if (mistakes.length > 0) return mistakes;
    const fact: UpdateFact | null = changes ? { kind: 'impact_changed', old: incident.impact, new: impact } : null;
    const reopened: Incident = { ...incident, status: 'reopened', end: null, impact, mergedInto: null };
    return { incident: reopened, at: now, fact, kind: 'reopened', impactFrom: changes ? now : null };
  }
  const window = { start: request.start ?? incident.start, end: request.end ?? incident.end };
  const mistakes = windowMistakes(window, now);
  if (request.at !== undefined && request.at > now) mistakes.push({ field: 'at', reason: 'in_future' });
  if (mistakes.length > 0) return mistakes;
  const moved = window.start !== incident.start || window.end !== incident.end;
  const old: Window = { start: incident.start, end: incident.end };
  const fact: UpdateFact | null = moved ? { kind: 'window_changed', old, new: window } : null;
  // It was never what was believed last: the correction holds from the moment that was written for.
  const from: Instant = impactSince < window.start ? window.start : impactSince;
  const changed = { ...incident, ...window, impact };
  return { incident: changed, at: request.at ?? now, fact, kind: 'updated', impactFrom: changes ? from : null };
}

function datesLeftAlone({ start, end }: UpdateRequest, incident: Incident): Mistake[] {
  const mistakes: Mistake[] = [];
  if (start !== undefined && start !== incident.start) mistakes.push({ field: 'start', reason: 'start_fixed' });
  if (end !== undefined && end !== incident.end) mistakes.push({ field: 'end', reason: 'end_fixed' });
  return mistakes;
}

function windowMistakes({ start, end }: Window, now: Instant): Mistake[] {
  const mistakes: Mistake[] = [];
  if (start > now) mistakes.push({ field: 'start', reason: 'in_future' });
  if (end !== null && end > now) mistakes.push({ field: 'end', reason: 'in_future' });
  if (end !== null && end <= start) mistakes.push({ field: 'end', reason: 'end_before_start' });
  return mistakes;
}
