import { type ComponentKey, type Instant, type Level, toInstant, toMs, type Why } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { Interval, Step } from '../domain/timeline.ts';
import { inChunks } from './component-store.ts';
import type { ComponentsTables, TransitionRecord } from './schema.ts';

/** Steps of many components; those whose history did not grow are remembered from the last time. */
export class StepCache {
  readonly #known = new Map<ComponentKey, { seq: number; told: number; from: number; steps: Step[] }>();

  /** The steps since `from`, the first telling the level at that time. */
  async stepsOf(
    q: Queries,
    wanted: readonly { key: ComponentKey; seq: number; told: number; level: Level }[],
    from: number,
  ): Promise<Map<ComponentKey, readonly Step[]>> {
    const missing = wanted.filter((one) => !this.#knows(one, from));
    const read = new Map(missing.map(({ key, seq, told }) => [key, { seq, told, from, steps: [] as Step[] }]));
    for (const { component, seq, from_level: level, to_level, since } of await this.#read(q, [...read.keys()], from)) {
      const entry = read.get(component);
      if (entry === undefined) continue;
      if (entry.steps.length === 0) entry.steps.push({ since: -Infinity, level });
      entry.steps.push({ since: toMs(since), level: to_level });
      entry.seq = Math.max(entry.seq, seq);
    }
    for (const { key, level } of missing) {
      const entry = read.get(key);
      if (entry?.steps.length === 0) entry.steps.push({ since: -Infinity, level });
      if (entry) this.#known.set(key, entry);
    }
    return new Map(wanted.map(({ key }) => [key, this.#known.get(key)?.steps ?? []]));
  }

  #knows({ key, seq, told }: { key: ComponentKey; seq: number; told: number }, from: number): boolean {
    const entry = this.#known.get(key);
    return entry !== undefined && entry.seq === seq && entry.told === told && entry.from <= from;
  }

  async #read(q: Queries, keys: readonly ComponentKey[], from: number) {
    const rows = [];
    for (const chunk of inChunks(keys)) rows.push(...(await stepRows(q, chunk, from).execute()));
    return rows;
  }
}

function stepRows(q: Queries, keys: readonly ComponentKey[], from: number) {
  return q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .select(['component', 'seq', 'from_level', 'to_level', 'since'])
    .where('component', 'in', keys)
    .where('since', '>', toInstant(from))
    .orderBy('component')
    .orderBy('seq');
}

/** The steps of components in any window, the first telling the level at its beginning. */
export async function stepsWithin(
  q: Queries,
  wanted: readonly { key: ComponentKey; level: Level }[],
  window: Interval,
): Promise<Map<ComponentKey, Step[]>> {
  const keys = wanted.map(({ key }) => key);
  const rows: Awaited<ReturnType<ReturnType<typeof stepRows>['execute']>> = [];
  for (const chunk of inChunks(keys)) rows.push(...(await stepRows(q, chunk, window.from).execute()));
  const byComponent = Map.groupBy(rows, ({ component }) => component);
  return new Map(
    wanted.map(({ key, level }) => {
      const own = byComponent.get(key) ?? [];
      const first: Step = { since: -Infinity, level: own[0]?.from_level ?? level };
      return [key, [first, ...own.map(({ since, to_level }) => ({ since: toMs(since), level: to_level }))]];
    }),
  );
}

/** Our own downtimes that touch a window, in order and without overlap. */
export async function outagesWithin(q: Queries, window: Interval): Promise<Interval[]> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_outage')
    .select(['from_at', 'until_at'])
    .where('until_at', '>', toInstant(window.from))
    .where('from_at', '<', toInstant(window.until))
    .orderBy('from_at')
    .execute();
  const merged: Interval[] = [];
  for (const { from_at, until_at } of rows) {
    const next = { from: toMs(from_at), until: toMs(until_at) };
    const last = merged.at(-1);
    if (last !== undefined && next.from <= last.until) last.until = Math.max(last.until, next.until);
    else merged.push(next);
  }
  return merged;
}

/** One change of level as it was recorded. */
export interface Transition {
  seq: number;
  from: Level;
  to: Level;
  since: Instant;
  recordedAt: Instant;
  why: Why;
}

export interface TransitionRange {
  key: ComponentKey;
  from: Instant;
  until: Instant;
  /** Only those before this number; for turning pages. */
  before?: number | undefined;
  limit: number;
}

/** Newest first, with the why that members or everybody may read. */
export async function transitionsWithin(
  q: Queries,
  range: TransitionRange,
  seesConfidential: boolean,
): Promise<Transition[]> {
  let query = q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .selectAll()
    .where('component', '=', range.key)
    .where('since', '>=', range.from)
    .where('since', '<', range.until);
  if (range.before !== undefined) query = query.where('seq', '<', range.before);
  const rows = await query.orderBy('seq', 'desc').limit(range.limit).execute();
  return rows.map((row) => toTransition(row, seesConfidential));
}

/** Those of a window, newest first, and the one that was in force at its beginning. */
export async function transitionsUntil(
  q: Queries,
  key: ComponentKey,
  window: { from: Instant; until: Instant },
  seesConfidential: boolean,
): Promise<Transition[]> {
  const within = await transitionsWithin(q, { key, ...window, limit: MOST_TRANSITIONS }, seesConfidential);
  const before = await q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .selectAll()
    .where('component', '=', key)
    .where('since', '<', window.from)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return before === undefined ? within : [...within, toTransition(before, seesConfidential)];
}

/** What a page may list at most of one component. */
export const MOST_TRANSITIONS = 10_000;

function toTransition(row: TransitionRecord, seesConfidential: boolean): Transition {
  const { members, everybody } = JSON.parse(row.why) as { members: Why; everybody?: Why };
  return {
    seq: row.seq,
    from: row.from_level,
    to: row.to_level,
    since: row.since,
    recordedAt: row.recorded_at,
    why: seesConfidential ? members : (everybody ?? members),
  };
}
