import type { ComponentKey, Instant } from '../../../core/index.ts';
import { excludedBut, type Queries, type Tx } from '../../../platform/database/index.ts';
import type { Dependency, StoredRegion } from '../domain/catalog-component.ts';
import { allComponents, type CatalogComponent, toRecord } from './component-store.ts';
import { type ComponentRecord, type StatusPageTables, tables } from './schema.ts';

/** Whatever changes the catalogue takes it first, so that a plan is carried out on what it was made from. */
export async function lockCatalog(tx: Tx): Promise<void> {
  await tx.lock('status-page:catalog');
}

/** A component with what it depends on. */
export interface ConnectedComponent extends CatalogComponent {
  dependsOn: readonly Dependency[];
}

/** Databases limit the number of parameters of a statement. */
function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

export async function connectedComponents(q: Queries): Promise<ConnectedComponent[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_dependency')
    .selectAll()
    .orderBy('component')
    .orderBy('position')
    .execute();
  const dependencies = Map.groupBy(records, ({ component }) => component);
  return (await allComponents(q)).map((component) => ({
    ...component,
    dependsOn: (dependencies.get(component.key) ?? []).map(({ depends_on: key, propagate }) => ({ key, propagate })),
  }));
}

/** When anything of it was changed last. */
export async function lastChange(q: Queries): Promise<Instant | null> {
  const { at } = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_component')
    .select((select) => select.fn.max('modified_at').as('at'))
    .executeTakeFirstOrThrow();
  return at;
}

export type NewComponent = Omit<ConnectedComponent, 'number'> & {
  /** Only where the predecessor's number is kept. */
  number?: number;
};

/** Writes components by their keys, many at once; their numbers and the moments they were made stay. */
export async function saveComponents(tx: Tx, components: readonly NewComponent[]): Promise<void> {
  for (const some of chunks(components, 50)) {
    const records = some.map((one) => ({
      ...toRecord(one),
      ...(one.number === undefined ? {} : { number: one.number }),
    }));
    await tx
      .for<{ status_page_component: Omit<ComponentRecord, 'number'> & { number?: number } }>()
      .insertInto('status_page_component')
      .values(records)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(excludedBut(toRecord(some[0] as NewComponent), 'key', 'created_at')),
      )
      .execute();
    await replaceDependencies(tx, some);
  }
}

async function replaceDependencies(
  tx: Tx,
  components: readonly Pick<NewComponent, 'key' | 'dependsOn'>[],
): Promise<void> {
  const db = tx.for<StatusPageTables>();
  const keys = components.map(({ key }) => key);
  await db.deleteFrom('status_page_dependency').where('component', 'in', keys).execute();
  const rows = components.flatMap(({ key: component, dependsOn }) =>
    dependsOn.map(({ key, propagate }, position) => ({ component, depends_on: key, propagate, position })),
  );
  for (const some of chunks(rows, 200)) await db.insertInto('status_page_dependency').values(some).execute();
}

export async function storedRegions(q: Queries): Promise<StoredRegion[]> {
  return await q
    .for<StatusPageTables>()
    .selectFrom('status_page_region')
    .selectAll()
    .orderBy('position')
    .orderBy('id')
    .execute();
}

/** All regions there are from now on. */
export async function replaceRegions(tx: Tx, regions: readonly StoredRegion[]): Promise<void> {
  const db = tx.for<StatusPageTables>();
  await db.deleteFrom('status_page_region').execute();
  if (regions.length > 0)
    await db
      .insertInto('status_page_region')
      .values([...regions])
      .execute();
}

/** Keys of what is not retired. */
export async function shownKeys(q: Queries): Promise<ComponentKey[]> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_component')
    .select('key')
    .where('retired_at', 'is', null)
    .orderBy('key')
    .execute();
  return records.map(({ key }) => key);
}

/** Components with the standing signal. */
export async function watchedKeys(q: Queries): Promise<Set<ComponentKey>> {
  const records = await q.for<StatusPageTables>().selectFrom('status_page_watch').select('component').execute();
  return new Set(records.map(({ component }) => component));
}

export async function addWatch(tx: Tx, keys: readonly ComponentKey[], since: Instant): Promise<void> {
  for (const some of chunks(keys, 200)) {
    await tx
      .for<StatusPageTables>()
      .insertInto('status_page_watch')
      .values(some.map((component) => ({ component, since })))
      .onConflict((conflict) => conflict.column('component').doNothing())
      .execute();
  }
}

export async function removeWatch(tx: Tx, keys: readonly ComponentKey[]): Promise<void> {
  for (const some of chunks(keys, 200)) {
    await tx.for<StatusPageTables>().deleteFrom('status_page_watch').where('component', 'in', some).execute();
  }
}

export async function countEverything(q: Queries): Promise<{ components: number; incidents: number }> {
  const count = async (table: 'status_page_component' | 'status_page_incident') => {
    const query = q.for<StatusPageTables>().selectFrom(table);
    const { rows } = await query.select((select) => select.fn.countAll<number>().as('rows')).executeTakeFirstOrThrow();
    return rows;
  };
  return { components: await count('status_page_component'), incidents: await count('status_page_incident') };
}

/** Every table of this module, those that refer to others first. */
export async function deleteEverything(tx: Tx): Promise<void> {
  const names = Object.keys(tables).reverse() as (keyof StatusPageTables)[];
  for (const name of names) await tx.for<StatusPageTables>().deleteFrom(name).execute();
}
