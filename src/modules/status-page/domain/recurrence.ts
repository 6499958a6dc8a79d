import { AppError, DAY, type Instant, MINUTE, momentOf, parseZone, toInstant, toMs } from '../../../core/index.ts';
import { matcherOf, weekdayOf } from './recurrence-days.ts';
import type { RecurrenceRule } from './recurrence-rule.ts';
import { formatLocal, LAST_YEAR, type LocalTime, parseLocal } from './zoned-time.ts';

export { parseRecurrence, type RecurrenceRule } from './recurrence-rule.ts';

export interface RecurrencePlan {
  /** IANA name. */
  zone: string;
  /** The first start; its time of day is that of all. Where it is no day of the rule, the first is the next that is. */
  startLocal: LocalTime;
  durationMinutes: number;
  /** Local dates `YYYY-MM-DD` that are left out; they count for COUNT all the same. */
  exceptions: readonly string[];
}

export interface Occurrence {
  start: Instant;
  end: Instant;
  /** The local date that the rule means, also where the clocks moved the start away from it. */
  localDate: string;
}

/** What lasts longer is not repeated but one maintenance. */
const MOST_MINUTES = 31 * 24 * 60;

/**
 * How many days are looked at, whatever the rule: the calendar repeats itself after 400 years, so what has not come by
 * then will not come.
 */
const MOST_DAYS = 146_097;

const END = Date.UTC(LAST_YEAR + 1, 0, 1);

/** No zone is further than that from UTC, changes of the clocks included. */
const ZONES_APART = 2 * DAY;

/**
 * The occurrences that overlap [from, until), in order, at most `most`. The time on the wall stays the same when the
 * clocks change; one that is skipped moves forward, one that comes twice is the first. The duration is exact.
 */
export function occurrences(
  rule: RecurrenceRule,
  plan: RecurrencePlan,
  window: { from: Instant; until: Instant },
  most = 400,
): Occurrence[] {
  const duration = durationOf(plan);
  const [from, until] = [toMs(window.from), toMs(window.until)];
  const zone = parseZone(plan.zone);
  if (from >= until) return [];
  const exceptions = new Set(plan.exceptions);
  const found: Occurrence[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const wall of starts(rule, plan, { from: from - duration - ZONES_APART, until: until + ZONES_APART })) {
    if (found.length >= most || isAfterUntil(rule, wall)) break;
    if (wall + duration + ZONES_APART <= from) continue;
    const localDate = formatLocal(wall).slice(0, 10);
    if (exceptions.has(localDate)) continue;
    const start = momentOf(wall, zone);
    if (rule.until?.kind === 'moment' && start > rule.until.at) break;
    // A zone that skips a day puts two starts on one moment.
    if (start >= until || start + duration <= from || start <= previous) continue;
    previous = start;
    found.push({ start: toInstant(start), end: toInstant(start + duration), localDate });
  }
  return found;
}

function durationOf({ durationMinutes }: RecurrencePlan): number {
  if (Number.isInteger(durationMinutes) && durationMinutes >= 1 && durationMinutes <= MOST_MINUTES) {
    return durationMinutes * MINUTE;
  }
  throw new AppError('invalid', `A recurring maintenance lasts from 1 to ${MOST_MINUTES} whole minutes (31 days).`);
}

/** False while the zone still has to be asked. */
function isAfterUntil({ until }: RecurrenceRule, wall: number): boolean {
  if (until === null) return false;
  return until.kind === 'date' ? formatLocal(wall).slice(0, 10) > until.date : wall - ZONES_APART > until.at;
}

interface Range {
  from: number;
  until: number;
}

/** Local starts in order, as if they were UTC, all of those in the range and some of those before it. */
function* starts(rule: RecurrenceRule, plan: RecurrencePlan, range: Range): Generator<number> {
  const first = parseLocal(plan.startLocal);
  const timeOfDay = first % DAY;
  const matches = matcherOf(rule, first - timeOfDay);
  let counted = 0;
  let looked = 0;
  // What COUNT counts has to be counted from the start.
  for (const period of periods(rule, first, rule.count === null ? range.from : first)) {
    for (let day = period.from; day < period.until; day += DAY) {
      if (day >= END || day >= range.until || looked++ >= MOST_DAYS) return;
      if (day + timeOfDay < first || !matches(day)) continue;
      yield day + timeOfDay;
      if (++counted === rule.count) return;
    }
  }
}

/** The days, weeks, months or years that INTERVAL leaves, from the one with `first` in it; whole ones before `from` are skipped. */
function* periods(rule: RecurrenceRule, first: number, from: number): Generator<Range> {
  const { frequency, interval } = rule;
  if (frequency === 'DAILY' || frequency === 'WEEKLY') {
    const length = frequency === 'DAILY' ? DAY : 7 * DAY;
    const begin = frequency === 'DAILY' ? first - (first % DAY) : mondayOf(first);
    const skipped = Math.max(0, Math.floor((from - begin) / (length * interval)));
    for (let start = begin + skipped * length * interval; start < END; start += length * interval) {
      yield { from: start, until: start + length };
    }
    return;
  }
  const months = frequency === 'MONTHLY' ? 1 : 12;
  const begin = monthNumber(first) - (monthNumber(first) % months);
  const skipped = Math.max(0, Math.floor((monthNumber(Math.max(from, first)) - begin) / (months * interval)));
  for (let month = begin + skipped * months * interval; month < 12 * (LAST_YEAR + 1); month += months * interval) {
    yield { from: firstOfMonth(month), until: firstOfMonth(month + months) };
  }
}

function mondayOf(wall: number): number {
  const day = wall - (wall % DAY);
  return day - weekdayOf(day) * DAY;
}

/** Months since the year 0. */
function monthNumber(wall: number): number {
  const date = new Date(wall);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function firstOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}
