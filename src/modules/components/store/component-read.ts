import {
  type Actor,
  canSee,
  type ComponentKey,
  type ComponentReader,
  type ComponentRow,
  type Instant,
  type Period,
  type Status,
  toInstant,
  toMs,
  type Uptime,
  type Visibility,
} from '../../../core/index.ts';
import { statusChanges } from '../domain/status-changes.ts';
import { type Interval, type Span, spansOf, type Step, uptimeOf, withOutages } from '../domain/timeline.ts';
import { dependenciesOf } from './component-store.ts';
import { outagesWithin, StepCache, stepsWithin, type Transition, type TransitionRange, transitionsWithin } from './history-read.ts';
import { type Attempt, type ReadContext, readRows, situationOf } from './row-read.ts';
import { renewalsOf, signalsOf } from './signal-store.ts';
import { type Decided, decidedInOrder, decidedOf } from './status-store.ts';

/** What a badge shows; of a members-only component whose badge is public, the level alone. */
export interface BadgeFacts {
  key: ComponentKey;
  name: string;
  status: Status;
  since: Instant;
  evidenceAt: Instant | null;
  uptime90: Uptime | null;
}

/** Everything the pages and the API of this module read. Each answer is cut to what the viewer may see. */
export interface ComponentReads extends ComponentReader {
  row(viewer: Actor, key: ComponentKey): Promise<ComponentRow | null>;
  badge(viewer: Actor, key: ComponentKey): Promise<BadgeFacts | null>;
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
        return rowsOf(viewer, all.filter(({ component }) => canSee(viewer, component.visibility)));
      }),
    row: async (viewer, key) => (await reads.rows(viewer, { keys: [key] }))[0] ?? null,
    badge: (viewer, key) =>
      consistently(async () => {
        const found = (await decidedOf(context.db, [key])).get(key);
        if (found === undefined) return { rows: null, torn: false };
        const open = canSee(viewer, found.component.visibility);
        if (!open && found.component.public_badge !== 1) return { rows: null, torn: false };
        const { rows, torn } = await rowsOf(viewer, [found]);
        const row = rows[0];
        return { rows: row === undefined ? null : open ? row : levelAlone(row), torn };
      }),
    periods: async (viewer, key, window) => {
      const found = await visible(viewer, key);
      return found === null ? [] : readPeriods(context, found, window);
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
      const spans = await readSpans(context, found, window);
      const downFrom = context.config().availability.down_from;
      return lengths.map((length) => uptimeOf(spans, { from: until - length, until }, downFrom));
    },
    visibilities: async (keys) => {
      const found = await decidedOf(context.db, keys);
      return new Map([...found].map(([key, { component }]) => [key, component.visibility]));
    },
  };
  return reads;
}

/** Several queries are not one moment; what was read across a commit is read again. */
async function consistently<T>(read: () => Promise<Attempt<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const { rows, torn } = await read();
    if (!torn || attempt === READ_ATTEMPTS) return rows;
  }
}

async function readSpans(context: ReadContext, { component, status }: Decided, window: Interval): Promise<readonly Span[]> {
  const steps = await stepsWithin(context.db, { key: component.key, level: status.level }, window);
  const until = Math.min(window.until, toMs(context.clock.now()));
  const outages = await outagesWithin(context.db, { from: window.from, until });
  // An expiry that nobody recorded yet must not be shown as time watched.
  if (status.next_at !== null && toMs(status.next_at) < until) steps.push(...(await pendingSteps(context, { component, status })));
  return withOutages(spansOf(steps, { from: window.from, until }), outages, context.config().availability.down_from);
}

async function pendingSteps(context: ReadContext, decided: Decided): Promise<Step[]> {
  const { key } = decided.component;
  const { db } = context;
  const signals = await signalsOf(db, [key]);
  const renewals = await renewalsOf(db, (signals.get(key) ?? []).map(({ source }) => source));
  const dependencies = await dependenciesOf(db, [key]);
  const now = context.clock.now();
  const { changes } = statusChanges(situationOf(context, decided, { signals, renewals, dependencies, now }));
  return changes.map(({ since, status }) => ({ since: toMs(since), level: status.level }));
}

async function readPeriods(context: ReadContext, found: Decided, window: { from: Instant; until: Instant }): Promise<Period[]> {
  const now = context.clock.now();
  const spans = await readSpans(context, found, { from: toMs(window.from), until: toMs(window.until) });
  return spans.map(({ from, until, level }) => ({
    from: toInstant(from),
    until: toInstant(until) >= now ? null : toInstant(until),
    level,
  }));
}

/** Contracts §8: a public badge of something private tells its level and nothing else. */
function levelAlone(row: ComponentRow): BadgeFacts {
  const { key, status, since } = row;
  return {
    key,
    name: key.slice(key.indexOf('/') + 1),
    status: {
      level: status.level,
      state: null,
      maintenance: status.level === 'maintenance',
      lastKnown: null,
      why: { rule: status.why.rule, signals: [] },
      causedBy: [],
    },
    since,
    evidenceAt: null,
    uptime90: null,
  };
}
