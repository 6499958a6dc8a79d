import { AppError, type Instant, toInstant, toMs, type Uptime } from '../../../core/index.ts';
import { instantToLocal, localToInstant } from './zoned-time.ts';

/** What a span says of its time. Where nothing is said the component was up. */
export type SpanKind = 'down' | 'maintenance' | 'unknown' | 'degraded';

/** Spans of several incidents, maintenances and outages of our own may overlap. */
export interface AvailabilitySpan {
  from: Instant;
  /** null: still going on. */
  until: Instant | null;
  kind: SpanKind;
}

/** [from, until). */
export interface Window {
  from: Instant;
  until: Instant;
}

export interface AvailabilityInput {
  window: Window;
  now: Instant;
  /** Since when anybody has watched; null: never. What is on record from before counts, the rest of it is unknown. */
  watchedFrom: Instant | null;
  spans: readonly AvailabilitySpan[];
}

/** Strongest first: where spans overlap, the time is what the first of them says (contracts §4). */
const PRECEDENCE = ['down', 'maintenance', 'unknown', 'degraded'] as const satisfies readonly SpanKind[];

/** A moment at which a span begins (+1) or ends (-1). */
interface Edge {
  at: number;
  kind: SpanKind;
  step: 1 | -1;
}

/**
 * How the part of a window that is over was spent, in milliseconds: up, down, maintenance and unknown sum up to it;
 * `degraded` is part of up. A window of the future is empty, and nothing is known of it.
 */
export function availabilityOf({ window, now, watchedFrom, spans }: AvailabilityInput): Uptime {
  const from = toMs(window.from);
  const until = Math.max(from, Math.min(toMs(window.until), toMs(now)));
  const unwatched: AvailabilitySpan = { from: window.from, until: watchedFrom, kind: 'unknown' };
  // Compared as text: most spans of a year lie outside of one month, and reading a time costs more than all the rest.
  const touching = [unwatched, ...spans].filter(
    (span) => span.from < window.until && (span.until === null || span.until > window.from),
  );
  const edges = touching.flatMap((span) => edgesOf(span, from, until)).sort((a, b) => a.at - b.at);
  const open: Record<SpanKind, number> = { down: 0, maintenance: 0, unknown: 0, degraded: 0 };
  const spent: Record<SpanKind, number> = { down: 0, maintenance: 0, unknown: 0, degraded: 0 };
  let at = from;
  for (const edge of edges) {
    const strongest = PRECEDENCE.find((kind) => open[kind] > 0);
    if (strongest !== undefined) spent[strongest] += edge.at - at;
    open[edge.kind] += edge.step;
    at = edge.at;
  }
  return uptimeOf(until - from, spent);
}

/** Cut to the window; nothing for what lies outside, or ends before it begins. */
function edgesOf(span: AvailabilitySpan, from: number, until: number): Edge[] {
  const begin = Math.max(from, toMs(span.from));
  const end = span.until === null ? until : Math.min(until, toMs(span.until));
  if (!(begin < end)) return [];
  return [
    { at: begin, kind: span.kind, step: 1 },
    { at: end, kind: span.kind, step: -1 },
  ];
}

function uptimeOf(window: number, spent: Readonly<Record<SpanKind, number>>): Uptime {
  const { down, maintenance, unknown, degraded } = spent;
  const up = window - down - maintenance - unknown;
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

export interface MonthWindow extends Window {
  /** `YYYY-MM`. */
  month: string;
}

/** The months of a zone's calendar, that of `now` first. They are whole; `availabilityOf` cuts them at now. */
export function monthsBack(now: Instant, count: number, zone = 'UTC'): MonthWindow[] {
  const local = instantToLocal(now, zone);
  const current = Number(local.slice(0, 4)) * 12 + Number(local.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, back) => {
    const month = monthText(current - back);
    return { month, from: startOf(month, zone), until: startOf(monthText(current - back + 1), zone) };
  });
}

/** `number`: months since the year 0. */
function monthText(number: number): string {
  return toInstant(Date.UTC(Math.floor(number / 12), number % 12)).slice(0, 7);
}

function startOf(month: string, zone: string): Instant {
  return localToInstant(`${month}-01T00:00`, zone);
}

/** How much of what a target allows is used. */
export interface ErrorBudget {
  /** Milliseconds of the whole window that may be down. */
  allowed: number;
  used: number;
  /** Negative: the target is missed. */
  left: number;
}

/**
 * What a target such as 99.9 (percent) allows in a window. Maintenance and unknown time give no budget, what is still
 * to come does; so at the end of a window `left` is negative exactly where the availability is below the target.
 */
export function errorBudget(targetPercent: number, window: Window, spent: Uptime): ErrorBudget {
  if (!(targetPercent > 0 && targetPercent <= 100)) {
    throw new AppError('invalid', 'The availability target is a percentage above 0 and at most 100, such as 99.9.');
  }
  const whole = toMs(window.until) - toMs(window.from);
  // Whole milliseconds, without what is lost in writing 99.9 as a binary number.
  const allowed = Math.floor(((whole - spent.maintenance - spent.unknown) * (100 - targetPercent)) / 100 + 1e-3);
  return { allowed, used: spent.down, left: allowed - spent.down };
}
