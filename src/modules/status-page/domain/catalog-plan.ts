import type { ComponentKey } from '../../../core/index.ts';
import {
  type CatalogFacts,
  type Dependency,
  fileKeyOf,
  type Owner,
  placeOf,
  placeText,
  type StoredComponent,
  type StoredRegion,
} from './catalog-component.ts';
import { type Resolved, resolveDependencies } from './catalog-dependencies.ts';
import { type FieldChange, fieldChanges } from './catalog-difference.ts';
import type { CatalogEntry, CatalogFile } from './catalog-file.ts';
import type { CatalogMistake } from './catalog-mistake.ts';
import type { Suggest } from './catalog-node.ts';
import { newComponentKey } from './component-slug.ts';

/** A component as it will be. */
export interface PlannedComponent extends CatalogFacts {
  key: ComponentKey;
  catalogKey: string | null;
  dependsOn: readonly Dependency[];
  owner: Owner;
  retired: boolean;
}

export interface PlannedChange {
  component: PlannedComponent;
  fields: readonly FieldChange[];
  /** A person owned it, and the file names its key: from now on the file does. */
  takenOver: boolean;
}

export interface RegionPlan {
  /** As they will be, when anything about them changes; those of people behind those of the file. */
  after: readonly StoredRegion[];
  changes: readonly { id: string; old: string | null; new: string | null }[];
}

/** What providing a file would do. Nothing may be done while there are mistakes. */
export interface CatalogPlan {
  added: readonly PlannedComponent[];
  changed: readonly PlannedChange[];
  retired: readonly StoredComponent[];
  /** Were retired and are back. */
  returned: readonly PlannedChange[];
  unchanged: readonly ComponentKey[];
  /** Owned by people, and therefore left as they are. */
  kept: readonly ComponentKey[];
  regions: RegionPlan;
  mistakes: readonly CatalogMistake[];
}

export interface StoredCatalog {
  components: readonly StoredComponent[];
  regions: readonly StoredRegion[];
}

/** Compares a file with what is stored (specification, appendix 3): by key, else by name and region. */
export function planCatalog(file: CatalogFile, stored: StoredCatalog, suggest: Suggest): CatalogPlan {
  const matches = matchEntries(file.entries, stored.components);
  const taken = new Set(stored.components.map(({ key }) => key));
  const resolved: Resolved[] = file.entries.map((entry) => {
    const match = matches.get(entry) ?? null;
    const key = match?.key ?? newComponentKey({ ...entry, catalogKey: entry.key }, taken);
    return { entry, match, key };
  });
  const { dependencies, mistakes } = resolveDependencies(resolved, stored.components, suggest);
  const plan = {
    added: [] as PlannedComponent[],
    changed: [] as PlannedChange[],
    retired: [] as StoredComponent[],
    returned: [] as PlannedChange[],
    unchanged: [] as ComponentKey[],
    kept: [] as ComponentKey[],
  };
  for (const { entry, match, key } of resolved) {
    const planned = plannedOf(entry, { match, key, dependsOn: dependencies.get(key) ?? [] });
    if (match === null) plan.added.push(planned);
    else decide(plan, match, { planned, named: isNamed(entry, match) });
  }
  const seen = new Set(resolved.map(({ key }) => key));
  for (const component of stored.components) {
    if (seen.has(component.key)) continue;
    if (component.retiredAt !== null) plan.unchanged.push(component.key);
    else if (component.owner === 'person') plan.kept.push(component.key);
    else plan.retired.push(component);
  }
  return {
    ...plan,
    regions: planRegions(file.regions, stored.regions, regionsInUse(plan, stored.components)),
    mistakes: [...mistakes, ...nameClashes(resolved, stored.components)],
  };
}

function regionsInUse(plan: Open, stored: readonly StoredComponent[]): ReadonlySet<string> {
  const after = new Map<ComponentKey, CatalogFacts>(stored.map((component) => [component.key, component]));
  for (const component of plan.added) after.set(component.key, component);
  for (const { component } of [...plan.changed, ...plan.returned]) after.set(component.key, component);
  return new Set([...after.values()].flatMap(({ region }) => (region === null ? [] : [region])));
}

type Open = {
  -readonly [K in 'added' | 'changed' | 'returned' | 'retired' | 'unchanged' | 'kept']: CatalogPlan[K][number][];
};

function decide(
  plan: Open,
  match: StoredComponent,
  { planned, named }: { planned: PlannedComponent; named: boolean },
): void {
  const fields = fieldChanges(match, planned);
  const wasRetired = match.retiredAt !== null;
  if (fields.length === 0 && planned.retired === wasRetired) plan.unchanged.push(match.key);
  else if (match.owner === 'person' && !named) plan.kept.push(match.key);
  else {
    const change = { component: planned, fields, takenOver: match.owner === 'person' };
    if (planned.retired && !wasRetired) plan.retired.push(match);
    else if (!planned.retired && wasRetired) plan.returned.push(change);
    if (planned.retired === wasRetired || (planned.retired && fields.length > 0)) plan.changed.push(change);
  }
}

