import {
  ATTENTION_ORDER,
  type DayCell,
  isAtLeast,
  isSeverity,
  type Level,
  type Severity,
  type Uptime,
} from '../../../core/index.ts';
import type { LocalDay } from './local-days.ts';

/** [from, until) in milliseconds. Spans of a timeline are in order, touch each other and are never empty. */
export interface Span {
  from: number;
  until: number;
  level: Level;
}

export interface Interval {
  from: number;
  until: number;
}

/** A level from a moment on, as transitions tell it. */
export interface Step {
  since: number;
  level: Level;
}

/** The spans of a window from steps in order of their time. What lies before the first step is unknown. */
export function spansOf(steps: readonly Step[], window: Interval): Span[] {
  const spans: Span[] = [];
  let level: Level = 'unknown';
  let from = window.from;
  for (const step of steps) {
    if (step.since >= window.until) break;
    if (step.since > from) {
      append(spans, { from, until: step.since, level });
      from = step.since;
    }
    level = step.level;
  }
  append(spans, { from, until: window.until, level });
  return spans;
}

/**
 * Lays the times when nobody watched over a timeline. Down and maintenance stay what they were: where they overlap,
 * down > maintenance > unknown > up (contracts §4). `outages` are in order and do not overlap.
 */
export function withOutages(spans: readonly Span[], outages: readonly Interval[], downFrom: Severity): readonly Span[] {
  if (outages.length === 0) return spans;
  const result: Span[] = [];
  let next = 0;
  for (const span of spans) {
    while (next < outages.length && (outages[next] as Interval).until <= span.from) next++;
    if (!isUp(span.level, downFrom)) {
      append(result, span);
      continue;
    }
    let from = span.from;
    for (let index = next; index < outages.length; index++) {
      const outage = outages[index] as Interval;
      if (outage.from >= span.until) break;
      append(result, { from, until: Math.max(from, outage.from), level: span.level });
      from = Math.min(span.until, outage.until);
      append(result, { from: Math.max(span.from, outage.from), until: from, level: 'unknown' });
    }
    append(result, { from, until: span.until, level: span.level });
  }
  return result;
}

function isUp(level: Level, downFrom: Severity): boolean {
  return isSeverity(level) && !isAtLeast(level, downFrom);
}

function append(spans: Span[], span: Span): void {
  if (span.until <= span.from) return;
  const last = spans.at(-1);
  if (last?.level === span.level && last.until === span.from) spans[spans.length - 1] = { ...last, until: span.until };
  else spans.push(span);
}

/** Milliseconds at each level. */
type Shares = Record<Level, number>;

function noShares(): Shares {
  return { operational: 0, notice: 0, degraded: 0, partial_outage: 0, major_outage: 0, maintenance: 0, unknown: 0 };
}

function uptimeFrom(shares: Shares, downFrom: Severity): Uptime {
  let up = 0;
  let down = 0;
  let degraded = 0;
  for (const level of ATTENTION_ORDER) {
    if (!isSeverity(level)) continue;
    if (isAtLeast(level, downFrom)) down += shares[level];
    else {
      up += shares[level];
      if (isAtLeast(level, 'degraded')) degraded += shares[level];
    }
  }
  const { maintenance, unknown } = shares;
  const window = up + down + maintenance + unknown;
  return {
    window,
    up,
    down,
    maintenance,
    unknown,
    degraded,
    availability: up + down === 0 ? null : up / (up + down),
    coverage: window === 0 ? 1 : 1 - unknown / window,
  };
}

/** How a window was spent. */
export function uptimeOf(spans: readonly Span[], window: Interval, downFrom: Severity): Uptime {
  const shares = noShares();
  for (const { from, until, level } of spans) {
    const length = Math.min(until, window.until) - Math.max(from, window.from);
    if (length > 0) shares[level] += length;
  }
  return uptimeFrom(shares, downFrom);
}

/** One cell per day, in one pass over spans and days. */
export function dayCells(spans: readonly Span[], days: readonly LocalDay[], downFrom: Severity): DayCell[] {
  let index = 0;
  return days.map(({ day, from, until }) => {
    const shares = noShares();
    while (index < spans.length && (spans[index] as Span).until <= from) index++;
    for (let at = index; at < spans.length; at++) {
      const span = spans[at] as Span;
      if (span.from >= until) break;
      shares[span.level] += Math.min(span.until, until) - Math.max(span.from, from);
    }
    return { day, level: levelOfDay(shares, until - from), uptime: uptimeFrom(shares, downFrom) };
  });
}

function levelOfDay(shares: Shares, length: number): Level {
  for (const level of ATTENTION_ORDER) {
    if (level === 'unknown' ? shares.unknown * 2 >= length : shares[level] > 0) return level;
  }
  return 'unknown';
}

/**
 * How an availability may be written (contracts §4): as a percentage of its own, or only together with how long anybody
 * watched. `percent` is null where it may not stand alone, so that nobody writes "100 %" of it.
 */
export type UptimeForm = { form: 'unwatched' | 'watched'; percent: null } | { form: 'plain'; percent: number };

const ENOUGH_COVERAGE = 0.999;

/** Percentages are cut, not rounded, so that 100 is written only when nothing was missing. */
export function uptimeForm({ availability, coverage, unknown }: Uptime): UptimeForm {
  if (availability === null) return { form: 'unwatched', percent: null };
  if (coverage < ENOUGH_COVERAGE) return { form: 'watched', percent: null };
  const percent = Math.floor(availability * 10_000 + 1e-9) / 100;
  return { form: 'plain', percent: unknown > 0 ? Math.min(percent, 99.99) : percent };
}
