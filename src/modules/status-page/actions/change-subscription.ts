import { type Actor, ANONYMOUS, AppError } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Subscription, SubscriptionFilter } from '../domain/subscription.ts';
import { deleteOpenDeliveries } from '../store/delivery-store.ts';
import { managedSubscription } from '../store/subscription-read.ts';
import { lockDeliveries, saveSubscription } from '../store/subscription-store.ts';
import { forgetThreads } from '../store/thread-store.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/**
 * Changes what a subscriber is told of. What was told as broken is still told as mended. machine-driven: visitors, by
 * the link that is in each of their messages.
 */
export async function changeFilter(
  { db, clock }: SubscriptionContext,
  token: string,
  { filter, language }: { filter: SubscriptionFilter; language: Subscription['language'] },
): Promise<void> {
  await db.write(async (tx) => {
    await lockDeliveries(tx);
    const subscription = await managedSubscription(tx, token);
    if (subscription === null || subscription.state === 'ended') throw noSubscription();
    await saveSubscription(tx, { ...subscription, filter, language });
    await emitAudit(tx, {
      at: clock.now(),
      actor: ANONYMOUS,
      action: 'status-page.subscription_changed',
      subject: `subscription:${subscription.id}`,
    });
  });
}

/** Ends it; whose it was is forgotten at once. Ending an ended one is no mistake: mail programs press twice. */
export async function unsubscribe({ db, clock }: SubscriptionContext, token: string): Promise<void> {
  await db.write(async (tx) => {
    await lockDeliveries(tx);
    const subscription = await managedSubscription(tx, token);
    if (subscription === null) throw noSubscription();
    if (subscription.state !== 'ended') await endSubscription(tx, subscription, { actor: ANONYMOUS, at: clock.now() });
  });
}

/** Inside the transaction of whoever may. */
export async function endSubscription(
  tx: Tx,
  subscription: Subscription,
  { actor, at }: { actor: Actor; at: string },
): Promise<void> {
  const { id, kind } = subscription;
  await deleteOpenDeliveries(tx, id);
  await forgetThreads(tx, id);
  const nobody = { target: '', targetHash: '', ownerEmail: null, ownerHash: '', secrets: [], confirmHash: null };
  await saveSubscription(tx, { ...subscription, ...nobody, state: 'ended', endedAt: at });
  await emitAudit(tx, {
    at,
    actor,
    action: 'status-page.subscription_ended',
    subject: `subscription:${id}`,
    details: { kind },
  });
}

function noSubscription(): AppError {
  return new AppError('not_found', 'There is no subscription with this link: it may have been removed.');
}
