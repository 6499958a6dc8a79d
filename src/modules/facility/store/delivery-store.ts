import type { Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { FacilityTables } from './schema.ts';

export type DeliveryRow = FacilityTables['facility_delivery'];

/** Resolves to the names of those that were not accepted before. */
export async function insertDeliveries(tx: Tx, rows: readonly DeliveryRow[]): Promise<Set<string>> {
  const inserted = await tx
    .for<FacilityTables>()
    .insertInto('facility_delivery')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return new Set(inserted.map(({ id }) => id));
}

export async function forgetDeliveries(tx: Tx, before: Instant): Promise<void> {
  await tx.for<FacilityTables>().deleteFrom('facility_delivery').where('received_at', '<', before).execute();
}
