import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { ComponentsTables } from './schema.ts';

const NAME = 'signalbox';

export async function lastHeartbeat(q: Queries): Promise<Instant | null> {
  const row = await q
    .for<ComponentsTables>()
    .selectFrom('components_heartbeat')
    .select('at')
    .where('name', '=', NAME)
    .executeTakeFirst();
  return row?.at ?? null;
}

export async function saveHeartbeat(tx: Tx, at: Instant): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .insertInto('components_heartbeat')
    .values({ name: NAME, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute();
}

export async function insertOutage(tx: Tx, outage: ComponentsTables['components_outage']): Promise<void> {
  await tx
    .for<ComponentsTables>()
    .insertInto('components_outage')
    .values(outage)
    .onConflict((conflict) => conflict.column('from_at').doNothing())
    .execute();
}
