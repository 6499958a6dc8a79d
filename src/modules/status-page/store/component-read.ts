import { type Actor, type ComponentKey, canSee } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { allComponents, type CatalogComponent } from './component-store.ts';
import type { StatusPageTables } from './schema.ts';

export type { CatalogComponent } from './component-store.ts';
export { componentsNamed, findComponent } from './component-store.ts';

export interface Region {
  id: string;
  label: string;
  position: number;
}

/** What people call a component in sentences: its name, and where, when it is in more than one place. */
export interface CatalogRead {
  components: ReadonlyMap<ComponentKey, CatalogComponent>;
  /** In their order; regions that only components name stand behind those of the file. */
  regions: readonly Region[];
  categories: readonly string[];
}

export interface CatalogWanted {
  retired?: boolean;
  visible?: ReadonlySet<ComponentKey> | null;
  /** Only these; for an answer about a few of a thousand. */
  keys?: readonly ComponentKey[];
}

/**
 * The whole catalogue, a few hundred rows, read once per page: without what is retired unless asked for, and with
 * `visible` (null: everything) only what a viewer may see, so that no region or category names what is hidden.
 */
export async function readCatalog(
  q: Queries,
  { retired = false, visible = null, keys }: CatalogWanted = {},
): Promise<CatalogRead> {
  const kept = (await allComponents(q, keys)).filter(
    ({ key, retiredAt }) => (retired || retiredAt === null) && (visible === null || visible.has(key)),
  );
  const named = await namedRegions(q);
  const used = new Set(kept.flatMap(({ region }) => (region === null ? [] : [region])));
  const known = new Set(named.map(({ id }) => id));
  const others = [...used].filter((id) => !known.has(id)).sort();
  return {
    components: new Map(kept.map((component) => [component.key, component])),
    regions: [
      ...named.filter(({ id }) => used.has(id)),
      ...others.map((id, index) => ({ id, label: id, position: named.length + index })),
    ],
    categories: [...new Set(kept.flatMap(({ category }) => (category === null ? [] : [category])))].sort(),
  };
}

/** Components of the catalogue that this actor may see. */
export async function listedFor(q: Queries, actor: Actor): Promise<ComponentKey[]> {
  return (await allComponents(q)).filter(({ visibility }) => canSee(actor, visibility)).map(({ key }) => key);
}

/** Those that the catalogue names, in its order. */
export async function namedRegions(q: Queries): Promise<Region[]> {
  return await q
    .for<StatusPageTables>()
    .selectFrom('status_page_region')
    .select(['id', 'label', 'position'])
    .orderBy('position')
    .orderBy('id')
    .execute();
}

/** `Name (v1, v2, …)`: the label of the predecessor's texts (specification §4). */
export function displayLabel(component: Pick<CatalogComponent, 'name' | 'attributes'>): string {
  const values = component.attributes.map(([, value]) => value);
  return values.length === 0 ? component.name : `${component.name} (${values.join(', ')})`;
}
