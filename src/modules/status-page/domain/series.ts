import { addMs, type ComponentKey, DAY, type Instant } from '../../../core/index.ts';
import type { IncidentStatus } from './incident.ts';
import { occurrences, parseRecurrence } from './recurrence.ts';

/** Who writes what follows from a series. */
export const UNFOLDER_LABEL = 'system:series';

/** A maintenance that comes again. */
export interface Series {
  id: string;
  title: string;
  /** Markdown. */
  description: string;
  components: readonly ComponentKey[];
  /** RFC 5545, such as `FREQ=MONTHLY;BYDAY=-1FR`. */
  rule: string;
  zone: string;
  /** Wall clock of the first one, `YYYY-MM-DDTHH:MM`. */
  startLocal: string;
  durationMinutes: number;
  /** Local dates `YYYY-MM-DD` that are left out. */
  exceptions: readonly string[];
  contactEmail: string | null;
  createdAt: Instant;
  createdBy: string;
  version: number;
  endedAt: Instant | null;
}

/** One that was made of a series already. */
export interface Made {
  id: number;
  date: string;
  start: Instant;
  end: Instant | null;
  status: IncidentStatus;
  /** Nobody has written in it since. */
  isUntouched: boolean;
}

export interface Turn {
  date: string;
  start: Instant;
  end: Instant;
}

export interface Unfolding {
  make: readonly Turn[];
  /** To be brought in line with the series, and planned again if the series had cancelled them. */
  align: readonly { id: number; turn: Turn }[];
  cancel: readonly number[];
}

/** How far ahead maintenances of a series are announced. */
export const HORIZON = 60 * DAY;
const MOST = 400;

/** The turns of a series that begin within the horizon; what it cannot follow is refused with the reason. */
export function turnsOf(series: Omit<Series, 'id'>, now: Instant): Turn[] {
  if (series.endedAt !== null) return [];
  const window = { from: now, until: addMs(now, HORIZON) };
  return occurrences(parseRecurrence(series.rule), series, window, MOST)
    .filter(({ start }) => start > now)
    .map(({ localDate, start, end }) => ({ date: localDate, start, end }));
}

/** What is to be done so that what was made of a series agrees with it; what has begun or was touched stays. */
export function unfolding(turns: readonly Turn[], made: readonly Made[], now: Instant): Unfolding {
  const known = new Map(made.map((one) => [one.date, one]));
  const wanted = new Set(turns.map(({ date }) => date));
  const open = made.filter(({ start, isUntouched, status }) => {
    return isUntouched && start > now && (status === 'planned' || status === 'cancelled');
  });
  const mayChange = new Set(open.map(({ id }) => id));
  return {
    make: turns.filter(({ date }) => !known.has(date)),
    align: turns.flatMap((turn) => {
      const one = known.get(turn.date);
      return one !== undefined && mayChange.has(one.id) ? [{ id: one.id, turn }] : [];
    }),
    cancel: open.filter(({ date, status }) => status === 'planned' && !wanted.has(date)).map(({ id }) => id),
  };
}
