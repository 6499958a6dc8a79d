import type { Instant } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { FacilityTables } from './schema.ts';

export type DeliveryRow = FacilityTables['facility_delivery'];

/** False: it was accepted before. */
export async function insertDelivery(tx: Tx, row: DeliveryRow): Promise<boolean> {
  const result = await tx
    .for<FacilityTables>()
    .insertInto('facility_delivery')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function forgetDeliveries(tx: Tx, before: Instant): Promise<void> {
  await tx.for<FacilityTables>().deleteFrom('facility_delivery').where('received_at', '<', before).execute();
}
