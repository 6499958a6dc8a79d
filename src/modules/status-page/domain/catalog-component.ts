import type { ComponentKey, Instant } from '../../../core/index.ts';

export type Attributes = readonly (readonly [name: string, value: string])[];

export interface Dependency {
  key: ComponentKey;
  /** `degraded`: when that one is out, this one is degraded (contracts §1). */
  propagate: 'degraded' | null;
}

/** What a file or a form says of a component. */
export interface CatalogFacts {
  name: string;
  region: string | null;
  category: string | null;
  /** In the order of the catalogue, region and category included. */
  attributes: Attributes;
  description: string | null;
  docsUrl: string | null;
  visibility: 'public' | 'members';
  position: number;
  target: number | null;
}

export type Owner = 'file' | 'person';

/** A component as the catalogue has it, as far as plans look at it. */
export interface StoredComponent extends CatalogFacts {
  key: ComponentKey;
  catalogKey: string | null;
  dependsOn: readonly Dependency[];
  owner: Owner;
  retiredAt: Instant | null;
}

export interface StoredRegion {
  id: string;
  label: string;
  position: number;
  owner: Owner;
}

/** The same name may stand once in each region. */
export function placeOf({ name, region }: Pick<CatalogFacts, 'name' | 'region'>): string {
  return JSON.stringify([name.toLowerCase(), region]);
}

/** `Object Storage (Reg1)` */
export function placeText({ name, region }: Pick<CatalogFacts, 'name' | 'region'>): string {
  return region === null ? name : `${name} (${region})`;
}

export function attributeOf(attributes: Attributes, name: string): string | null {
  return attributes.find(([one]) => one === name)?.[1] ?? null;
}

/** What the file calls a component: its own key, or the one it was given. */
export function fileKeyOf({ key, catalogKey }: Pick<StoredComponent, 'key' | 'catalogKey'>): string {
  return catalogKey ?? key.slice(key.indexOf('/') + 1);
}
