import { DAY, HOUR, type Instant, toInstant, toMs } from '../../../core/index.ts';

/** How long ago something was last touched: hours below a day, then days of the calendar in the project's zone. */
export interface Age {
  unit: 'hour' | 'day';
  count: number;
}

export function ageOf(at: Instant, now: Instant, zone: string): Age {
  const elapsed = Math.max(0, toMs(now) - toMs(at));
  if (elapsed < DAY) return { unit: 'hour', count: Math.floor(elapsed / HOUR) };
  return { unit: 'day', count: dayNumber(now, zone) - dayNumber(at, zone) };
}

/** Whether the number shown for `at` is another one than it was at `before`. */
export function agedSince(at: Instant, before: Instant, now: Instant, zone: string): boolean {
  const [was, is] = [ageOf(at, before, zone), ageOf(at, now, zone)];
  return was.unit !== is.unit || was.count !== is.count;
}

/** Days since 1970 of the local date. */
function dayNumber(at: Instant, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' });
  const value = { year: 0, month: 0, day: 0 };
  for (const { type, value: text } of parts.formatToParts(toMs(at))) {
    if (type === 'year' || type === 'month' || type === 'day') value[type] = Number(text);
  }
  return Date.UTC(value.year, value.month - 1, value.day) / DAY;
}

/** When the next local day begins. */
export function nextMidnight(now: Instant, zone: string): Instant {
  const today = dayNumber(now, zone);
  // No day is longer than 25 hours; the change of date is looked for by halving.
  let before = toMs(now);
  let after = before + 26 * HOUR;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayNumber(toInstant(middle), zone) > today) after = middle;
    else before = middle;
  }
  return toInstant(after);
}
