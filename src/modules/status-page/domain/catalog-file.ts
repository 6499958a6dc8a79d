import type { Attributes, CatalogFacts, StoredRegion } from './catalog-component.ts';
import { attributeOf, placeOf, placeText } from './catalog-component.ts';
import { type CatalogMistake, type OtherEntry, type Place, remedyOf } from './catalog-mistake.ts';
import { type CatalogNode, type Elsewhere, NodeReader, type Suggest } from './catalog-node.ts';
import { keyComplaint, LIMITS, lineComplaint, textComplaint, urlComplaint } from './catalog-rules.ts';
import { slugOf } from './component-slug.ts';

/** A dependency as a file names it: a key of the catalogue, or the whole key of a component. */
export interface NamedDependency extends Place {
  path: string;
  name: string;
  propagate: 'degraded' | null;
}

/** One service in one region, as a file has it. An entry with several regions became several. */
export interface CatalogEntry extends CatalogFacts, Place {
  /** `components[3]` */
  path: string;
  /** With the region's suffix when the entry names several. */
  key: string | null;
  /** Without. */
  baseKey: string | null;
  dependsOn: readonly NamedDependency[];
  retired: boolean;
}

export interface CatalogFile {
  entries: readonly CatalogEntry[];
  /** Null: the file says nothing about regions. */
  regions: readonly Pick<StoredRegion, 'id' | 'label'>[] | null;
}

const TOP = ['version', 'required_attributes', 'regions', 'components'] as const;
const ENTRY = [
  'key',
  'name',
  'attributes',
  'regions',
  'description',
  'docs_url',
  'target',
  'visibility',
  'position',
  'depends_on',
  'retired',
] as const;
const ELSEWHERE: Elsewhere = {
  region: { code: 'region_elsewhere' },
  category: { code: 'attribute_elsewhere' },
  type: { code: 'attribute_elsewhere' },
};

/** Reads a catalogue: every mistake at once. The entries are whole only when there is none. */
export function readCatalogFile(
  node: CatalogNode | null,
  suggest: Suggest,
): { file: CatalogFile; mistakes: readonly CatalogMistake[] } {
  const reader = new NodeReader(suggest);
  const root: CatalogNode = node ?? { kind: 'branch', entries: new Map(), origin: {} };
  const top = reader.group(root, '', TOP);
  if (top.version !== undefined && reader.text(top.version, 'version') !== '1') {
    reader.complain('version', top.version, { problem: { code: 'other_version' }, remedy: { code: 'version_1' } });
  }
  const required = reader
    .list(top.required_attributes, 'required_attributes')
    .map((item, at) => ({ item, name: reader.text(item, `required_attributes[${at}]`) }))
    .flatMap(({ name }) => (name === null ? [] : [name]));
  const regions = top.regions === undefined ? null : readRegions(reader, top.regions);
  const isGroup = root.kind === 'branch';
  if (isGroup && top.components === undefined) {
    reader.complain('components', root, { problem: { code: 'missing' }, remedy: { code: 'begin' } });
  }
  const context = { reader, required, regions };
  const items = reader.list(top.components, 'components');
  if (items.length > LIMITS.components) {
    const problem = { code: 'too_many', count: items.length } as const;
    reader.complain('components', root, { problem, remedy: { code: 'at_most', most: LIMITS.components } });
  }
  const entries = items
    .slice(0, LIMITS.components)
    .flatMap((item, at) => readEntry(context, item, `components[${at}]`));
  refuseRepetitions(reader, entries);
  const mistakes = reader.mistakes.toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  return { file: { entries, regions }, mistakes };
}

