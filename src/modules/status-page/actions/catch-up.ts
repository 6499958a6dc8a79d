import type { Tx } from '../../../platform/database/index.ts';
import { isOver } from '../domain/concern.ts';
import type { Subscription } from '../domain/subscription.ts';
import { insertDeliveries } from '../store/delivery-store.ts';
import { findIncident } from '../store/incident-store.ts';
import { openThreads } from '../store/thread-store.ts';
import { newDelivery } from './plan-deliveries.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/**
 * A subscription goes on after a while in which nothing was sent: what was told as broken and is mended by now is told
 * as mended. What still goes on is told at its next change. machine-driven: part of the actions that switch one on.
 */
export async function catchUp(
  tx: Tx,
  { clock, wake }: SubscriptionContext,
  subscription: Pick<Subscription, 'id'>,
): Promise<void> {
  const now = clock.now();
  for (const { incident: id, told_version: version } of await openThreads(tx, subscription.id)) {
    const incident = await findIncident(tx, id);
    if (incident === null || !isOver(incident)) continue;
    const about = { incident: id, version: Math.max(version, incident.version), type: 'planned', now, dueAt: now };
    await insertDeliveries(tx, [newDelivery(subscription, about)]);
  }
  tx.afterCommit(wake);
}
