import {
  type Actor,
  type Clock,
  type ComponentKey,
  type ComponentRow,
  canSee,
  DAY,
  type Instant,
  type Level,
  MINUTE,
  type Severity,
  type Status,
  toMs,
} from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { type ComponentsConfig, expectedSignals } from '../config.ts';
import { type LocalDay, lastLocalDays } from '../domain/local-days.ts';
import { evidenceTime, publicStatus } from '../domain/public-status.ts';
import { questionAt, type Situation, statusChanges } from '../domain/status-changes.ts';
import { dayCells, type Interval, type Step, spansOf, uptimeOf, withOutages } from '../domain/timeline.ts';
import { dependenciesOf } from './component-store.ts';
import { outagesWithin, type StepCache } from './history-read.ts';
import type { SignalRecord } from './schema.ts';
import { type Renewal, toClaim } from './signal-record.ts';
import { signalsOf } from './signal-store.ts';
import { type Decided, decidedOf } from './status-store.ts';

export interface ReadContext {
  db: Queries;
  clock: Clock;
  config(): ComponentsConfig;
  site(): { timezone: string };
  /** From which level on a component counts as down in uptime figures. */
  downFrom(): Severity;
  /** The area's own word for a level; null: it has none. */
  usualWord(key: ComponentKey, level: Level): string | null;
}

const BAR_DAYS = 90;

export interface Attempt<T> {
  rows: T;
  /** Read across a commit: the claims do not explain the level. */
  torn: boolean;
}

/** What statuses follow from. */
export interface Grounds {
  now: Instant;
  signals: Map<ComponentKey, SignalRecord[]>;
  renewals: Map<string, Renewal>;
  dependencies: Awaited<ReturnType<typeof dependenciesOf>>;
}

interface RowParts extends Grounds {
  viewer: Actor;
  grid: readonly LocalDay[];
  outages: readonly Interval[];
  steps: Map<ComponentKey, readonly Step[]>;
  hidden: ReadonlySet<ComponentKey>;
}

/** Rows in the order of `decided`, which the viewer may see. */
export async function readRows(
  context: ReadContext,
  cache: StepCache,
  viewer: Actor,
  decided: readonly Decided[],
): Promise<Attempt<ComponentRow[]>> {
  const { db } = context;
  const keys = decided.map(({ component }) => component.key);
  const now = context.clock.now();
  const grid = lastLocalDays(context.site().timezone, toMs(now), BAR_DAYS);
  const from = Math.min(grid[0]?.from ?? toMs(now), toMs(now) - BAR_DAYS * DAY);
  const { signals, renewals } = await signalsOf(db, keys);
  const dependencies = await dependenciesOf(db, keys);
  const wanted = decided.map(({ component: { key }, status: { seq, told, level } }) => ({ key, seq, told, level }));
  const steps = await cache.stepsOf(db, wanted, from);
  const outages = await outagesWithin(db, { from, until: toMs(now) });
  const hidden = await hiddenAmong(
    db,
    viewer,
    [...dependencies.values()].flat().map(({ key }) => key),
  );
  const parts = { viewer, now, grid, outages, signals, renewals, steps, dependencies, hidden };
  const made = decided.map((one) => makeRow(context, one, parts));
  return { rows: made.map(({ rows }) => rows), torn: made.some(({ torn }) => torn) };
}

/** What is true of these now, without the history that a row shows. */
export async function readStatuses(
  context: ReadContext,
  viewer: Actor,
  wanted: readonly ComponentKey[],
): Promise<Map<ComponentKey, Status>> {
  const { db } = context;
  const all = [...(await decidedOf(db, wanted)).values()];
  const decided = all.filter(({ component }) => canSee(viewer, component.visibility));
  const keys = decided.map(({ component }) => component.key);
  const now = context.clock.now();
  const [{ signals, renewals }, dependencies] = await Promise.all([signalsOf(db, keys), dependenciesOf(db, keys)]);
  const others = [...dependencies.values()].flat().map(({ key }) => key);
  const hidden = await hiddenAmong(db, viewer, others);
  const found = new Map<ComponentKey, Status>();
  for (const one of decided) {
    const situation = situationOf(context, one, { now, signals, renewals, dependencies });
    const { changes, status } = statusChanges(situation);
    const since = changes.at(-1)?.since ?? one.status.since;
    const shown = canSee(viewer, 'members') ? status : publicStatus(questionAt(situation, now), status, since);
    const causedBy = shown.causedBy.filter((key) => !hidden.has(key));
    found.set(one.component.key, { ...shown, causedBy });
  }
  return found;
}

