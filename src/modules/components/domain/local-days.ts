import { DAY, momentOf, wallMs } from '../../../core/index.ts';

/** One local day as moments in milliseconds: [from, until). 23 or 25 hours long when clocks change. */
export interface LocalDay {
  /** `YYYY-MM-DD` in the zone. */
  day: string;
  from: number;
  until: number;
}

/** Every board asks for the same ninety days of the same zone, and `Intl` is slow to answer. */
const begun = new Map<string, Pick<LocalDay, 'day' | 'from'>>();
const KEPT = 2000;

function beginOf(zone: string, date: number): Pick<LocalDay, 'day' | 'from'> {
  const key = `${zone} ${date}`;
  const known = begun.get(key);
  if (known) return known;
  const found = { day: dateText(date), from: momentOf(date, zone) };
  if (begun.size >= KEPT) begun.clear();
  begun.set(key, found);
  return found;
}

function dateText(date: number): string {
  return new Date(date).toISOString().slice(0, 10);
}

/** The `count` local days that end with the one `now` is in; the last one is cut at `now`. */
export function lastLocalDays(zone: string, now: number, count: number): LocalDay[] {
  const local = wallMs(now, zone);
  const today = local - (((local % DAY) + DAY) % DAY);
  return Array.from({ length: count }, (_, index) => beginOf(zone, today - (count - 1 - index) * DAY))
    .map(({ day, from }, index, all) => ({ day, from, until: all[index + 1]?.from ?? Math.max(now, from) }))
    .filter(({ from, until }, index, all) => until > from || index === all.length - 1);
}
