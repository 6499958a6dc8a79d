import { DAY, momentOf, wallMs } from '../../../core/index.ts';

/** One local day as moments in milliseconds: [from, until). 23 or 25 hours long when clocks change. */
export interface LocalDay {
  /** `YYYY-MM-DD` in the zone. */
  day: string;
  from: number;
  until: number;
}

function dateText(date: number): string {
  return new Date(date).toISOString().slice(0, 10);
}

/** The `count` local days that end with the one `now` is in; the last one is cut at `now`. */
export function lastLocalDays(zone: string, now: number, count: number): LocalDay[] {
  const local = wallMs(now, zone);
  const today = local - (((local % DAY) + DAY) % DAY);
  const starts: { day: string; from: number }[] = [];
  for (let back = count - 1; back >= 0; back--) {
    const date = today - back * DAY;
    starts.push({ day: dateText(date), from: momentOf(date, zone) });
  }
  return starts
    .map(({ day, from }, index) => ({ day, from, until: starts[index + 1]?.from ?? Math.max(now, from) }))
    .filter(({ from, until }, index, all) => until > from || index === all.length - 1);
}
