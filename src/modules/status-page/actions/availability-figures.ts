import {
  type Actor,
  type ComponentKey,
  type Instant,
  isAtLeast,
  isSeverity,
  type Level,
  type Period,
  type Severity,
  type Uptime,
} from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import {
  type AvailabilitySpan,
  availabilityOf,
  type MonthWindow,
  monthsBack,
  type SpanKind,
} from '../domain/availability.ts';
import { levelOfImpact } from '../domain/incident.ts';
import { frozenMonths, type HeldInterval, heldIntervals, type MonthRecord } from '../store/availability-read.ts';
import type { StatusPageContext } from './status-page-context.ts';

export const MONTHS = 12;

export interface FiguresContext extends Pick<StatusPageContext, 'db' | 'clock' | 'site' | 'components' | 'config'> {
  /** Least level that counts as down. */
  downFrom(): Severity;
}

export interface MonthFigure {
  /** `YYYY-MM` in the site's zone. */
  month: string;
  uptime: Uptime;
}

/** The least level that counts as down on the status page. */
function downLevel(context: FiguresContext): Severity {
  const { availability_impact: impact } = context.config();
  const level = impact === undefined ? context.downFrom() : levelOfImpact(impact);
  return isSeverity(level) ? level : context.downFrom();
}

export function monthsOf(context: Pick<FiguresContext, 'clock' | 'site'>): MonthWindow[] {
  return monthsBack(context.clock.now(), MONTHS, context.site().timezone);
}

/**
 * Twelve months of each component, newest first: what was seen of it and what incidents said of it, overlaps counted
 * once (contracts §4). A month that is frozen is what it was.
 */
export async function availabilityFigures(
  context: FiguresContext,
  viewer: Actor,
  keys: readonly ComponentKey[],
): Promise<Map<ComponentKey, MonthFigure[]>> {
  const months = monthsOf(context);
  const oldest = months.at(-1);
  const newest = months[0];
  if (oldest === undefined || newest === undefined) return new Map();
  const window = { from: oldest.from, until: newest.until };
  const [frozen, held] = await Promise.all([frozenMonths(context.db, oldest.month), heldBy(context.db, window)]);
  const missing = keys.map((key) => ({
    key,
    months: months.filter(({ month }) => frozen.get(key)?.has(month) !== true),
  }));
  const computed = await computeMonths(context, viewer, missing, held);
  return new Map(
    keys.map((key) => {
      const own = new Map(computed.get(key)?.map((figure) => [figure.month, figure]));
      const figures = months.flatMap(({ month }) => {
        const record = frozen.get(key)?.get(month);
        const figure = record === undefined ? own.get(month) : { month, uptime: uptimeOfRecord(record) };
        return figure === undefined ? [] : [figure];
      });
      return [key, figures];
    }),
  );
}

async function heldBy(
  q: Queries,
  window: { from: Instant; until: Instant },
): Promise<Map<ComponentKey, HeldInterval[]>> {
  return Map.groupBy(await heldIntervals(q, window), ({ component }) => component);
}

export interface MissingMonths {
  key: ComponentKey;
  months: readonly MonthWindow[];
}

/** Months of components as they follow from what is known now; all are read at once. */
export async function computeMonths(
  context: FiguresContext,
  viewer: Actor,
  missing: readonly MissingMonths[],
  held: ReadonlyMap<ComponentKey, readonly HeldInterval[]>,
): Promise<Map<ComponentKey, MonthFigure[]>> {
  const all = missing.flatMap(({ months }) => months);
  const until = all.reduce((last, month) => (month.until > last ? month.until : last), '');
  const from = all.reduce((first, month) => (month.from < first ? month.from : first), until);
  if (all.length === 0) return new Map();
  const now = context.clock.now();
  const downFrom = downLevel(context);
  const keys = missing.filter(({ months }) => months.length > 0).map(({ key }) => key);
  const seen = await context.components.periodsOf(viewer, keys, { from, until: until < now ? until : now });
  return new Map(
    missing.map(({ key, months }) => {
      const spans = [
        ...(seen.get(key) ?? []).flatMap((period) => spanOf(period, downFrom)),
        ...(held.get(key) ?? []).flatMap((one) => heldSpan(one, downFrom)),
      ];
      const figures = months.map(({ month, ...window }) => ({
        month,
        uptime: availabilityOf({ window, now, watchedFrom: window.from, spans }),
      }));
      return [key, figures];
    }),
  );
}

function spanOf({ level, from, until }: Period, downFrom: Severity): AvailabilitySpan[] {
  const kind = kindOf(level, downFrom);
  return kind === null ? [] : [{ from, until, kind }];
}

function heldSpan({ impact, from, until }: HeldInterval, downFrom: Severity): AvailabilitySpan[] {
  return spanOf({ level: levelOfImpact(impact), from, until }, downFrom);
}

function kindOf(level: Level, downFrom: Severity): SpanKind | null {
  if (level === 'maintenance' || level === 'unknown') return level;
  if (isAtLeast(level, downFrom)) return 'down';
  return isAtLeast(level, 'degraded') ? 'degraded' : null;
}

function uptimeOfRecord({ up, down, maintenance, unknown, degraded }: MonthRecord): Uptime {
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
