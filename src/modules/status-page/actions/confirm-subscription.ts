import { ANONYMOUS, AppError } from '../../../core/index.ts';
import { emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { newWebhookSecret } from '../../../platform/notifications/index.ts';
import { isSameFilter, type Subscription, withNewSecret } from '../domain/subscription.ts';
import { subscriptionsWithTarget, unconfirmedSubscription } from '../store/subscription-read.ts';
import { countOfTarget, deleteSubscription, lockDeliveries, saveSubscription } from '../store/subscription-store.ts';
import { catchUp } from './catch-up.ts';
import type { SubscriptionContext } from './subscription-context.ts';
import { tokenHash } from './subscription-tokens.ts';

export interface Confirmed {
  subscription: Subscription;
  /** Shown once, on the page that answers. */
  secret: string | null;
}

/**
 * Whoever reads the mail wants the messages. The link works once. One target is not told the same twice: what it has
 * already stays, and one that was disabled goes on where it stopped. machine-driven: visitors, by a mailed link.
 */
export async function confirmSubscription(context: SubscriptionContext, token: string): Promise<Confirmed> {
  const { db, clock, config } = context;
  return await db.write(async (tx) => {
    await lockDeliveries(tx);
    const now = clock.now();
    const asked = await unconfirmedSubscription(tx, tokenHash(token), now);
    if (asked === null) throw new AppError('not_found', 'This link was used already, or is too old.');
    const others = (await subscriptionsWithTarget(tx, asked.targetHash)).filter(isAlike(asked));
    const kept = keptOf(others, asked);
    if (kept === undefined && (await countOfTarget(tx, asked)) >= config().subscriptions.max_per_address) {
      throw new AppError('conflict', 'There are as many subscriptions for this address as it may have.');
    }
    const secret = asked.kind === 'webhook' ? newWebhookSecret() : null;
    const subscription: Subscription = {
      ...(kept ?? asked),
      filter: asked.filter,
      language: asked.language,
      state: 'active',
      secrets: secret === null ? [] : withNewSecret(kept?.secrets ?? [], secret, now),
      confirmHash: null,
      confirmUntil: null,
      confirmedAt: kept?.confirmedAt ?? now,
      disabledAt: null,
      disabledReason: null,
    };
    await saveSubscription(tx, subscription);
    if (kept !== undefined) await deleteSubscription(tx, asked.id);
    if (kept?.state === 'disabled') await catchUp(tx, context, subscription);
    await audit(tx, now, subscription, kept !== undefined);
    return { subscription, secret };
  });
}

/** The same way to the same place, for the same owner. */
function isAlike({ kind, target, ownerHash }: Subscription): (other: Subscription) => boolean {
  return (other) => other.kind === kind && other.target === target && other.ownerHash === ownerHash;
}

/** The one that goes on: one that is told the same already, else one that was disabled. */
function keptOf(others: readonly Subscription[], asked: Subscription): Subscription | undefined {
  const same = others.filter(({ filter }) => isSameFilter(filter, asked.filter));
  const isDisabled = ({ state }: Subscription) => state === 'disabled';
  return same.find((one) => !isDisabled(one)) ?? same.find(isDisabled) ?? others.find(isDisabled);
}

async function audit(tx: Tx, at: string, { id, kind }: Subscription, known: boolean): Promise<void> {
  await emitAudit(tx, {
    at,
    actor: ANONYMOUS,
    action: 'status-page.subscription_confirmed',
    subject: `subscription:${id}`,
    details: { kind, known },
  });
}