function readRegions(reader: NodeReader, node: CatalogNode): Pick<StoredRegion, 'id' | 'label'>[] {
  const seen = new Set<string>();
  return reader.list(node, 'regions').flatMap((item, at) => {
    const path = `regions[${at}]`;
    if (at === LIMITS.regions)
      reader.complain(path, item, { problem: { code: 'one_too_many' }, remedy: { code: 'at_most', most: at } });
    // A region without a label of its own is written as its name alone.
    const short = item.kind === 'leaf';
    const keys = short ? { id: item } : reader.group(item, path, ['id', 'label']);
    const id = reader.checked(keys.id, short ? path : `${path}.id`, (text) =>
      lineComplaint(text, LIMITS.attributeValue),
    );
    const label =
      'label' in keys ? reader.checked(keys.label, `${path}.label`, (text) => lineComplaint(text, LIMITS.label)) : null;
    if (id === null) {
      if (keys.id === undefined && item.kind === 'branch') {
        reader.complain(`${path}.id`, item, { problem: { code: 'missing' }, remedy: { code: 'add_id' } });
      }
      return [];
    }
    if (seen.has(id))
      reader.complain(path, item, { value: id, problem: { code: 'twice' }, remedy: { code: 'remove_one' } });
    seen.add(id);
    return [{ id, label: label ?? id }];
  });
}

interface Context {
  reader: NodeReader;
  required: readonly string[];
  regions: CatalogFile['regions'];
}

function readEntry(context: Context, item: CatalogNode, path: string): CatalogEntry[] {
  const { reader } = context;
  const keys = reader.group(item, path, ENTRY, ELSEWHERE);
  const name = reader.checked(keys.name, `${path}.name`, (text) => lineComplaint(text, LIMITS.name));
  if (keys.name === undefined && item.kind === 'branch') {
    reader.complain(`${path}.name`, item, { problem: { code: 'missing' }, remedy: { code: 'add_name' } });
  }
  const baseKey = reader.checked(keys.key, `${path}.key`, keyComplaint);
  const attributes = readAttributes(reader, keys.attributes, `${path}.attributes`);
  const several = keys.regions === undefined ? null : readEntryRegions(reader, keys.regions, `${path}.regions`);
  if (several !== null && attributeOf(attributes, 'region') !== null) {
    reader.complain(`${path}.regions`, keys.regions ?? item, {
      problem: { code: 'beside_region' },
      remedy: { code: 'keep_one' },
    });
  }
  const common = {
    path,
    ...item.origin,
    name: name ?? '',
    baseKey,
    description: reader.checked(keys.description, `${path}.description`, (text) =>
      textComplaint(text, LIMITS.description),
    ),
    docsUrl: reader.checked(keys.docs_url, `${path}.docs_url`, urlComplaint),
    visibility: reader.choice(keys.visibility, `${path}.visibility`, ['public', 'members']) ?? 'public',
    position:
      reader.number(keys.position, `${path}.position`, { least: -1_000_000, most: 1_000_000, whole: true }) ?? 0,
    target: reader.number(keys.target, `${path}.target`, { least: 0, most: 100 }),
    dependsOn: readDependencies(reader, keys.depends_on, `${path}.depends_on`),
    retired: reader.flag(keys.retired, `${path}.retired`),
  } as const;
  const made = (several ?? [null]).map((region) => {
    const all: Attributes = region === null ? attributes : [['region', region], ...attributes];
    const key = baseKey === null || region === null ? baseKey : `${baseKey}-${slugOf(region)}`.slice(0, 100);
    return {
      ...common,
      key,
      attributes: all,
      region: attributeOf(all, 'region'),
      category: attributeOf(all, 'category'),
    };
  });
  const said = keys.attributes?.kind === 'branch' ? keys.attributes.entries.get('region')?.node : undefined;
  for (const entry of made) checkAttributes(context, entry, { item, region: said ?? keys.regions ?? item });
  return name === null ? [] : made;
}

function readEntryRegions(reader: NodeReader, node: CatalogNode, path: string): string[] {
  const items = reader.list(node, path);
  if (node.kind === 'row' && items.length === 0) {
    reader.complain(path, node, { problem: { code: 'empty' }, remedy: { code: 'name_regions' } });
  }
  const regions = items.flatMap((item, at) => {
    const id = reader.checked(item, `${path}[${at}]`, (text) => lineComplaint(text, LIMITS.attributeValue));
    return id === null ? [] : [id];
  });
  return [...new Set(regions)];
}

