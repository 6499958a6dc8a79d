import { nearest, readYaml } from '../../../platform/config/index.ts';
import { sayCatalogMistake } from '../catalog-mistake-messages.ts';
import type { CatalogFacts, StoredComponent, StoredRegion } from './catalog-component.ts';
import { attributeOf } from './catalog-component.ts';
import { readCatalogFile } from './catalog-file.ts';
import { type CatalogPlan, type PlannedComponent, planCatalog } from './catalog-plan.ts';

/** A file as its reader hands it over. */
export function readText(text: string) {
  const { node, mistakes } = readYaml(text);
  if (mistakes.length > 0) throw new Error(`This YAML is wrong: ${mistakes[0]?.problem ?? ''}`);
  return readCatalogFile(node, nearest);
}

export function mistakesOf(text: string): string[] {
  return readText(text).mistakes.map((mistake) => {
    const { path, line, problem, remedy } = sayCatalogMistake('en', mistake);
    return `${path}:${line ?? '-'} ${problem} | ${remedy}`;
  });
}

export function planText(
  text: string,
  components: readonly StoredComponent[] = [],
  regions: readonly StoredRegion[] = [],
): CatalogPlan {
  const { file, mistakes } = readText(text);
  if (mistakes.length > 0) throw new Error(mistakesOf(text).join('\n'));
  return planCatalog(file, { components, regions }, nearest);
}

/** What is stored after a plan was carried out. */
export function after(plan: CatalogPlan, before: readonly StoredComponent[] = []): StoredComponent[] {
  const stored = new Map(before.map((component) => [component.key, component]));
  const keep = ({ retired, ...component }: PlannedComponent) =>
    stored.set(component.key, { ...component, retiredAt: retired ? '2026-11-21T12:00:00.000Z' : null });
  for (const one of plan.retired) stored.set(one.key, { ...one, retiredAt: '2026-11-21T12:00:00.000Z', owner: 'file' });
  for (const one of plan.added) keep(one);
  for (const { component } of [...plan.changed, ...plan.returned]) keep(component);
  return [...stored.values()];
}

export function stored(key: string, facts: Partial<StoredComponent> = {}): StoredComponent {
  const attributes = facts.attributes ?? [];
  const plain: CatalogFacts = {
    name: 'Object Storage',
    region: attributeOf(attributes, 'region'),
    category: attributeOf(attributes, 'category'),
    attributes,
    description: null,
    docsUrl: null,
    visibility: 'public',
    position: 0,
    target: null,
  };
  return {
    key: `status-page/${key}`,
    catalogKey: null,
    dependsOn: [],
    owner: 'file',
    retiredAt: null,
    ...plain,
    ...facts,
  };
}

/** A plan in few words. */
export function summary({ added, changed, retired, returned, unchanged, kept }: CatalogPlan) {
  const name = (key: string) => key.replace('status-page/', '');
  const fields = ({ component, fields: all }: CatalogPlan['changed'][number]) =>
    `${name(component.key)} ${all.map(({ field, old, new: fresh }) => `${field}: ${old} → ${fresh}`).join(', ')}`.trim();
  return {
    added: added.map(({ key }) => name(key)),
    changed: changed.map(fields),
    retired: retired.map(({ key }) => name(key)),
    returned: returned.map(fields),
    unchanged: unchanged.map(name),
    kept: kept.map(name),
  };
}
