import type { Instant } from '../../../core/index.ts';
import type { Queries, Tx } from '../../../platform/database/index.ts';
import type { DeliveryRecord, StatusPageTables } from './schema.ts';

export type { DeliveryRecord } from './schema.ts';

const CHUNK = 500;

function deliveries(q: Queries) {
  return q.for<StatusPageTables>().selectFrom('status_page_delivery').selectAll();
}

export async function insertDeliveries(tx: Tx, rows: readonly DeliveryRecord[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) {
    await tx
      .for<StatusPageTables>()
      .insertInto('status_page_delivery')
      .values(rows.slice(at, at + CHUNK))
      .execute();
  }
}

/** Subscriptions for which the message about an incident is planned and not made yet. */
export async function plannedFor(q: Queries, incident: number): Promise<ReadonlySet<string>> {
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery')
    .select('subscription')
    .where('incident', '=', incident)
    .where('state', '=', 'pending')
    .where('payload', 'is', null)
    .execute();
  return new Set(rows.map(({ subscription }) => subscription));
}

/** Subscriptions for which a message of this type is on record for this version of an incident. */
export async function toldOfVersion(
  q: Queries,
  { incident, version, type }: Pick<DeliveryRecord, 'version' | 'type'> & { incident: number },
): Promise<ReadonlySet<string>> {
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery')
    .select('subscription')
    .where('incident', '=', incident)
    .where('version', '=', version)
    .where('type', '=', type)
    .execute();
  return new Set(rows.map(({ subscription }) => subscription));
}

/** A later change of the incident goes out with the message that is planned already. */
export async function joinPlanned(
  tx: Tx,
  { incident, version }: { incident: number; version: number },
  subscriptions: readonly string[],
): Promise<void> {
  for (let at = 0; at < subscriptions.length; at += CHUNK) {
    await tx
      .for<StatusPageTables>()
      .updateTable('status_page_delivery')
      .set({ version })
      .where('incident', '=', incident)
      .where('state', '=', 'pending')
      .where('payload', 'is', null)
      .where('subscription', 'in', subscriptions.slice(at, at + CHUNK))
      .execute();
  }
}

/** Of messages that somebody has begun and not finished by `now`: their process is gone. */
export async function dueSubscriptions(q: Queries, now: Instant, limit: number): Promise<string[]> {
  const rows = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery as delivery')
    .innerJoin('status_page_subscription as owner', 'owner.id', 'delivery.subscription')
    .select('delivery.subscription')
    .select((select) => select.fn.min('delivery.next_at').as('first'))
    .where('delivery.carrier', 'is', null)
    .where((where) =>
      where.or([
        where.and([where('delivery.state', '=', 'pending'), where('delivery.next_at', '<=', now)]),
        where.and([where('delivery.state', '=', 'sending'), where('delivery.locked_until', '<=', now)]),
      ]),
    )
    .where((where) =>
      where.or([
        where('owner.state', '=', 'active'),
        where.and([where('owner.state', '=', 'pending'), where('delivery.type', '=', 'subscription.confirm')]),
        where.and([where('owner.state', '=', 'disabled'), where('delivery.type', '=', 'subscription.disabled')]),
      ]),
    )
    .groupBy('delivery.subscription')
    .orderBy('first')
    .orderBy('delivery.subscription')
    .limit(limit)
    .execute();
  return rows.map(({ subscription }) => subscription);
}

/** Everything of a subscription that is not done, oldest first. */
export async function openDeliveries(q: Queries, subscription: string): Promise<DeliveryRecord[]> {
  return await deliveries(q)
    .where('subscription', '=', subscription)
    .where('state', 'in', ['pending', 'sending'])
    .orderBy('created_at')
    .orderBy('incident')
    .orderBy('version')
    .orderBy('id')
    .execute();
}

