import { DAY } from './clock.ts';
import { AppError } from './errors.ts';

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

/** Other ways to write a zone, as a configuration may; bounded, since visitors name zones as well. */
const others = new Map<string, string>();
const MOST_OTHERS = 1000;

function canonicalOf(zone: string): string {
  const known = others.get(zone);
  if (known !== undefined) return known;
  const canonical = parseZone(zone);
  if (others.size < MOST_OTHERS) others.set(zone, canonical);
  return canonical;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const canonical = canonicalOf(zone);
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

/** What the clocks of the zone show, as milliseconds as if it were UTC. */
export function wallMs(moment: number, zone: string): number {
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
