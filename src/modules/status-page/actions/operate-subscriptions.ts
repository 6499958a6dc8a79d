import { type Actor, AppError, actorLabel, requireRole } from '../../../core/index.ts';
import { type AuditDetails, emitAudit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import { newWebhookSecret } from '../../../platform/notifications/index.ts';
import { type Subscription, withNewSecret } from '../domain/subscription.ts';
import { hastenDelivery, insertDeliveries, retriableDeliveries, reviveDelivery } from '../store/delivery-store.ts';
import { findSubscription } from '../store/subscription-read.ts';
import { insertSubscription, lockDeliveries, saveSubscription } from '../store/subscription-store.ts';
import { catchUp } from './catch-up.ts';
import { endSubscription } from './change-subscription.ts';
import { newDelivery } from './plan-deliveries.ts';
import {
  type FieldProblem,
  newSubscription,
  type SubscriptionRequest,
  targetProblems,
} from './request-subscription.ts';
import type { SubscriptionContext } from './subscription-context.ts';

interface Deed {
  actor: Actor;
  action: string;
  subject: string;
  details?: AuditDetails;
}

/** The frame of what administrators do here: allowed, one at a time, and written down. */
async function operate<R>(
  { db, clock }: SubscriptionContext,
  { actor, action, subject, details }: Deed,
  unit: (tx: Tx) => Promise<R>,
): Promise<R> {
  requireRole(actor, 'admin');
  return await db.write(async (tx) => {
    await lockDeliveries(tx);
    const result = await unit(tx);
    const about = details === undefined ? {} : { details };
    await emitAudit(tx, { at: clock.now(), actor, action: `status-page.${action}`, subject, ...about });
    return result;
  });
}

async function required(tx: Tx, id: string): Promise<Subscription> {
  const subscription = await findSubscription(tx, id);
  if (subscription === null || subscription.state === 'ended' || subscription.audience === 'staff') {
    throw new AppError('not_found', 'There is no such subscription.');
  }
  return subscription;
}

export type Added = { problems: readonly FieldProblem[] } | { problems: null; id: string; secret: string | null };

/** Adds a channel that nobody has to confirm: who administers vouches for it. */
export async function addChannel(
  context: SubscriptionContext,
  actor: Actor,
  request: SubscriptionRequest,
  said: SubscriptionRequest['language'],
): Promise<Added> {
  requireRole(actor, 'admin');
  const problems = targetProblems(context, { ...request, language: said }).filter(
    ({ field }) => field !== 'owner' || request.owner !== '',
  );
  if (problems.length > 0) return { problems };
  const now = context.clock.now();
  const secret = request.kind === 'webhook' ? newWebhookSecret() : null;
  const subscription: Subscription = {
    ...newSubscription(request, now),
    state: 'active',
    confirmedAt: now,
    secrets: secret === null ? [] : [{ secret, until: null }],
    createdBy: actorLabel(actor),
  };
  const { id, kind } = subscription;
  const deed = { actor, action: 'channel_added', subject: `subscription:${id}`, details: { kind } };
  await operate(context, deed, (tx) => insertSubscription(tx, subscription));
  return { problems: null, id, secret };
}

/** Sends a message that says that it is a test. */
export async function sendTest(context: SubscriptionContext, actor: Actor, id: string): Promise<void> {
  const deed = { actor, action: 'subscription_tested', subject: `subscription:${id}` };
  await operate(context, deed, async (tx) => {
    const subscription = await required(tx, id);
    if (subscription.state !== 'active') throw new AppError('conflict', 'Only an active subscription gets messages.');
    const payload = JSON.stringify(context.writer.test(subscription));
    const now = context.clock.now();
    const about = { incident: null, version: 0, type: 'subscription.test', now, dueAt: now, payload };
    await insertDeliveries(tx, [newDelivery(subscription, about)]);
    tx.afterCommit(context.wake);
  });
}

/**
 * Puts failed messages on their way again, one or all; resolves to how many. Those that are overtaken stay. One that waits
 * for its next attempt has it now.
 */
export async function retryDeliveries(context: SubscriptionContext, actor: Actor, id?: string): Promise<number> {
  const deed = { actor, action: 'deliveries_retried', subject: id === undefined ? 'deliveries' : `delivery:${id}` };
  return await operate(context, deed, async (tx) => {
    const now = context.clock.now();
    const failed = await retriableDeliveries(tx, id);
    for (const delivery of failed) await reviveDelivery(tx, delivery.id, now);
    const isHastened = id !== undefined && (await hastenDelivery(tx, id, now));
    tx.afterCommit(context.wake);
    return isHastened ? 1 : failed.length;
  });
}

export async function removeSubscription(context: SubscriptionContext, actor: Actor, id: string): Promise<void> {
  const deed = { actor, action: 'subscription_removed', subject: `subscription:${id}` };
  await operate(context, deed, async (tx) => {
    await endSubscription(tx, await required(tx, id), { actor, at: context.clock.now() });
  });
}

/** Switches a disabled one on again; what was mended in the meantime is told. */
export async function enableSubscription(context: SubscriptionContext, actor: Actor, id: string): Promise<void> {
  const deed = { actor, action: 'subscription_enabled', subject: `subscription:${id}` };
  await operate(context, deed, async (tx) => {
    const subscription = await required(tx, id);
    if (subscription.state !== 'disabled') throw new AppError('conflict', 'It is not disabled.');
    const enabled: Subscription = { ...subscription, state: 'active', disabledAt: null, disabledReason: null };
    await saveSubscription(tx, enabled);
    await catchUp(tx, context, enabled);
  });
}

/** A new secret, shown once; messages carry signatures by both for a day. */
export async function rotateSecret(context: SubscriptionContext, actor: Actor, id: string): Promise<string> {
  const deed = { actor, action: 'webhook_secret_rotated', subject: `subscription:${id}` };
  return await operate(context, deed, async (tx) => {
    const subscription = await required(tx, id);
    if (subscription.kind !== 'webhook') throw new AppError('invalid', 'Only webhooks have a secret.');
    const secret = newWebhookSecret();
    const secrets = withNewSecret(subscription.secrets, secret, context.clock.now());
    await saveSubscription(tx, { ...subscription, secrets });
    return secret;
  });
}
