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
  const figures = new Map<ComponentKey, MonthFigure[]>();
  for (const key of keys) {
    const kept = frozen.get(key);
    const open = months.filter(({ month }) => kept?.has(month) !== true);
    const computed = new Map(
      (await computeMonths(context, { viewer, key, months: open, held: held.get(key) ?? [] })).map((one) => [
        one.month,
        one,
      ]),
    );
    figures.set(
      key,
      months.flatMap(({ month }) => {
        const record = kept?.get(month);
        const figure = record === undefined ? computed.get(month) : { month, uptime: uptimeOfRecord(record) };
        return figure === undefined ? [] : [figure];
      }),
    );
  }
  return figures;
}

async function heldBy(
  q: Queries,
  window: { from: Instant; until: Instant },
): Promise<Map<ComponentKey, HeldInterval[]>> {
  return Map.groupBy(await heldIntervals(q, window), ({ component }) => component);
}

interface Asked {
  viewer: Actor;
  key: ComponentKey;
  months: readonly MonthWindow[];
  held: readonly HeldInterval[];
}

/** The months of one component as they follow from what is known now. */
export async function computeMonths(
  context: FiguresContext,
  { viewer, key, months, held }: Asked,
): Promise<MonthFigure[]> {
  const until = months.reduce((last, month) => (month.until > last ? month.until : last), '');
  const from = months.reduce((first, month) => (month.from < first ? month.from : first), until);
  if (months.length === 0) return [];
  const now = context.clock.now();
  const downFrom = downLevel(context);
  const seen = await context.components.periods(viewer, key, { from, until: until < now ? until : now });
  const spans = [
    ...seen.flatMap((period) => spanOf(period, downFrom)),
    ...held.flatMap((one) => heldSpan(one, downFrom)),
  ];
  return months.map(({ month, ...window }) => ({
    month,
    uptime: availabilityOf({ window, now, watchedFrom: window.from, spans }),
  }));
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
