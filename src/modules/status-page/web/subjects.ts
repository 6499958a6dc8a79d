import type { Actor, ComponentKey, ComponentReader } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { type CatalogRead, readCatalog } from '../store/component-read.ts';

/** What a page calls a component. */
export interface Subject {
  key: ComponentKey;
  name: string;
  region: string | null;
  category: string | null;
  retired: boolean;
}

/** Names for the components of some incidents: those of the catalogue, and those of other areas that the viewer may see. */
export async function subjectsOf(
  { db, components }: { db: Queries; components: ComponentReader },
  viewer: Actor,
  keys: Iterable<ComponentKey>,
  catalog?: CatalogRead,
): Promise<ReadonlyMap<ComponentKey, Subject>> {
  const known = catalog ?? (await readCatalog(db, { retired: true }));
  const wanted = new Set(keys);
  const found = new Map<ComponentKey, Subject>();
  for (const key of wanted) {
    const component = known.components.get(key);
    if (component === undefined) continue;
    const { name, region, category, retiredAt } = component;
    found.set(key, { key, name, region, category, retired: retiredAt !== null });
  }
  const others = [...wanted].filter((key) => !found.has(key));
  if (others.length === 0) return found;
  for (const row of await components.rows(viewer, { keys: others })) {
    const region = row.attributes['region'] ?? null;
    found.set(row.key, { key: row.key, name: row.name, region, category: row.group || null, retired: false });
  }
  return found;
}

/** `Object Storage (Reg1)`: the name, and where. */
export function subjectLabel(subject: Subject | undefined, key: ComponentKey): string {
  if (subject === undefined) return key;
  return subject.region === null ? subject.name : `${subject.name} (${subject.region})`;
}
