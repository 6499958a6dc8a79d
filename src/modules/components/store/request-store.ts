import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { ComponentsTables } from './schema.ts';

export type RequestRecord = ComponentsTables['components_request'];

export async function findRequest(q: Queries, owner: string, key: string): Promise<RequestRecord | undefined> {
  return q
    .for<ComponentsTables>()
    .selectFrom('components_request')
    .selectAll()
    .where('owner', '=', owner)
    .where('key', '=', key)
    .executeTakeFirst();
}

export async function insertRequest(tx: Tx, record: RequestRecord): Promise<void> {
  await tx.for<ComponentsTables>().insertInto('components_request').values(record).execute();
}

export async function pruneRequests(tx: Tx, before: Instant): Promise<void> {
  await tx.for<ComponentsTables>().deleteFrom('components_request').where('at', '<', before).execute();
}