async function hiddenAmong(
  q: Queries,
  viewer: Actor,
  keys: readonly ComponentKey[],
): Promise<ReadonlySet<ComponentKey>> {
  if (keys.length === 0 || canSee(viewer, 'members')) return new Set();
  const found = await decidedOf(q, [...new Set(keys)]);
  return new Set(keys.filter((key) => !canSee(viewer, found.get(key)?.component.visibility ?? 'members')));
}

function makeRow(context: ReadContext, decided: Decided, parts: RowParts): Attempt<ComponentRow> {
  const { component, status: stored } = decided;
  const { viewer, now, grid, outages } = parts;
  const situation = situationOf(context, decided, parts);
  const { changes, status } = statusChanges(situation);
  const timePassed = stored.next_at !== null && stored.next_at <= now;
  const since = changes.at(-1)?.since ?? stored.since;
  const question = questionAt(situation, now);
  const seesAll = canSee(viewer, 'members');
  const shown = seesAll ? status : publicStatus(question, status, since);
  const recorded = parts.steps.get(component.key) ?? [];
  const window = { now: toMs(now), grid, outages, downFrom: context.downFrom() };
  const { days, uptime90 } =
    changes.length === 0 ? historyOfMinute(recorded, window) : history(withChanges(recorded, changes), window);
  return {
    torn: changes.length > 0 && !timePassed,
    rows: {
      key: component.key,
      name: component.name,
      kind: component.kind,
      group: component.group_name,
      groupPosition: component.group_position,
      position: component.position,
      visibility: component.visibility,
      link: component.link,
      attributes: JSON.parse(component.attributes) as Record<string, string>,
      status: {
        ...shown,
        state: shown.state ?? context.usualWord(component.key, shown.level),
        causedBy: shown.causedBy.filter((key) => !parts.hidden.has(key)),
      },
      since: since < now ? since : now,
      declaredAt: component.declared_at,
      evidenceAt: evidenceTime(question.claims, now, seesAll),
      days,
      uptime90,
    },
  };
}

/** The stored decision with its claims: what passing time makes of it is decided anew at every look. */
export function situationOf(context: ReadContext, { component, status }: Decided, parts: Grounds): Situation {
  const { key } = component;
  return {
    level: status.level,
    since: status.seq === 0 ? null : status.since,
    decidedAt: status.decided_at < parts.now ? status.decided_at : parts.now,
    claims: (parts.signals.get(key) ?? []).map((record) => toClaim(record, parts.renewals.get(record.source))),
    changed: [],
    dependencies: parts.dependencies.get(key) ?? [],
    expected: expectedSignals(context.config(), key),
    now: parts.now,
  };
}

function withChanges(recorded: readonly Step[], changes: Changes): Step[] {
  return [...recorded, ...changes.map(({ since, status }) => ({ since: toMs(since), level: status.level }))];
}

type Changes = ReturnType<typeof statusChanges>['changes'];
type History = Pick<ComponentRow, 'days' | 'uptime90'>;

const drawn = new WeakMap<readonly Step[], { mark: string; history: History }>();

/**
 * A history in which nothing happened is drawn once a minute: of a thousand components hardly any changes between two
 * looks. `StepCache` gives the same array until a component's history grows.
 */
function historyOfMinute(steps: readonly Step[], parts: HistoryParts): History {
  const { now, grid, outages, downFrom } = parts;
  const mark = `${Math.floor(now / MINUTE)} ${grid[0]?.from} ${outages.length} ${outages.at(-1)?.until} ${downFrom}`;
  const known = drawn.get(steps);
  if (known?.mark === mark) return known.history;
  const made = history(steps, parts);
  drawn.set(steps, { mark, history: made });
  return made;
}

interface HistoryParts {
  now: number;
  grid: readonly LocalDay[];
  outages: readonly Interval[];
  downFrom: Severity;
}

function history(steps: readonly Step[], { now, grid, outages, downFrom }: HistoryParts): History {
  const window = { from: now - BAR_DAYS * DAY, until: now };
  const from = Math.min(grid[0]?.from ?? window.from, window.from);
  const spans = withOutages(spansOf(steps, { from, until: now }), outages, downFrom);
  return { days: dayCells(spans, grid, downFrom), uptime90: uptimeOf(spans, window, downFrom) };
}
