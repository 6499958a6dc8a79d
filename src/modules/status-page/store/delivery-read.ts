import type { Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { DeliveryRecord, StatusPageTables } from './schema.ts';

/** A line of the delivery log, without what was sent. */
export type DeliveryLine = Omit<DeliveryRecord, 'payload' | 'locked_until'>;

export type DeliveryState = DeliveryRecord['state'];

/** How many messages are not sent yet, and when the one that waits longest was due. */
export async function deliveryBacklog(q: Queries): Promise<{ pending: number; oldestDue: Instant | null }> {
  const row = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery as delivery')
    .innerJoin('status_page_subscription as owner', 'owner.id', 'delivery.subscription')
    .select((select) => [select.fn.countAll<number>().as('pending'), select.fn.min('delivery.next_at').as('oldest')])
    .where('delivery.state', 'in', ['pending', 'sending'])
    .where('delivery.carrier', 'is', null)
    .where('owner.state', '=', 'active')
    .executeTakeFirstOrThrow();
  return { pending: row.pending, oldestDue: row.oldest };
}

const LINE = [
  'id',
  'subscription',
  'incident',
  'version',
  'type',
  'created_at',
  'next_at',
  'state',
  'attempts',
  'last_error',
  'sent_at',
  'carrier',
] as const;

/** Newest first. */
export async function listDeliveries(
  q: Queries,
  { state, limit, offset = 0 }: { state?: DeliveryState | undefined; limit: number; offset?: number },
): Promise<DeliveryLine[]> {
  let query = q.for<StatusPageTables>().selectFrom('status_page_delivery').select(LINE);
  if (state !== undefined) query = query.where('state', '=', state);
  return await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).execute();
}

export async function countDeliveries(q: Queries): Promise<ReadonlyMap<DeliveryState, number>> {
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, count]));
}

/** The newest of each of these subscriptions. */
export async function lastDeliveries(
  q: Queries,
  subscriptions: readonly string[],
): Promise<ReadonlyMap<string, DeliveryLine>> {
  if (subscriptions.length === 0) return new Map();
  // Ids sort by the time of their making.
  const newest = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery')
    .select((select) => select.fn.max('id').as('id'))
    .where('subscription', 'in', subscriptions)
    .groupBy('subscription')
    .execute();
  const ids = newest.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const lines = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery')
    .select(LINE)
    .where('id', 'in', ids)
    .execute();
  return new Map(lines.map((line) => [line.subscription, line]));
}
