import { AppError, type Instant, momentOf, toInstant, toMs, wallMs } from '../../../core/index.ts';

/** A time on a clock on the wall, without saying where: `YYYY-MM-DDTHH:MM`, as a form's field gives it. */
export type LocalTime = string;

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::00)?$/;

/** Years that local times may have: what clocks showed before has little to do with zones. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 9998;

/** A local time as milliseconds, as if it were UTC. */
export function parseLocal(local: LocalTime): number {
  const numbers = LOCAL.exec(local)?.slice(1).map(Number);
  if (numbers !== undefined) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = numbers;
    const wall = Date.UTC(year, month - 1, day, hour, minute);
    const exists = formatLocal(wall) === local.slice(0, 16);
    if (exists && year >= FIRST_YEAR && year <= LAST_YEAR) return wall;
  }
  throw new AppError(
    'invalid',
    `"${local.slice(0, 40)}" is not a date and time: write YYYY-MM-DDTHH:MM, with a year from ${FIRST_YEAR} to ${LAST_YEAR}.`,
  );
}

export function formatLocal(wall: number): LocalTime {
  return toInstant(wall).slice(0, -':00.000Z'.length);
}

export function localToInstant(local: LocalTime, zone: string): Instant {
  return toInstant(momentOf(parseLocal(local), zone));
}

/** What the clocks of the zone show, seconds left out. */
export function instantToLocal(instant: Instant, zone: string): LocalTime {
  return formatLocal(wallMs(toMs(instant), zone));
}