function readAttributes(reader: NodeReader, node: CatalogNode | undefined, path: string): Attributes {
  if (node === undefined) return [];
  if (node.kind !== 'branch') {
    reader.group(node, path, ['region', 'category']);
    return [];
  }
  if (node.entries.size > LIMITS.attributes) {
    reader.complain(path, node, {
      problem: { code: 'too_many', count: node.entries.size },
      remedy: { code: 'at_most', most: LIMITS.attributes },
    });
  }
  return [...node.entries].flatMap(([name, { node: value, origin }]) => {
    const at = `${path}.${name}`;
    const complaint = lineComplaint(name, LIMITS.attributeName);
    if (complaint !== null) {
      reader.complain(at, { origin }, { ofName: true, problem: complaint, remedy: remedyOf(complaint) });
    }
    if (value.kind === 'leaf' && value.value === null) {
      reader.complain(at, { origin }, { problem: { code: 'empty' }, remedy: { code: 'write_or_remove' } });
      return [];
    }
    const text = reader.checked(value, at, (given) => lineComplaint(given, LIMITS.attributeValue));
    return text === null ? [] : [[name.trim(), text] as const];
  });
}

function readDependencies(reader: NodeReader, node: CatalogNode | undefined, path: string): NamedDependency[] {
  const items = reader.list(node, path);
  if (node !== undefined && items.length > LIMITS.dependencies) {
    reader.complain(path, node, {
      problem: { code: 'too_many', count: items.length },
      remedy: { code: 'at_most', most: LIMITS.dependencies },
    });
  }
  return items.flatMap((item, at) => {
    const here = `${path}[${at}]`;
    const keys = item.kind === 'leaf' ? { key: item } : reader.group(item, here, ['key', 'propagate']);
    const name = reader.text(keys.key, here);
    if (name === null) {
      if (keys.key === undefined) {
        reader.complain(here, item, { problem: { code: 'names_nothing' }, remedy: { code: 'name_key' } });
      }
      return [];
    }
    const propagate = 'propagate' in keys ? reader.choice(keys.propagate, `${here}.propagate`, ['degraded']) : null;
    return [{ path: here, ...item.origin, name, propagate }];
  });
}

function checkAttributes(
  { reader, required, regions }: Context,
  entry: CatalogEntry,
  nodes: { item: CatalogNode; region: CatalogNode },
): void {
  for (const name of required) {
    if (attributeOf(entry.attributes, name) !== null) continue;
    const mistake = { problem: { code: 'missing' }, remedy: { code: 'add_required' } } as const;
    reader.complain(`${entry.path}.attributes.${name}`, nodes.item, mistake);
  }
  const { region } = entry;
  if (regions === null || region === null || regions.some(({ id }) => id === region)) return;
  const meant = reader.suggest(
    region,
    regions.map(({ id }) => id),
  );
  reader.complain(`${entry.path}.attributes.region`, nodes.region, {
    value: JSON.stringify(region),
    problem: { code: 'no_region' },
    remedy: meant === undefined ? { code: 'add_region' } : { code: 'did_you_mean', word: meant },
  });
}

function refuseRepetitions(reader: NodeReader, entries: readonly CatalogEntry[]): void {
  const places = new Map<string, CatalogEntry>();
  const keys = new Map<string, CatalogEntry>();
  for (const entry of entries) {
    const origin = { origin: { ...(entry.line === undefined ? {} : { line: entry.line, column: entry.column ?? 1 }) } };
    const sameKey = entry.key === null ? undefined : keys.get(entry.key);
    if (entry.key !== null && sameKey !== undefined) {
      const remedy = { code: 'other_key', other: otherOf(sameKey) } as const;
      reader.complain(`${entry.path}.key`, origin, { value: entry.key, problem: { code: 'key_twice' }, remedy });
    } else if (entry.key !== null) keys.set(entry.key, entry);
    const same = places.get(placeOf(entry));
    if (same !== undefined) {
      reader.complain(`${entry.path}.name`, origin, {
        value: placeText(entry),
        problem: { code: 'twice' },
        remedy: { code: 'other_name', other: otherOf(same) },
      });
    } else places.set(placeOf(entry), entry);
  }
}

function otherOf({ path, line }: CatalogEntry): OtherEntry {
  return { path, line };
}
