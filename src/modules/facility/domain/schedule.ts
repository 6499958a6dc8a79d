import { addMs, type Instant, MINUTE, SECOND, type UpstreamReason } from '../../../core/index.ts';
import { nextMidnight } from './updated-ago.ts';

/** What decides when a project is read next. */
export interface ReadingState {
  dirty: boolean;
  startedAt: Instant | null;
  nextAt: Instant;
  holdUntil: Instant | null;
}

/**
 * When the next reading may begin: at once after the first event, at least `coalesceMs` after the start of the last
 * one, never before a pause is over.
 */
export function readingDueAt(state: ReadingState, coalesceMs: number): Instant {
  const afterLast = state.startedAt === null ? state.nextAt : addMs(state.startedAt, coalesceMs);
  const wanted = state.dirty && afterLast < state.nextAt ? afterLast : state.nextAt;
  return state.holdUntil !== null && state.holdUntil > wanted ? state.holdUntil : wanted;
}

/** `at`, or the millisecond after `last` where a clock has not moved or has gone back since. Empty: nothing was before. */
export function laterThan(last: Instant | null, at: Instant): Instant {
  return last !== null && last !== '' && at <= last ? addMs(last, 1) : at;
}

/** The regular next reading: after the interval, and when a day begins, since ages are counted in days. */
export function regularReading(now: Instant, intervalMs: number, zone: string): Instant {
  const [regular, midnight] = [addMs(now, intervalMs), nextMidnight(now, zone)];
  return midnight < regular ? midnight : regular;
}

/** How long to leave GitLab alone after the n-th failure in a row: one minute, growing to five. */
export function pauseAfterFailure(failures: number, retryAfterSeconds: number | undefined): number {
  const growing = Math.min(5, 2 ** Math.max(0, failures - 1)) * MINUTE;
  return Math.max(growing, (retryAfterSeconds ?? 0) * SECOND);
}

/** Whether an event may end such a pause: it shows that GitLab lives, but changes nothing about a limit or a token. */
export function eventEndsPause(reason: UpstreamReason | null): boolean {
  return reason === 'server' || reason === 'timeout' || reason === 'unreachable';
}