function plannedOf(
  entry: CatalogEntry,
  { match, key, dependsOn }: { match: StoredComponent | null; key: ComponentKey; dependsOn: readonly Dependency[] },
): PlannedComponent {
  const { name, region, category, attributes, description, docsUrl, visibility, position, target, retired } = entry;
  // A key that says what the component is called already changes nothing.
  const catalogKey =
    match !== null && (entry.key === null || entry.key === fileKeyOf(match)) ? match.catalogKey : entry.key;
  const facts = { name, region, category, attributes, description, docsUrl, visibility, position, target };
  return { key, catalogKey, ...facts, dependsOn, owner: 'file', retired };
}

function isNamed(entry: CatalogEntry, match: StoredComponent): boolean {
  return entry.key !== null && entry.key === fileKeyOf(match);
}

function matchEntries(
  entries: readonly CatalogEntry[],
  components: readonly StoredComponent[],
): Map<CatalogEntry, StoredComponent> {
  const matches = new Map<CatalogEntry, StoredComponent>();
  const free = new Set(components);
  const match = (entry: CatalogEntry, component: StoredComponent | undefined) => {
    if (component === undefined || !free.has(component)) return;
    matches.set(entry, component);
    free.delete(component);
  };
  const byOwnKey = new Map(components.flatMap((one) => (one.catalogKey === null ? [] : [[one.catalogKey, one]])));
  const byGivenKey = new Map(components.flatMap((one) => (one.catalogKey === null ? [[fileKeyOf(one), one]] : [])));
  for (const entry of entries) if (entry.key !== null) match(entry, byOwnKey.get(entry.key));
  for (const entry of entries) {
    if (entry.key !== null && !matches.has(entry)) match(entry, byGivenKey.get(entry.key));
  }
  // Of several that had the name in turn, the one in use, else the one that was retired last.
  const byPlace = Map.groupBy(free, placeOf);
  for (const entry of entries) {
    if (matches.has(entry)) continue;
    const candidates = (byPlace.get(placeOf(entry)) ?? []).toSorted((a, b) =>
      (a.retiredAt ?? '~') < (b.retiredAt ?? '~') ? 1 : -1,
    );
    match(
      entry,
      candidates.find((candidate) => free.has(candidate)),
    );
  }
  return matches;
}

/** A file cannot see what people added: two of one name in one region would be told apart by nobody. */
function nameClashes(resolved: readonly Resolved[], components: readonly StoredComponent[]): CatalogMistake[] {
  const matched = new Set(resolved.map(({ key }) => key));
  const others = new Map(
    components
      .filter((one) => one.owner === 'person' && one.retiredAt === null && !matched.has(one.key))
      .map((one) => [placeOf(one), one]),
  );
  return resolved.flatMap(({ entry }) => {
    const other = entry.retired ? undefined : others.get(placeOf(entry));
    if (other === undefined) return [];
    return [
      {
        path: `${entry.path}.name`,
        ...(entry.line === undefined ? {} : { line: entry.line, column: entry.column ?? 1 }),
        value: placeText(entry),
        problem: { code: 'name_of_person', key: other.key },
        remedy: { code: 'retire_or_key', key: fileKeyOf(other) },
      },
    ];
  });
}

/**
 * Once there is a list of regions it names every region in use: what the file says first, then what people added and
 * what is still needed.
 */
function planRegions(
  file: CatalogFile['regions'],
  stored: readonly StoredRegion[],
  used: ReadonlySet<string>,
): RegionPlan {
  const old = new Map(stored.map((region) => [region.id, region]));
  const said = file ?? stored;
  const ids = new Set(said.map(({ id }) => id));
  const listed = [...said, ...stored.filter(({ id, owner }) => !ids.has(id) && (owner === 'person' || used.has(id)))];
  const known = new Set(listed.map(({ id }) => id));
  const needed = listed.length === 0 ? [] : [...used].filter((id) => !known.has(id)).sort();
  const after = [...listed, ...needed.map((id) => ({ id, label: id }))].map(({ id, label }, position): StoredRegion => {
    const before = old.get(id);
    const same = before?.label === label && before.position === position;
    return { id, label, position, owner: same || (before !== undefined && !ids.has(id)) ? before.owner : 'file' };
  });
  const kept = new Set(after.map(({ id }) => id));
  const text = (region: StoredRegion | undefined) => (region ? `${region.position + 1}. ${region.label}` : null);
  const changes = [...after, ...stored.filter(({ id }) => !kept.has(id))]
    .map(({ id }) => ({ id, old: text(old.get(id)), new: text(after.find((region) => region.id === id)) }))
    .filter((change) => change.old !== change.new);
  return { after, changes };
}
