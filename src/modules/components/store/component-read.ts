import {
  type Actor,
  type ComponentKey,
  type ComponentReader,
  type ComponentRow,
  canSee,
  type Instant,
  type Level,
  type Period,
  toInstant,
  toMs,
  type Uptime,
  type Visibility,
} from '../../../core/index.ts';
import { statusChanges } from '../domain/status-changes.ts';
import { type Interval, type Span, type Step, spansOf, uptimeOf, withOutages } from '../domain/timeline.ts';
import { dependenciesOf, visibilitiesEver } from './component-store.ts';
import {
  outagesWithin,
  StepCache,
  stepsWithin,
  type Transition,
  type TransitionRange,
  transitionsUntil,
  transitionsWithin,
} from './history-read.ts';
import { type Attempt, type ReadContext, readRows, readStatuses, situationOf } from './row-read.ts';
import { signalsOf } from './signal-store.ts';
import { type Decided, decidedInOrder, decidedOf, recordedLevels } from './status-store.ts';

export { MOST_TRANSITIONS, type Transition } from './history-read.ts';

/** A stretch of a component's life at one level, with what was said about it. */
export interface Stretch {
  level: Level;
  state: string | null;
  from: Instant;
  /** null: still going on. */
  until: Instant | null;
  summary: string | null;
  evidence: string | null;
  confidential: boolean;
  /** The change that led to it; null: nobody watched, or it is from before there was anything. */
  change: Transition | null;
}

/** Everything the pages and the API of this module read. Each answer is cut to what the viewer may see. */
export interface ComponentReads extends ComponentReader {
  row(viewer: Actor, key: ComponentKey): Promise<ComponentRow | null>;
  /** Whether everybody may see the level of a component that is for members only (contracts §8). */
  hasPublicBadge(key: ComponentKey): Promise<boolean>;
  /** The stretches of a window, newest first; the first may have begun before it. */
  stretches(viewer: Actor, key: ComponentKey, window: { from: Instant; until: Instant }): Promise<Stretch[]>;
  /** Changes of level, newest first; empty for what the viewer may not see. */
  transitions(viewer: Actor, range: TransitionRange): Promise<Transition[]>;
  /** How the last `lengths` milliseconds were spent, each. */
  uptimes(viewer: Actor, key: ComponentKey, lengths: readonly number[]): Promise<Uptime[]>;
  /** Which of these everybody, and which members, may see now. */
  visibilities(keys: readonly ComponentKey[]): Promise<Map<ComponentKey, Visibility>>;
}

/** How often it is tried to read rows between two commits; the last time they are taken as they are. */
const READ_ATTEMPTS = 3;

export function createComponentReads(context: ReadContext): ComponentReads {
  const cache = new StepCache();
  const rowsOf = async (viewer: Actor, decided: readonly Decided[]) => readRows(context, cache, viewer, decided);
  const visible = async (viewer: Actor, key: ComponentKey) => {
    const found = (await decidedOf(context.db, [key])).get(key);
    return found && canSee(viewer, found.component.visibility) ? found : null;
  };
  const reads: ComponentReads = {
    rows: (viewer, filter = {}) =>
      consistently(async () => {
        const all = await decidedInOrder(context.db, filter);
        return rowsOf(
          viewer,
          all.filter(({ component }) => canSee(viewer, component.visibility)),
        );
      }),
    row: async (viewer, key) => (await reads.rows(viewer, { keys: [key] }))[0] ?? null,
    levels: (viewer) => levelsFor(context, viewer),
    statuses: (viewer, keys) => readStatuses(context, viewer, keys),
    known: (viewer) => knownTo(context, viewer),
    hasPublicBadge: async (key) => (await decidedOf(context.db, [key])).get(key)?.component.public_badge === 1,
    stretches: async (viewer, key, window) => {
      const found = await visible(viewer, key);
      if (found === null) return [];
      const periods = (await readPeriods(context, [found], window)).get(key) ?? [];
      const told = await transitionsUntil(context.db, key, window, canSee(viewer, 'members'));
      return periods.reverse().map((period) => {
        const stretch = stretchOf(period, period.from === window.from, told);
        return { ...stretch, state: stretch.state ?? context.usualWord(key, stretch.level) };
      });
    },
    periods: async (viewer, key, window) => (await reads.periodsOf(viewer, [key], window)).get(key) ?? [],
    periodsOf: async (viewer, keys, window) => {
      const found = await decidedOf(context.db, [...new Set(keys)]);
      const seen = [...found.values()].filter(({ component }) => canSee(viewer, component.visibility));
      return readPeriods(context, seen, window);
    },
    transitions: async (viewer, range) => {
      const found = await visible(viewer, range.key);
      return found === null ? [] : transitionsWithin(context.db, range, canSee(viewer, 'members'));
    },
    uptimes: async (viewer, key, lengths) => {
      const found = await visible(viewer, key);
      if (found === null) return [];
      const until = toMs(context.clock.now());
      const window = { from: until - Math.max(0, ...lengths), until };
      const spans = (await readSpans(context, [found], window)).get(key) ?? [];
      const downFrom = context.downFrom();
      return lengths.map((length) => uptimeOf(spans, { from: until - length, until }, downFrom));
    },
    visibilities: async (keys) => {
      const found = await decidedOf(context.db, keys);
      return new Map([...found].map(([key, { component }]) => [key, component.visibility]));
    },
  };
  return reads;
}

