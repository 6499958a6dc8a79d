import { DAY } from '../../../core/index.ts';
import type { ByDay, RecurrenceRule } from './recurrence-rule.ts';

/** A day, as the rules look at it; `at` is its midnight as if it were UTC. */
interface Day {
  at: number;
  year: number;
  month: number;
  dayOfMonth: number;
}

function dayOf(at: number): Day {
  const date = new Date(at);
  return { at, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

/** 0 is Monday; the first of January 1970 was a Thursday. */
export function weekdayOf(at: number): number {
  return (((Math.floor(at / DAY) + 3) % 7) + 7) % 7;
}

function daysInMonth({ year, month }: Day): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether the rule means a day of one of its periods. What the rule leaves open, the first day says. */
export function matcherOf(rule: RecurrenceRule, first: number): (at: number) => boolean {
  const { byDay, byMonth, byMonthDay } = completed(rule, dayOf(first));
  const ofYear = rule.frequency === 'YEARLY' && byMonth.length === 0;
  return (at) => {
    const day = dayOf(at);
    if (byMonth.length > 0 && !byMonth.includes(day.month)) return false;
    if (byMonthDay.length > 0 && !byMonthDay.some((one) => isMonthDay(one, day))) return false;
    return byDay.length === 0 || byDay.some((one) => isByDay(one, day, ofYear));
  };
}

function completed(rule: RecurrenceRule, first: Day): Pick<RecurrenceRule, 'byDay' | 'byMonth' | 'byMonthDay'> {
  const { frequency, byDay, byMonth, byMonthDay } = rule;
  if (byDay.length > 0 || byMonthDay.length > 0 || frequency === 'DAILY') return rule;
  if (frequency === 'WEEKLY') return { byDay: [{ weekday: weekdayOf(first.at), ordinal: null }], byMonth, byMonthDay };
  const months = frequency === 'YEARLY' && byMonth.length === 0 ? [first.month] : byMonth;
  return { byDay, byMonth: months, byMonthDay: [first.dayOfMonth] };
}

function isMonthDay(wanted: number, day: Day): boolean {
  return wanted > 0 ? wanted === day.dayOfMonth : wanted === day.dayOfMonth - daysInMonth(day) - 1;
}

/** `ofYear`: its number counts within the year and not within the month. */
function isByDay({ weekday, ordinal }: ByDay, day: Day, ofYear: boolean): boolean {
  if (weekday !== weekdayOf(day.at)) return false;
  if (ordinal === null) return true;
  const before = ofYear ? (day.at - Date.UTC(day.year, 0, 1)) / DAY : day.dayOfMonth - 1;
  const after = ofYear ? (Date.UTC(day.year, 11, 31) - day.at) / DAY : daysInMonth(day) - day.dayOfMonth;
  return ordinal > 0 ? Math.floor(before / 7) + 1 === ordinal : -(Math.floor(after / 7) + 1) === ordinal;
}
