import { system } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Subscription } from '../domain/subscription.ts';
import { insertDeliveries, stopDeliveries } from '../store/delivery-store.ts';
import { findSubscription } from '../store/subscription-read.ts';
import { saveSubscription } from '../store/subscription-store.ts';
import { newDelivery } from './plan-deliveries.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/** Its target takes nothing any more: nothing more is sent there, and its owner is told by mail. */
export async function disableSubscription(
  tx: Tx,
  { clock, writer, delivered, wake }: SubscriptionContext,
  { id }: Pick<Subscription, 'id'>,
  reason: string,
): Promise<void> {
  const subscription = await findSubscription(tx, id);
  // Whom the configuration names is mailed again next time: one wrong answer must not silence him for ever.
  if (subscription?.state !== 'active' || subscription.audience === 'staff') return;
  const at = clock.now();
  await stopDeliveries(tx, id, 'The subscription was disabled.');
  await saveSubscription(tx, { ...subscription, state: 'disabled', disabledAt: at, disabledReason: reason });
  if (subscription.kind !== 'email' && subscription.ownerEmail !== null) {
    const payload = JSON.stringify(writer.disabled(subscription, reason));
    const type = 'subscription.disabled';
    await insertDeliveries(tx, [
      newDelivery(subscription, { incident: null, version: 0, type, now: at, dueAt: at, payload }),
    ]);
    tx.afterCommit(wake);
  }
  await emitAudit(tx, {
    at,
    actor: system('delivery'),
    action: 'status-page.subscription_disabled',
    subject: `subscription:${id}`,
    details: { kind: subscription.kind, reason },
  });
  tx.afterCommit(() => delivered.disabled(subscription.kind));
}
