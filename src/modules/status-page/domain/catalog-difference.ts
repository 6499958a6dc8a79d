import { type CatalogFacts, type Dependency, fileKeyOf, type StoredComponent } from './catalog-component.ts';

/** One field of a component: what it says and will say; null is nothing. */
export interface FieldChange {
  field: string;
  old: string | null;
  new: string | null;
}

type Compared = CatalogFacts & Pick<StoredComponent, 'key' | 'catalogKey'> & { dependsOn: readonly Dependency[] };

/** What differs, field by field, attributes one by one. */
export function fieldChanges(before: Compared, after: Compared): FieldChange[] {
  const plain: FieldChange[] = [
    { field: 'key', old: fileKeyOf(before), new: fileKeyOf(after) },
    { field: 'name', old: before.name, new: after.name },
    ...attributeChanges(before, after),
    { field: 'description', old: before.description, new: after.description },
    { field: 'docs_url', old: before.docsUrl, new: after.docsUrl },
    { field: 'visibility', old: before.visibility, new: after.visibility },
    { field: 'position', old: String(before.position), new: String(after.position) },
    { field: 'target', old: numberText(before.target), new: numberText(after.target) },
    { field: 'depends_on', old: dependsText(before.dependsOn), new: dependsText(after.dependsOn) },
  ];
  return plain.filter((change) => change.old !== change.new);
}

function attributeChanges({ attributes: before }: CatalogFacts, { attributes: after }: CatalogFacts): FieldChange[] {
  const [old, fresh] = [new Map(before), new Map(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  const changes = names
    .map((name) => ({ field: `attributes.${name}`, old: old.get(name) ?? null, new: fresh.get(name) ?? null }))
    .filter((change) => change.old !== change.new);
  // Labels list the values in their order.
  const order = { field: 'attributes', old: [...old.keys()].join(', '), new: [...fresh.keys()].join(', ') };
  return changes.length === 0 ? [order] : changes;
}

function numberText(value: number | null): string | null {
  return value === null ? null : String(value);
}

function dependsText(dependencies: readonly Dependency[]): string | null {
  const texts = dependencies.map(({ key, propagate }) => (propagate === null ? key : `${key} (${propagate})`)).sort();
  return texts.length === 0 ? null : texts.join(', ');
}
