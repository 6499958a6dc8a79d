import { type Instant, MINUTE, SECOND, toInstant, toMs } from '../../../core/index.ts';
import type { IncidentStatus, IncidentUpdate } from './incident.ts';
import type { MistakeReason } from './mistake.ts';

/** Rows about dates of the whole say nothing about when somebody wrote next (specification §9.2). */
const NOT_COUNTED: readonly IncidentStatus[] = ['changed', 'modified'];

/** The newest moment for which a person wrote; what the program noted never stands in the way. */
export function lastWritten(updates: readonly Pick<IncidentUpdate, 'at' | 'status' | 'text'>[]): Instant | null {
  const counted = updates.filter(({ status, text }) => text !== null && !NOT_COUNTED.includes(status));
  return counted.reduce<Instant | null>((last, { at }) => (last === null || at > last ? at : last), null);
}

/** The oldest such moment; rows about dates count as well, since somebody knew by then. */
export function firstWritten(updates: readonly Pick<IncidentUpdate, 'at' | 'text'>[]): Instant | null {
  const written = updates.filter(({ text }) => text !== null).map(({ at }) => at);
  return written.sort()[0] ?? null;
}

export function floorTo(instant: Instant, unit: number): Instant {
  return toInstant(Math.floor(toMs(instant) / unit) * unit);
}

/**
 * A field for date and time gives whole minutes. Such a moment in the same minute as what came before is taken as the
 * moment right with it, so that two updates may be written within one minute.
 */
export function notBefore(at: Instant, bound: Instant): Instant | null {
  if (floorTo(at, SECOND) >= floorTo(bound, SECOND)) return at;
  const isWholeMinute = at === floorTo(at, MINUTE);
  return isWholeMinute && at === floorTo(bound, MINUTE) ? bound : null;
}

export interface Bounds {
  start: Instant;
  lastWritten: Instant | null;
  now: Instant;
}

/** The moment an update is about, or what is wrong with it. */
export function updateTime(
  asked: Instant | undefined,
  { start, lastWritten: last, now }: Bounds,
): { at: Instant } | { reason: MistakeReason } {
  const given = asked ?? now;
  if (given > now) return { reason: 'in_future' };
  const afterStart = notBefore(given, start);
  if (afterStart === null) return { reason: 'before_start' };
  const at = last === null ? afterStart : notBefore(afterStart, last);
  return at === null ? { reason: 'before_update' } : { at };
}
