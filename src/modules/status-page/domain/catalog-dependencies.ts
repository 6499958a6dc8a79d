import { type ComponentKey, isComponentKey } from '../../../core/index.ts';
import { type Dependency, fileKeyOf, type StoredComponent } from './catalog-component.ts';
import type { CatalogEntry, NamedDependency } from './catalog-file.ts';
import type { CatalogMistake, CatalogRemedy } from './catalog-mistake.ts';
import { type Suggest, shownValue } from './catalog-node.ts';
import { AREA } from './component-slug.ts';

/** An entry of a file with the component it is about. */
export interface Resolved {
  entry: CatalogEntry;
  match: StoredComponent | null;
  key: ComponentKey;
}

/**
 * What the names in `depends_on` mean: a key of the file; that of an entry with several regions, which is its component
 * in one's own region; what people added; or the whole key of a component of any area.
 */
export function resolveDependencies(
  resolved: readonly Resolved[],
  stored: readonly StoredComponent[],
  suggest: Suggest,
): { dependencies: ReadonlyMap<ComponentKey, readonly Dependency[]>; mistakes: CatalogMistake[] } {
  const names = new Map<string, ComponentKey>();
  for (const one of stored) names.set(fileKeyOf(one), one.key);
  for (const { entry, match, key } of resolved) {
    names.set(entry.key ?? (match === null ? key.slice(AREA.length + 1) : fileKeyOf(match)), key);
  }
  const spread = Map.groupBy(
    resolved.filter(({ entry }) => entry.baseKey !== null && entry.baseKey !== entry.key),
    ({ entry }) => entry.baseKey,
  );
  const whole = new Set([...stored.map(({ key }) => key), ...resolved.map(({ key }) => key)]);
  const find = ({ name }: NamedDependency, region: string | null): ComponentKey | null => {
    if (!name.includes('/')) {
      return names.get(name) ?? spread.get(name)?.find(({ entry }) => entry.region === region)?.key ?? null;
    }
    if (!isComponentKey(name)) return null;
    return name.startsWith(`${AREA}/`) && !whole.has(name) ? null : name;
  };
  const mistakes = new Map<string, CatalogMistake>();
  const dependencies = new Map<ComponentKey, Dependency[]>();
  for (const { entry, key } of resolved) {
    const found = new Map<ComponentKey, Dependency>();
    for (const named of entry.dependsOn) {
      const on = find(named, entry.region);
      if (on === null) mistakes.set(named.path, unknown(named, { names, spread, region: entry.region, suggest }));
      else if (on === key) mistakes.set(named.path, itself(named));
      else found.set(on, { key: on, propagate: named.propagate });
    }
    dependencies.set(key, [...found.values()]);
  }
  return { dependencies, mistakes: [...mistakes.values()] };
}

function unknown(
  { path, name, line, column }: NamedDependency,
  known: {
    names: ReadonlyMap<string, ComponentKey>;
    spread: ReadonlyMap<string | null, unknown>;
    region: string | null;
    suggest: Suggest;
  },
): CatalogMistake {
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  const value = shownValue(name);
  if (known.spread.has(name)) {
    const problem = { code: 'not_in_region', region: known.region } as const;
    return { path, ...place, value, problem, remedy: { code: 'of_region', name } };
  }
  const meant = known.suggest(name, [...known.names.keys(), ...[...known.spread.keys()].filter((key) => key !== null)]);
  const remedy: CatalogRemedy = meant === undefined ? { code: 'name_any_key' } : { code: 'did_you_mean', word: meant };
  return { path, ...place, value, problem: { code: 'unknown_key' }, remedy };
}

function itself({ path, name, line, column }: NamedDependency): CatalogMistake {
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return { path, ...place, value: shownValue(name), problem: { code: 'itself' }, remedy: { code: 'remove_it' } };
}
