import type { ComponentDeclaration, ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { DependencyLevel } from '../domain/decide-status.ts';
import type { ComponentRecord, ComponentsTables, StatusRecord } from './schema.ts';

/** How many values a list in a query may have. */
export const MOST_KEYS = 500;

/** Databases limit the number of parameters. */
export function inChunks<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < items.length; from += MOST_KEYS) chunks.push(items.slice(from, from + MOST_KEYS));
  return chunks;
}

export async function lockComponents(tx: Tx, keys: readonly ComponentKey[]): Promise<void> {
  // In one order everywhere, so that two transactions never wait for each other.
  for (const key of [...new Set(keys)].sort()) await tx.lock(`components:${key}`);
}

export async function findComponent(q: Queries, key: ComponentKey): Promise<ComponentRecord | undefined> {
  return q
    .for<ComponentsTables>()
    .selectFrom('components_component')
    .selectAll()
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Known, though perhaps withdrawn. */
export async function isKnownComponent(q: Queries, key: ComponentKey): Promise<boolean> {
  return (await findComponent(q, key)) !== undefined;
}

/** Of every component there ever was, withdrawn ones as they were last. */
export async function visibilitiesEver(q: Queries): Promise<Pick<ComponentRecord, 'key' | 'visibility'>[]> {
  return await q.for<ComponentsTables>().selectFrom('components_component').select(['key', 'visibility']).execute();
}

export function toComponentRecord(declaration: ComponentDeclaration, declaredAt: Instant): ComponentRecord {
  const { key } = declaration;
  return {
    key,
    area: key.slice(0, key.indexOf('/')),
    name: declaration.name,
    kind: declaration.kind,
    group_name: declaration.group ?? '',
    group_position: declaration.groupPosition ?? 0,
    position: declaration.position ?? 0,
    visibility: declaration.visibility,
    public_badge: declaration.publicBadge === true ? 1 : 0,
    link: declaration.link ?? null,
    attributes: JSON.stringify(declaration.attributes ?? {}),
    declared_at: declaredAt,
    withdrawn_at: null,
  };
}

/** Writes what is declared; the first declaration's moment stays. */
export async function saveComponent(tx: Tx, record: ComponentRecord): Promise<void> {
  const { key: _key, declared_at: _first, ...rest } = record;
  await tx
    .for<ComponentsTables>()
    .insertInto('components_component')
    .values(record)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(rest))
    .execute();
  const fresh: StatusRecord = {
    component: record.key,
    level: 'unknown',
    since: record.declared_at,
    seq: 0,
    decided_at: record.declared_at,
    next_at: null,
    told: 0,
  };
  await tx
    .for<ComponentsTables>()
    .insertInto('components_status')
    .values(fresh)
    .onConflict((conflict) => conflict.column('component').doNothing())
    .execute();
}

/** True when it was there and had not been withdrawn before. */
export async function markWithdrawn(tx: Tx, key: ComponentKey, at: Instant): Promise<boolean> {
  const result = await tx
    .for<ComponentsTables>()
    .updateTable('components_component')
    .set({ withdrawn_at: at })
    .where('key', '=', key)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

type Dependencies = NonNullable<ComponentDeclaration['dependsOn']>;

/** True when they are not what they were. */
export async function replaceDependencies(tx: Tx, key: ComponentKey, wanted: Dependencies): Promise<boolean> {
  const db = tx.for<ComponentsTables>();
  const now = await db.selectFrom('components_dependency').selectAll().where('component', '=', key).execute();
  const rows = [...new Map(wanted.map((one) => [one.key, one])).values()]
    .filter((one) => one.key !== key)
    .map((one) => ({ component: key, depends_on: one.key, propagate: one.propagate ?? null }));
  const same =
    rows.length === now.length &&
    rows.every((row) => now.some((old) => old.depends_on === row.depends_on && old.propagate === row.propagate));
  if (same) return false;
  await db.deleteFrom('components_dependency').where('component', '=', key).execute();
  if (rows.length > 0) await db.insertInto('components_dependency').values(rows).execute();
  return true;
}

/** What each of these components depends on, with the level that was decided for it. */
export async function dependenciesOf(
  q: Queries,
  keys: readonly ComponentKey[],
): Promise<Map<ComponentKey, DependencyLevel[]>> {
  const found = new Map<ComponentKey, DependencyLevel[]>();
  for (const chunk of inChunks(keys)) {
    const rows = await q
      .for<ComponentsTables>()
      .selectFrom('components_dependency')
      .innerJoin('components_status', 'components_status.component', 'components_dependency.depends_on')
      .innerJoin('components_component', 'components_component.key', 'components_dependency.depends_on')
      .select(['components_dependency.component', 'depends_on', 'propagate', 'level'])
      .where('components_dependency.component', 'in', chunk)
      .where('components_component.withdrawn_at', 'is', null)
      .orderBy('depends_on')
      .execute();
    for (const { component, depends_on: key, level, propagate } of rows) {
      found.set(component, [...(found.get(component) ?? []), { key, level, propagate }]);
    }
  }
  return found;
}

/** Components whose level follows that of some of these, with those of these that each follows. */
export async function followersOf(
  q: Queries,
  keys: readonly ComponentKey[],
): Promise<Map<ComponentKey, Set<ComponentKey>>> {
  const rows = await q
    .for<ComponentsTables>()
    .selectFrom('components_dependency')
    .select(['component', 'depends_on'])
    .where('depends_on', 'in', [...keys])
    .where('propagate', 'is not', null)
    .execute();
  const followers = new Map<ComponentKey, Set<ComponentKey>>();
  for (const { component, depends_on: followed } of rows) {
    followers.set(component, (followers.get(component) ?? new Set()).add(followed));
  }
  return followers;
}
