import type { Instant } from '../../../core/index.ts';
import { statusByClock } from './clock-rules.ts';
import type { Incident, UpdateFact, Window } from './incident.ts';
import type { Mistake } from './mistake.ts';
import type { UpdateEffect, UpdateRequest, UpdateSituation } from './update-request.ts';
import { notBefore } from './update-time.ts';

/** Something is planned, or is to be known: specification §3.2, §9.3, §9.5. */
export function plannedUpdate(request: UpdateRequest, situation: UpdateSituation): UpdateEffect | Mistake[] {
  const { incident, lastWritten, now } = situation;
  const mistakes: Mistake[] = [];
  if (request.impact !== undefined && request.impact !== 0) {
    mistakes.push({ field: 'impact', reason: 'impact_not_zero' });
  }
  const asked = request.at ?? now;
  const at = lastWritten === null ? asked : notBefore(asked, lastWritten);
  if (asked > now) mistakes.push({ field: 'at', reason: 'in_future' });
  else if (at === null) mistakes.push({ field: 'at', reason: 'before_update' });
  if (at === null || mistakes.length > 0) return mistakes;
  const given: Window = { start: request.start ?? incident.start, end: request.end ?? incident.end };
  const window = windowAfter(request, { incident, given, at, now });
  if ('reason' in window) return [window];
  if (window.end !== null && window.end < window.start) return [{ field: 'end', reason: 'end_before_start' }];
  if (given.end !== null && given.end <= given.start) return [{ field: 'end', reason: 'end_before_start' }];
  const old: Window = { start: incident.start, end: incident.end };
  const moved = given.start !== old.start || given.end !== old.end;
  const fact: UpdateFact | null = moved ? { kind: 'window_changed', old, new: given } : null;
  const ends = request.status === 'completed' || request.status === 'cancelled';
  const kind = ends && incident.status !== request.status ? 'closed' : 'updated';
  // `modified` is a row about the window; where in it we are follows from the clock.
  const status = request.status === 'modified' ? statusByClock({ ...incident, ...window }, now) : request.status;
  return { incident: { ...incident, ...window, status }, at, fact, kind, impactFrom: null };
}

interface Moment {
  incident: Incident;
  given: Window;
  at: Instant;
  now: Instant;
}

/** Who says that it began or ended moves its window there, once; repeating it is only a note. */
function windowAfter(request: UpdateRequest, { incident, given, at, now }: Moment): Window | Mistake {
  const again = incident.status === request.status;
  switch (request.status) {
    case 'in_progress':
    case 'active':
      if (given.end !== null && at >= given.end) return { field: 'at', reason: 'after_end' };
      return again || isOver(incident) || request.start !== undefined ? given : { ...given, start: at };
    case 'completed': {
      if (now < given.start) return { field: 'status', reason: 'not_started' };
      if (notBefore(at, given.start) === null) return { field: 'at', reason: 'before_start' };
      return again || request.end !== undefined ? given : { ...given, end: at < given.start ? given.start : at };
    }
    default:
      return given;
  }
}

function isOver({ status }: Incident): boolean {
  return status === 'completed';
}
