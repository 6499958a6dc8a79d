import { DAY } from '../../../core/index.ts';

/** One local day as moments in milliseconds: [from, until). 23 or 25 hours long when clocks change. */
export interface LocalDay {
  /** `YYYY-MM-DD` in the zone. */
  day: string;
  from: number;
  until: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

/** Local time of the zone, written as if it were UTC. */
function localMs(zone: string, moment: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function offsetAt(zone: string, moment: number): number {
  const whole = Math.floor(moment / 1000) * 1000;
  return localMs(zone, whole) - whole;
}

/** Every board asks for the same ninety days of the same zone, and `Intl` is slow to answer. */
const begun = new Map<string, Pick<LocalDay, 'day' | 'from'>>();
const KEPT = 2000;

function beginOf(zone: string, date: number): Pick<LocalDay, 'day' | 'from'> {
  const key = `${zone} ${date}`;
  const known = begun.get(key);
  if (known) return known;
  const found = { day: dateText(date), from: startOfDay(zone, date) };
  if (begun.size >= KEPT) begun.clear();
  begun.set(key, found);
  return found;
}

/** The first moment of a local date, also where midnight is skipped or comes twice. `date` is its midnight as UTC. */
function startOfDay(zone: string, date: number): number {
  const before = offsetAt(zone, date - DAY);
  const candidates = [before, offsetAt(zone, date + DAY)].map((offset) => date - offset);
  const real = candidates.filter((moment) => moment + offsetAt(zone, moment) === date);
  return real.length > 0 ? Math.min(...real) : date - before;
}

function dateText(date: number): string {
  return new Date(date).toISOString().slice(0, 10);
}

/** The `count` local days that end with the one `now` is in; the last one is cut at `now`. */
export function lastLocalDays(zone: string, now: number, count: number): LocalDay[] {
  const local = localMs(zone, now);
  const today = local - (((local % DAY) + DAY) % DAY);
  return Array.from({ length: count }, (_, index) => beginOf(zone, today - (count - 1 - index) * DAY))
    .map(({ day, from }, index, all) => ({ day, from, until: all[index + 1]?.from ?? Math.max(now, from) }))
    .filter(({ from, until }, index, all) => until > from || index === all.length - 1);
}
