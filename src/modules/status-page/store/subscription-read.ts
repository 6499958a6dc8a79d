import type { Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { StatusPageTables } from './schema.ts';
import { toSubscription } from './subscription-record.ts';

function everySubscription(q: Queries) {
  return q.for<StatusPageTables>().selectFrom('status_page_subscription').selectAll();
}

/** Those that somebody asked for: whatever visitors and administrators do with subscriptions starts here. */
function subscriptions(q: Queries) {
  return everySubscription(q).where('audience', '=', 'public');
}

export async function findSubscription(q: Queries, id: string): Promise<Subscription | null> {
  const record = await everySubscription(q).where('id', '=', id).executeTakeFirst();
  return record === undefined ? null : toSubscription(record);
}

/** The one by which an address of staff is mailed. */
export async function findStaff(
  q: Queries,
  { target, targetHash }: Pick<Subscription, 'target' | 'targetHash'>,
): Promise<Subscription | null> {
  const record = await everySubscription(q)
    .where('target_hash', '=', targetHash)
    .where('target', '=', target)
    .where('audience', '=', 'staff')
    .executeTakeFirst();
  return record === undefined ? null : toSubscription(record);
}

/** The one that a link in a message is about. */
export async function managedSubscription(q: Queries, token: string): Promise<Subscription | null> {
  const record = await subscriptions(q).where('manage_token', '=', token).executeTakeFirst();
  return record === undefined ? null : toSubscription(record);
}

/** The one that waits for this confirmation. */
export async function unconfirmedSubscription(
  q: Queries,
  confirmHash: string,
  now: Instant,
): Promise<Subscription | null> {
  const record = await subscriptions(q)
    .where('confirm_hash', '=', confirmHash)
    .where('state', '=', 'pending')
    .where('confirm_until', '>', now)
    .executeTakeFirst();
  return record === undefined ? null : toSubscription(record);
}

/** Those that get messages, if they did when something happened. */
export async function activeSubscriptions(q: Queries, confirmedUntil: Instant): Promise<Subscription[]> {
  const records = await subscriptions(q)
    .where('state', '=', 'active')
    .where('confirmed_at', '<=', confirmedUntil)
    .orderBy('id')
    .execute();
  return records.map(toSubscription);
}

/** Newest first, with those that ended left out. */
export async function listSubscriptions(
  q: Queries,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<Subscription[]> {
  const records = await subscriptions(q)
    .where('state', '!=', 'ended')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return records.map(toSubscription);
}

/** Of both audiences: for the log of deliveries. */
export async function subscriptionsById(q: Queries, ids: readonly string[]): Promise<Subscription[]> {
  if (ids.length === 0) return [];
  const records = await everySubscription(q)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return records.map(toSubscription);
}

export async function subscriptionsWithTarget(q: Queries, targetHash: string): Promise<Subscription[]> {
  const records = await subscriptions(q)
    .where('target_hash', '=', targetHash)
    .where('state', 'in', ['active', 'disabled'])
    .orderBy('id')
    .execute();
  return records.map(toSubscription);
}

export async function countSubscriptions(q: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_subscription')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .where('audience', '=', 'public')
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, count]));
}
