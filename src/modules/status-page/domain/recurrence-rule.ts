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

/** The parts that a rule may have. */
export const RULE_PARTS = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'COUNT', 'UNTIL'];

/** What is wrong with a rule; pages say it in the visitor's language, with what to write instead. */
export type RuleMistake =
  | { code: 'too_long'; most: number }
  | { code: 'no_part'; part: string }
  | { code: 'unsupported'; part: string }
  | { code: 'twice'; part: string }
  | { code: 'frequency_missing' }
  | { code: 'frequency_unsupported'; value: string }
  | { code: 'no_number'; part: string; value: string; least: number; most: number }
  | { code: 'no_weekday'; value: string }
  | { code: 'weekday_counted'; value: string; frequency: Frequency; plain: string }
  | { code: 'no_until'; value: string }
  | { code: 'month_days_weekly' }
  | { code: 'count_and_until' };

export class RuleRefusal extends AppError {
  readonly mistake: RuleMistake;

  constructor(mistake: RuleMistake) {
    const { code, ...values } = mistake;
    super('invalid', `The recurrence cannot be used: ${[code, ...Object.values(values)].join(' ')}`);
    this.mistake = mistake;
  }
}

function refuse(mistake: RuleMistake): never {
  throw new RuleRefusal(mistake);
}

/** `FREQ=MONTHLY;BYDAY=-1FR`, with or without `RRULE:` before it. What is refused is named by a code. */
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
    refuse({ code: 'month_days_weekly' });
  }
  if (rule.count !== null && rule.until !== null) refuse({ code: 'count_and_until' });
  return rule;
}

function partsOf(text: string): Map<string, string> {
  if (text.length > MOST_CHARACTERS) refuse({ code: 'too_long', most: MOST_CHARACTERS });
  const parts = new Map<string, string>();
  const written = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
  for (const part of written.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at));
    if (at < 1) refuse({ code: 'no_part', part: part.slice(0, 40) });
    if (!RULE_PARTS.includes(name)) refuse({ code: 'unsupported', part: name.slice(0, 40) });
    if (parts.has(name)) refuse({ code: 'twice', part: name });
    parts.set(name, part.slice(at + 1));
  }
  return parts;
}

function frequencyOf(value: string | undefined): Frequency {
  const known = FREQUENCIES.find((frequency) => frequency === value);
  if (known !== undefined) return known;
  if (value === undefined) return refuse({ code: 'frequency_missing' });
  return refuse({ code: 'frequency_unsupported', value: value.slice(0, 40) });
}

function wholeOf(name: string, value: string, least: number, most: number): number {
  const number = /^\+?\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  return refuse({ code: 'no_number', part: name, value: value.slice(0, 40), least, most });
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
  if (weekday === -1 || !sound) refuse({ code: 'no_weekday', value: item.slice(0, 40) });
  if (number === null) return { weekday, ordinal: null };
  if (frequency === 'DAILY' || frequency === 'WEEKLY') {
    refuse({ code: 'weekday_counted', value: item, frequency, plain: String(name) });
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
    refuse({ code: 'no_until', value: value.slice(0, 40) });
  }
  return time === undefined ? { kind: 'date', date } : { kind: 'moment', at };
}
