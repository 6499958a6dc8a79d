import type { ComponentKey } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { Place } from '../domain/concern.ts';
import type { StatusPageTables } from './schema.ts';

/** Where components of the catalogue are; those of other areas are not in it. */
export async function placesOf(q: Queries, keys: readonly ComponentKey[]): Promise<ReadonlyMap<ComponentKey, Place>> {
  if (keys.length === 0) return new Map();
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_component')
    .select(['key', 'region', 'category'])
    .where('key', 'in', [...new Set(keys)])
    .execute();
  return new Map(rows.map((row) => [row.key, row]));
}
