import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { StatusPageTables } from './schema.ts';
import { fromSubscription } from './subscription-record.ts';

/**
 * Whatever plans, takes or ends deliveries takes it first, and `lockIncidents` before it where both are needed: two
 * processes never make two messages of one change.
 */
export async function lockDeliveries(tx: Tx): Promise<void> {
  await tx.lock('status-page:deliveries');
}

export async function insertSubscription(tx: Tx, subscription: Subscription): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .insertInto('status_page_subscription')
    .values(fromSubscription(subscription))
    .execute();
}

export async function saveSubscription(tx: Tx, subscription: Subscription): Promise<void> {
  const { id, ...rest } = fromSubscription(subscription);
  await tx.for<StatusPageTables>().updateTable('status_page_subscription').set(rest).where('id', '=', id).execute();
}

/** With its threads and deliveries. */
export async function deleteSubscription(tx: Tx, id: string): Promise<void> {
  await tx.for<StatusPageTables>().deleteFrom('status_page_subscription').where('id', '=', id).execute();
}

/** Never confirmed in time, or ended long ago; resolves to how many. */
export async function deleteOldSubscriptions(
  tx: Tx,
  { now, endedBefore }: { now: Instant; endedBefore: Instant },
): Promise<number> {
  const { numDeletedRows } = await tx
    .for<StatusPageTables>()
    .deleteFrom('status_page_subscription')
    .where((where) =>
      where.or([
        where.and([where('state', '=', 'pending'), where('confirm_until', '<=', now)]),
        where.and([where('state', '=', 'ended'), where('ended_at', '<', endedBefore)]),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Addresses of staff to which no delivery is on record any more: they are forgotten. Call it under the lock. */
export async function deleteIdleStaff(tx: Tx): Promise<number> {
  const { numDeletedRows } = await tx
    .for<StatusPageTables>()
    .deleteFrom('status_page_subscription')
    .where('audience', '=', 'staff')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('status_page_delivery as delivery')
            .select('delivery.id')
            .whereRef('delivery.subscription', '=', 'status_page_subscription.id'),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Confirmed ones that go to one target or belong to one mail address, whichever are more. */
export async function countOfTarget(
  q: Queries,
  { targetHash, ownerHash }: Pick<Subscription, 'targetHash' | 'ownerHash'>,
): Promise<number> {
  const count = async (column: 'target_hash' | 'owner_hash', value: string) => {
    const row = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_subscription')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where(column, '=', value)
      .where('audience', '=', 'public')
      .where('state', 'in', ['active', 'disabled'])
      .executeTakeFirstOrThrow();
    return row.count;
  };
  return Math.max(await count('target_hash', targetHash), await count('owner_hash', ownerHash));
}

/** Confirmations that were mailed to one address since a moment. */
export async function confirmationsSince(q: Queries, ownerHash: string, since: Instant): Promise<number> {
  const row = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery as delivery')
    .innerJoin('status_page_subscription as owner', 'owner.id', 'delivery.subscription')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('owner.owner_hash', '=', ownerHash)
    .where('delivery.type', '=', 'subscription.confirm')
    .where('delivery.attempts', '>', 0)
    .where('delivery.created_at', '>', since)
    .executeTakeFirstOrThrow();
  return row.count;
}
