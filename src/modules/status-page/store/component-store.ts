import type { ComponentKey, Instant } from '../../../core/index.ts';
import { type Queries, statement, type Tx } from '../../../platform/database/index.ts';
import type { ComponentRecord, StatusPageTables } from './schema.ts';

export type Attributes = readonly (readonly [name: string, value: string])[];

/** A service in one region, as the catalogue has it. */
export interface CatalogComponent {
  /** Its number for the predecessor's clients. */
  number: number;
  key: ComponentKey;
  catalogKey: string | null;
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
  owner: 'file' | 'person';
  watchedFrom: Instant;
  createdAt: Instant;
  modifiedAt: Instant;
  retiredAt: Instant | null;
}

export function toCatalogComponent(record: ComponentRecord): CatalogComponent {
  return {
    number: record.number,
    key: record.key,
    catalogKey: record.catalog_key,
    name: record.name,
    region: record.region,
    category: record.category,
    attributes: JSON.parse(record.attributes) as Attributes,
    description: record.description,
    docsUrl: record.docs_url,
    visibility: record.visibility,
    position: record.position,
    target: record.target,
    owner: record.owner,
    watchedFrom: record.watched_from,
    createdAt: record.created_at,
    modifiedAt: record.modified_at,
    retiredAt: record.retired_at,
  };
}

export function toRecord(component: Omit<CatalogComponent, 'number'>): Omit<ComponentRecord, 'number'> {
  return {
    key: component.key,
    catalog_key: component.catalogKey,
    name: component.name,
    region: component.region,
    category: component.category,
    attributes: JSON.stringify(component.attributes),
    description: component.description,
    docs_url: component.docsUrl,
    visibility: component.visibility,
    position: component.position,
    target: component.target,
    owner: component.owner,
    watched_from: component.watchedFrom,
    created_at: component.createdAt,
    modified_at: component.modifiedAt,
    retired_at: component.retiredAt,
  };
}

/** Writes a component by its key; its number and the moment it was made stay. */
export async function saveComponent(tx: Tx, component: Omit<CatalogComponent, 'number'>): Promise<void> {
  const record = toRecord(component);
  const { key: _key, created_at: _made, ...rest } = record;
  await tx
    .for<{ status_page_component: Omit<ComponentRecord, 'number'> }>()
    .insertInto('status_page_component')
    .values(record)
    .onConflict((conflict) => conflict.column('key').doUpdateSet(rest))
    .execute();
}

/** Everything in the catalogue in its order, or what of it has these keys; retired ones are part of it. */
export async function allComponents(q: Queries, keys?: readonly ComponentKey[]): Promise<CatalogComponent[]> {
  if (keys?.length === 0) return [];
  let query = q.for<StatusPageTables>().selectFrom('status_page_component').selectAll();
  if (keys !== undefined) query = query.where('key', 'in', keys);
  const records = await query.orderBy('position').orderBy('name').orderBy('number').execute();
  return records.map(toCatalogComponent);
}

export async function findComponent(q: Queries, key: ComponentKey): Promise<CatalogComponent | null> {
  const record = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_component')
    .selectAll()
    .where('key', '=', key)
    .executeTakeFirst();
  return record === undefined ? null : toCatalogComponent(record);
}

const named = statement(['name'], (q, { name }: { name: string }) =>
  q
    .for<StatusPageTables>()
    .selectFrom('status_page_component')
    .selectAll()
    .where('name', '=', name)
    .where('retired_at', 'is', null)
    .orderBy('number'),
);

/** All of one name, in the order in which the predecessor looked through them. */
export async function componentsNamed(q: Queries, name: string): Promise<CatalogComponent[]> {
  const { rows } = await q.for<StatusPageTables>().executeQuery(named(q, { name }));
  return rows.map(toCatalogComponent);
}
