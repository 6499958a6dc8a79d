import type { ComponentKey, Instant } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../../platform/database/index.ts';
import { inChunks, MOST_KEYS } from './component-store.ts';
import type { ComponentRecord, ComponentsTables, StatusRecord, TransitionRecord } from './schema.ts';

/** A component that is not withdrawn, with what was decided last. */
export interface Decided {
  component: ComponentRecord;
  status: StatusRecord;
}

export async function decidedOf(q: Queries, keys: readonly ComponentKey[]): Promise<Map<ComponentKey, Decided>> {
  const found = new Map<ComponentKey, Decided>();
  for (const chunk of inChunks(keys)) {
    const rows = await decidedQuery(q).where('key', 'in', chunk).execute();
    for (const row of rows) found.set(row.key, split(row));
  }
  return found;
}

/** All, or those of an area or of a list of keys, in list order. */
export async function decidedInOrder(
  q: Queries,
  { area, keys }: { area?: string; keys?: readonly ComponentKey[] },
): Promise<Decided[]> {
  if (keys?.length === 0) return [];
  let query = decidedQuery(q);
  if (area !== undefined) query = query.where('area', '=', area);
  if (keys !== undefined && keys.length <= MOST_KEYS) query = query.where('key', 'in', keys);
  const rows = await query
    .orderBy('area')
    .orderBy('group_position')
    .orderBy('group_name')
    .orderBy('position')
    .orderBy('name')
    .orderBy('key')
    .execute();
  const wanted = keys !== undefined && keys.length > MOST_KEYS ? new Set(keys) : null;
  return rows.filter(({ key }) => wanted === null || wanted.has(key)).map(split);
}

/** Who may see which components, and their levels: what every page asks first, so without anything else. */
export async function recordedLevels(
  q: Queries,
): Promise<Pick<ComponentRecord & StatusRecord, 'key' | 'visibility' | 'level'>[]> {
  return await q
    .for<ComponentsTables>()
    .selectFrom('components_component')
    .innerJoin('components_status', 'components_status.component', 'components_component.key')
    .select(['key', 'visibility', 'level'])
    .where('withdrawn_at', 'is', null)
    .execute();
}

function decidedQuery(q: Queries) {
  return q
    .for<ComponentsTables>()
    .selectFrom('components_component')
    .innerJoin('components_status', 'components_status.component', 'components_component.key')
    .selectAll('components_component')
    .select(STATUS)
    .where('withdrawn_at', 'is', null);
}

function split(row: ComponentRecord & StatusRecord): Decided {
  const { component, level, since, seq, decided_at, next_at, told, ...rest } = row;
  return { component: rest, status: { component, level, since, seq, decided_at, next_at, told } };
}

const STATUS = ['component', 'level', 'since', 'seq', 'decided_at', 'next_at', 'told'] as const;

const savingStatus = statement(STATUS, (q, { component, ...rest }: StatusRecord) =>
  q.for<ComponentsTables>().updateTable('components_status').set(rest).where('component', '=', component),
);

export function saveStatus(tx: Tx, status: StatusRecord): void {
  tx.send(savingStatus(tx, status));
}

const TRANSITION = ['component', 'seq', 'from_level', 'to_level', 'since', 'recorded_at', 'why'] as const;

const insertingTransition = statement(TRANSITION, (q, row: TransitionRecord) =>
  q.for<ComponentsTables>().insertInto('components_transition').values(row),
);

export function insertTransitions(tx: Tx, rows: readonly TransitionRecord[]): void {
  for (const row of rows) tx.send(insertingTransition(tx, row));
}

/** When Signalbox itself first saw the component at a level; null: it only knows that it was declared. */
export async function firstSeen(q: Queries, key: ComponentKey): Promise<Instant | null> {
  const row = await q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .select('since')
    .where('component', '=', key)
    .where('seq', '>=', 1)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.since ?? null;
}

/** Puts told transitions, numbered below 1, in the place of those told before. */
export async function replaceTold(tx: Tx, status: StatusRecord, rows: readonly TransitionRecord[]): Promise<void> {
  const { component, told } = status;
  await tx
    .for<ComponentsTables>()
    .deleteFrom('components_transition')
    .where('component', '=', component)
    .where('seq', '<', 1)
    .execute();
  for (const chunk of inChunks(rows)) insertTransitions(tx, chunk);
  saveStatus(tx, { ...status, told: told + 1 });
}

/**
 * Nothing was ever known of it, and it was declared `at`. Transitions are kept for ever otherwise: this is only for what
 * was removed by hand. What is remembered of its steps must hold no longer, so `told` counts on.
 */
export async function forgetHistory(tx: Tx, component: ComponentKey, at: Instant): Promise<void> {
  const db = tx.for<ComponentsTables>();
  await db.deleteFrom('components_transition').where('component', '=', component).execute();
  await db
    .updateTable('components_status')
    .set((row) => ({
      level: 'unknown',
      since: at,
      seq: 0,
      decided_at: at,
      next_at: null,
      told: row('told', '+', 1),
    }))
    .where('component', '=', component)
    .execute();
  await db.updateTable('components_component').set({ declared_at: at }).where('key', '=', component).execute();
}

/** Seen here or told by others. */
export async function hasHistory(q: Queries, component: ComponentKey): Promise<boolean> {
  const row = await q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .select('seq')
    .where('component', '=', component)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Components that have to be looked at because time passed. */
export async function dueComponents(q: Queries, now: Instant, limit: number): Promise<ComponentKey[]> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_status')
    .select('component')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(limit)
    .execute();
  return rows.map(({ component }) => component);
}

export async function allKeys(q: Queries): Promise<ComponentKey[]> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_component')
    .select('key')
    .where('withdrawn_at', 'is', null)
    .orderBy('key')
    .execute();
  return rows.map(({ key }) => key);
}

/** Transitions of components a source has claims on whose why rests on an address. */
export async function transitionsResting(
  q: Queries,
  { source, evidence }: { source: string; evidence: string },
): Promise<(Pick<TransitionRecord, 'component' | 'seq' | 'since' | 'why'> & Pick<ComponentRecord, 'visibility'>)[]> {
  const query = q
    .for<ComponentsTables>()
    .selectFrom('components_transition')
    .innerJoin('components_component', 'components_component.key', 'components_transition.component')
    .select([
      'components_transition.component',
      'components_transition.seq',
      'components_transition.since',
      'components_transition.why',
      'components_component.visibility',
    ])
    .where('components_transition.component', 'in', (inner) =>
      inner
        .selectFrom('components_signal')
        .select('components_signal.component')
        .where('components_signal.source', '=', source),
    );
  const quoted = JSON.stringify(evidence);
  return (await query.execute()).filter(({ why }) => why.includes(quoted));
}

export async function saveWhy(
  tx: Tx,
  { component, seq, why }: Pick<TransitionRecord, 'component' | 'seq' | 'why'>,
): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .updateTable('components_transition')
    .set({ why })
    .where('component', '=', component)
    .where('seq', '=', seq)
    .execute();
}
