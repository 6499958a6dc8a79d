import { AppError, DAY, type Instant, toInstant, toMs } from '../../../core/index.ts';

/** A time on a clock on the wall, without saying where: `YYYY-MM-DDTHH:MM`, as a form's field gives it. */
export type LocalTime = string;

/** By the canonical name only, so that there are no more than there are zones, however a name is written. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone's name as the system writes it. Offsets such as +02:00 are no zones: they do not know summer. */
export function parseZone(name: string): string {
  if (/^[A-Za-z][\w+/-]{0,63}$/.test(name)) {
    try {
      return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      // Said below.
    }
  }
  throw new AppError(
    'invalid',
    `"${name.slice(0, 64)}" is not a time zone: write an IANA name such as Europe/Rome or UTC.`,
  );
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const canonical = parseZone(zone);
  const made =
    formatters.get(canonical) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: canonical,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  formatters.set(canonical, made);
  return made;
}

/** What the clocks of the zone show, written as if it were UTC. */
function wallMs(moment: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function offsetAt(moment: number, zone: string): number {
  const whole = Math.floor(moment / 1000) * 1000;
  return wallMs(whole, zone) - whole;
}

/**
 * The moment at which the clocks show `wall` (milliseconds as if it were UTC). A time that comes twice is the first of
 * the two; one that is skipped moves forward by what is skipped.
 */
export function momentOf(wall: number, zone: string): number {
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  if (before === after) return wall - before;
  const real = [wall - before, wall - after].filter((moment) => moment + offsetAt(moment, zone) === wall);
  return real.length > 0 ? Math.min(...real) : wall - before;
}

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
