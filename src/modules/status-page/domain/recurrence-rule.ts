import { AppError } from '../../../core/index.ts';

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** In the order of the days of a week that begins on Monday, as RFC 5545 has it unless told otherwise. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export interface ByDay {
  /** Place in `WEEKDAYS`. */
  weekday: number;
  /** Which of them in the month or year, counted from the end if negative; null: each. */
  ordinal: number | null;
}

/** The last start, inclusive: a moment, or a local date. */
export type Until = { kind: 'moment'; at: number } | { kind: 'date'; date: string };

/** The part of RFC 5545's recurrence rules that a maintenance needs. */
export interface RecurrenceRule {
  frequency: Frequency;
  interval: number;
  byDay: readonly ByDay[];
  byMonthDay: readonly number[];
  byMonth: readonly number[];
  count: number | null;
  until: Until | null;
}

const MOST_CHARACTERS = 500;
const MOST_INTERVAL = 999_999;
const MOST_COUNT = 10_000;

const REMEDIES: Readonly<Record<string, string>> = {
  BYSETPOS: 'name the day in BYDAY, such as BYDAY=-1FR for the last Friday',
  BYHOUR: 'the time of day is that of the start; plan a second recurrence for a second time',
  BYMINUTE: 'the time of day is that of the start',
  BYSECOND: 'the time of day is that of the start',
  BYWEEKNO: 'use FREQ=WEEKLY with INTERVAL, or BYMONTH',
  BYYEARDAY: 'use BYMONTH and BYMONTHDAY',
  WKST: 'leave it out; weeks begin on Monday',
  RSCALE: 'leave it out; the calendar is the Gregorian one',
  DTSTART: 'the start is a field of its own',
  EXDATE: 'dates left out are a field of their own',
};

const KNOWN = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'COUNT', 'UNTIL'];

function refuse(what: string, remedy: string): never {
  throw new AppError('invalid', `The recurrence cannot be used: ${what}. Remedy: ${remedy}.`);
}

/** `FREQ=MONTHLY;BYDAY=-1FR`, with or without `RRULE:` before it. What is refused is named, with what to write instead. */
export function parseRecurrence(text: string): RecurrenceRule {
  const parts = partsOf(text);
  const frequency = frequencyOf(parts.get('FREQ'));
  const mostWeeks = frequency === 'YEARLY' && !parts.has('BYMONTH') ? 53 : 5;
  const rule: RecurrenceRule = {
    frequency,
    interval: parts.has('INTERVAL') ? whole(parts, 'INTERVAL', 1, MOST_INTERVAL) : 1,
    byDay: list(parts, 'BYDAY').map((item) => byDayOf(item, frequency, mostWeeks)),
    byMonthDay: list(parts, 'BYMONTHDAY').map(monthDayOf),
    byMonth: list(parts, 'BYMONTH').map((item) => wholeOf('BYMONTH', item, 1, 12)),
    count: parts.has('COUNT') ? whole(parts, 'COUNT', 1, MOST_COUNT) : null,
    until: parts.has('UNTIL') ? untilOf(parts.get('UNTIL') ?? '') : null,
  };
  if (frequency === 'WEEKLY' && rule.byMonthDay.length > 0) {
    refuse('BYMONTHDAY does not go with FREQ=WEEKLY', 'use FREQ=MONTHLY, or BYDAY');
  }
  if (rule.count !== null && rule.until !== null) refuse('it has both COUNT and UNTIL', 'keep one of them');
  return rule;
}

function partsOf(text: string): Map<string, string> {
  if (text.length > MOST_CHARACTERS) refuse('it is too long', `write at most ${MOST_CHARACTERS} characters`);
  const parts = new Map<string, string>();
  const written = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
  for (const part of written.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at));
    if (at < 1) refuse(`"${part.slice(0, 40)}" is no part of a rule`, 'write NAME=VALUE, separated by semicolons');
    if (!KNOWN.includes(name)) {
      refuse(`${name.slice(0, 40)} is not supported`, REMEDIES[name] ?? `use only ${KNOWN.join(', ')}`);
    }
    if (parts.has(name)) refuse(`${name} is there twice`, 'keep one of them');
    parts.set(name, part.slice(at + 1));
  }
  return parts;
}

function frequencyOf(value: string | undefined): Frequency {
  const known = FREQUENCIES.find((frequency) => frequency === value);
  if (known !== undefined) return known;
  const what = value === undefined ? 'FREQ is missing' : `FREQ=${value.slice(0, 40)} is not supported`;
  return refuse(what, `write FREQ=${FREQUENCIES.join(', ')}`.replace(/, (\w+)$/, ' or $1'));
}

function wholeOf(name: string, value: string, least: number, most: number): number {
  const number = /^\+?\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  return refuse(`${name}=${value.slice(0, 40)} cannot be`, `write a whole number from ${least} to ${most}`);
}

function whole(parts: ReadonlyMap<string, string>, name: string, least: number, most: number): number {
  return wholeOf(name, parts.get(name) ?? '', least, most);
}

/** The different values of a list, or none. */
function list(parts: ReadonlyMap<string, string>, name: string): string[] {
  const value = parts.get(name);
  return value === undefined ? [] : [...new Set(value.split(','))];
}

function byDayOf(item: string, frequency: Frequency, mostWeeks: number): ByDay {
  const [, sign, digits, name] = /^([+-]?)(\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(item) ?? [];
  const weekday = WEEKDAYS.findIndex((day) => day === name);
  const number = digits === undefined ? null : Number(digits);
  const sound = number === null ? sign === '' : number >= 1 && number <= mostWeeks;
  if (weekday === -1 || !sound) {
    refuse(`BYDAY=${item.slice(0, 40)} cannot be`, 'write MO, TU, WE, TH, FR, SA or SU, with a number such as 2 or -1');
  }
  if (number === null) return { weekday, ordinal: null };
  if (frequency === 'DAILY' || frequency === 'WEEKLY') {
    refuse(`BYDAY=${item} has a number, which FREQ=${frequency} does not count`, `write BYDAY=${String(name)}`);
  }
  return { weekday, ordinal: sign === '-' ? -number : number };
}

function monthDayOf(item: string): number {
  const negative = item.startsWith('-');
  const day = wholeOf('BYMONTHDAY', negative ? item.slice(1) : item, 1, 31);
  return negative ? -day : day;
}

function untilOf(value: string): Until {
  const [, year = '', month = '', day = '', time] = /^(\d{4})(\d\d)(\d\d)(T\d{6}Z)?$/.exec(value) ?? [];
  const date = `${year}-${month}-${day}`;
  const clock = time === undefined ? '00:00:00' : `${time.slice(1, 3)}:${time.slice(3, 5)}:${time.slice(5, 7)}`;
  const at = Date.parse(`${date}T${clock}Z`);
  const written = `${date}T${clock}.000Z`;
  if (Number.isNaN(at) || new Date(at).toISOString() !== written) {
    refuse(
      `UNTIL=${value.slice(0, 40)} cannot be`,
      'write a date such as 20271231, or a moment in UTC such as 20271231T225959Z',
    );
  }
  return time === undefined ? { kind: 'date', date } : { kind: 'moment', at };
}