export async function findDelivery(q: Queries, id: string): Promise<DeliveryRecord | null> {
  return (await deliveries(q).where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Takes a delivery as it was read; false: somebody else was first. */
export async function takeDelivery(
  tx: Tx,
  read: Pick<DeliveryRecord, 'id' | 'state' | 'attempts' | 'version' | 'locked_until'>,
  taken: Partial<DeliveryRecord>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set(taken)
    .where('id', '=', read.id)
    .where('state', '=', read.state)
    .where('attempts', '=', read.attempts)
    .where('version', '=', read.version)
    .where('locked_until', read.locked_until === null ? 'is' : '=', read.locked_until)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What became of an attempt, for the message and all that it carries; only if the attempt is still the newest. */
export async function finishDelivery(
  tx: Tx,
  { id, attempts }: { id: string; attempts: number },
  end: Partial<DeliveryRecord>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ ...end, locked_until: null })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('state', '=', 'sending')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  const { state, sent_at: sentAt, last_error: error } = end;
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({
      ...(state === undefined ? {} : { state: state === 'pending' ? 'sending' : state }),
      ...(sentAt === undefined ? {} : { sent_at: sentAt }),
      ...(error === undefined ? {} : { last_error: error }),
    })
    .where('carrier', '=', id)
    .execute();
  return true;
}

/** The target answers again: what waits for it goes out now. */
export async function hastenRetries(tx: Tx, subscription: string, now: Instant): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ next_at: now })
    .where('subscription', '=', subscription)
    .where('state', '=', 'pending')
    .where('attempts', '>', 0)
    .where('next_at', '>', now)
    .execute();
}

export async function deleteDeliveries(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.for<StatusPageTables>().deleteFrom('status_page_delivery').where('id', 'in', ids).execute();
}

/** Nothing that is under way or planned for a subscription goes out any more. */
export async function stopDeliveries(tx: Tx, subscription: string, error: string): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ state: 'failed', last_error: error, locked_until: null })
    .where('subscription', '=', subscription)
    .where('state', 'in', ['pending', 'sending'])
    .execute();
}

/** Puts a failed message back, to be sent as it was, under its id. */
export async function reviveDelivery(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ state: 'pending', next_at: now, attempts: 0, locked_until: null })
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .execute();
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ state: 'sending' })
    .where('carrier', '=', id)
    .where('state', '=', 'failed')
    .execute();
}

/** What waits for its next attempt goes out now, as that attempt; false: it does not wait. */
export async function hastenDelivery(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ next_at: now })
    .where('id', '=', id)
    .where('carrier', 'is', null)
    .where('state', '=', 'pending')
    .where('attempts', '>', 0)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** On SQLite one process runs at a time: what the last one was sending when it died may go again at once. */
export async function freeDeliveries(tx: Tx, now: Instant): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .updateTable('status_page_delivery')
    .set({ locked_until: now })
    .where('state', '=', 'sending')
    .where('carrier', 'is', null)
    .execute();
}

/** Sent ones are a record for a while, failed ones for longer. */
export async function deleteOldDeliveries(
  tx: Tx,
  { sentBefore, failedBefore }: { sentBefore: Instant; failedBefore: Instant },
): Promise<number> {
  const { numDeletedRows } = await tx
    .for<StatusPageTables>()
    .deleteFrom('status_page_delivery')
    .where((where) =>
      where.or([
        where.and([where('state', '=', 'sent'), where('created_at', '<', sentBefore)]),
        where.and([where('state', '=', 'failed'), where('created_at', '<', failedBefore)]),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Whoever left gets nothing that was on its way. */
export async function deleteOpenDeliveries(tx: Tx, subscription: string): Promise<void> {
  await tx
    .for<StatusPageTables>()
    .deleteFrom('status_page_delivery')
    .where('subscription', '=', subscription)
    .where('state', 'in', ['pending', 'sending', 'failed'])
    .execute();
}

/** Failed messages that can be sent as they were: nothing later of the same incident went out or waits. */
export async function retriableDeliveries(q: Queries, id?: string): Promise<DeliveryRecord[]> {
  let query = q
    .for<StatusPageTables>()
    .selectFrom('status_page_delivery as failed')
    .innerJoin('status_page_subscription as owner', 'owner.id', 'failed.subscription')
    .selectAll('failed')
    .where('failed.state', '=', 'failed')
    .where('failed.carrier', 'is', null)
    .where((where) =>
      where.or([
        where('owner.state', '=', 'active'),
        where.and([where('owner.state', '=', 'pending'), where('failed.type', '=', 'subscription.confirm')]),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('status_page_delivery as later')
            .select('later.id')
            .whereRef('later.subscription', '=', 'failed.subscription')
            .whereRef('later.incident', '=', 'failed.incident')
            .whereRef('later.version', '>', 'failed.version')
            .where('later.state', '!=', 'failed'),
        ),
      ),
    );
  if (id !== undefined) query = query.where('failed.id', '=', id);
  return await query.orderBy('failed.created_at').limit(1000).execute();
}
