import type { Tx } from '../../../platform/database/index.ts';
import type { MonthRecord } from './availability-read.ts';
import type { StatusPageTables } from './schema.ts';

/** Keeps months as they are now; one that is kept already stays. */
export async function freezeMonths(tx: Tx, records: readonly MonthRecord[]): Promise<void> {
  for (let at = 0; at < records.length; at += 200) {
    await tx
      .for<StatusPageTables>()
      .insertInto('status_page_month')
      .values(records.slice(at, at + 200))
      .onConflict((conflict) => conflict.columns(['component', 'month']).doNothing())
      .execute();
  }
}