async function levelsFor({ db }: ReadContext, viewer: Actor): Promise<Map<ComponentKey, Level>> {
  const seen = (await recordedLevels(db)).filter(({ visibility }) => canSee(viewer, visibility));
  return new Map(seen.map(({ key, level }) => [key, level]));
}

async function knownTo({ db }: ReadContext, viewer: Actor): Promise<Set<ComponentKey>> {
  const all = await visibilitiesEver(db);
  return new Set(all.flatMap(({ key, visibility }) => (canSee(viewer, visibility) ? [key] : [])));
}

/** Several queries are not one moment; what was read across a commit is read again. */
async function consistently<T>(read: () => Promise<Attempt<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const { rows, torn } = await read();
    if (!torn || attempt === READ_ATTEMPTS) return rows;
  }
}

async function readSpans(
  context: ReadContext,
  found: readonly Decided[],
  window: Interval,
): Promise<Map<ComponentKey, readonly Span[]>> {
  const wanted = found.map(({ component: { key }, status: { level } }) => ({ key, level }));
  const steps = await stepsWithin(context.db, wanted, window);
  const until = Math.min(window.until, toMs(context.clock.now()));
  const outages = await outagesWithin(context.db, { from: window.from, until });
  // An expiry that nobody recorded yet must not be shown as time watched.
  const passed = found.filter(({ status: { next_at } }) => next_at !== null && toMs(next_at) < until);
  const pending = await pendingSteps(context, passed);
  return new Map(
    wanted.map(({ key }) => {
      const all = [...(steps.get(key) ?? []), ...(pending.get(key) ?? [])];
      return [key, withOutages(spansOf(all, { from: window.from, until }), outages, context.downFrom())];
    }),
  );
}

async function pendingSteps(context: ReadContext, found: readonly Decided[]): Promise<Map<ComponentKey, Step[]>> {
  if (found.length === 0) return new Map();
  const keys = found.map(({ component }) => component.key);
  const { db } = context;
  const { signals, renewals } = await signalsOf(db, keys);
  const dependencies = await dependenciesOf(db, keys);
  const now = context.clock.now();
  return new Map(
    found.map((decided) => {
      const { changes } = statusChanges(situationOf(context, decided, { signals, renewals, dependencies, now }));
      const steps = changes.map(({ since, status }) => ({ since: toMs(since), level: status.level }));
      return [decided.component.key, steps];
    }),
  );
}

const JUST_NOW_MS = 5000;

async function readPeriods(
  context: ReadContext,
  found: readonly Decided[],
  window: { from: Instant; until: Instant },
): Promise<Map<ComponentKey, Period[]>> {
  const asked = toMs(window.until);
  const now = toMs(context.clock.now());
  const spans = await readSpans(context, found, { from: toMs(window.from), until: asked });
  // "Until now" was said a moment ago: what reaches the end of such a window goes on.
  const end = now - asked < JUST_NOW_MS ? Math.min(asked, now) : Number.POSITIVE_INFINITY;
  const periodOf = ({ from, until, level }: Span): Period => ({
    from: toInstant(from),
    until: until >= end ? null : toInstant(until),
    level,
  });
  return new Map([...spans].map(([key, own]) => [key, own.map(periodOf)]));
}

/** A period with what its transition said; one that our own downtime made unknown says nothing. */
function stretchOf(period: Period, isFirst: boolean, told: readonly Transition[]): Stretch {
  const { level, until } = period;
  const transition = told.find(({ since }) => since <= period.from);
  if (transition?.to !== level) {
    return { ...period, state: null, summary: null, evidence: null, confidential: false, change: null };
  }
  const { state = null, summary = null, evidence = null, confidential = false } = transition.why.signals[0] ?? {};
  const from = isFirst ? transition.since : period.from;
  return { level, until, from, state, summary, evidence, confidential, change: transition };
}
