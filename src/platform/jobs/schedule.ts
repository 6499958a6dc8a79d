import { Cron } from 'croner';
import { addMs, type Instant } from '../../core/index.ts';
import type { Job } from './jobs.ts';

type Schedule = Job['schedule'];

/** When a run that starts at `start` is followed by the next. */
export function nextAfter(schedule: Schedule, start: Instant): Instant {
  if ('everyMs' in schedule) return addMs(start, schedule.everyMs);
  const next = cronOf(schedule).nextRun(new Date(start));
  if (next === null) throw new Error(`The cron pattern "${schedule.cron}" never comes after ${start}.`);
  return next.toISOString();
}

/** When a job nobody has ever run is due: at once, or with a pattern at its next time. */
export function firstRun(schedule: Schedule, now: Instant): Instant {
  return 'everyMs' in schedule ? now : nextAfter(schedule, now);
}

/** Throws for a pattern or zone that is none, so that it is found when the job is added. */
export function checkSchedule(schedule: Schedule): void {
  if ('everyMs' in schedule && !(schedule.everyMs > 0)) throw new Error('everyMs must be more than 0.');
  // A zone is looked at only when a time is computed.
  nextAfter(schedule, '2000-01-01T00:00:00.000Z');
}

function cronOf({ cron, zone }: { cron: string; zone: string }): Cron {
  return new Cron(cron, { timezone: zone, paused: true });
}
