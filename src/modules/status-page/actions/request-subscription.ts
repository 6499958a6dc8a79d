import { ANONYMOUS, AppError, addMs, HOUR, newId, toMs } from '../../../core/index.ts';
import type { AttemptCounter } from '../../../platform/auth/index.ts';
import { addressKey } from '../../../platform/auth/index.ts';
import type { Language } from '../../../platform/i18n/index.ts';
import type { Subscription, SubscriptionFilter, SubscriptionKind } from '../domain/subscription.ts';
import { insertDeliveries } from '../store/delivery-store.ts';
import { insertSubscription } from '../store/subscription-store.ts';
import { newDelivery } from './plan-deliveries.ts';
import type { SubscriptionContext } from './subscription-context.ts';
import { newLinkToken, targetHash, tokenHash } from './subscription-tokens.ts';

/** For so long the link in the mail is good. */
const CONFIRM_WITHIN = 48 * HOUR;

/** One thing wrong with what was typed, in the words of who typed it. */
export interface FieldProblem {
  field: string;
  problem: string;
  remedy: string;
}

export interface SubscriptionRequest {
  kind: SubscriptionKind;
  /** Mail address or URL. */
  target: string;
  /** Mail address that confirms it; for mail the target itself. */
  owner: string;
  filter: SubscriptionFilter;
  language: Language;
}

/** What is wrong with where messages are to go, as far as it can be told without asking anybody. */
export function targetProblems(
  { channels }: Pick<SubscriptionContext, 'channels'>,
  { kind, target, owner, language }: SubscriptionRequest,
): FieldProblem[] {
  const mail = (field: string, address: string) => channels.email.check({ address }, { field, language });
  if (kind === 'email') return [mail('email', target)].filter((problem) => problem !== null);
  const form = { field: kind, language };
  const own =
    kind === 'webhook'
      ? channels.webhook.check({ url: target, secrets: [] }, form)
      : channels[kind].check({ url: target }, form);
  return [own, mail('owner', owner)].filter((problem) => problem !== null);
}

/**
 * A visitor asks for messages. Every request does the same work and gets the same answer, whoever has the address:
 * whether the confirmation is mailed is decided later, by what was mailed to it before. machine-driven: visitors, who
 * are counted by their address; nothing but one mail comes of it until its reader confirms.
 */
export async function requestSubscription(
  context: SubscriptionContext,
  attempts: AttemptCounter,
  request: SubscriptionRequest,
  ip: string,
): Promise<readonly FieldProblem[]> {
  if (!context.config().subscriptions.enabled || !context.canMail()) {
    throw new AppError('unavailable', 'Subscriptions are not open here.');
  }
  const problems = targetProblems(context, request);
  if (problems.length > 0) return problems;
  const taken = attempts.take(addressKey(ip));
  if (!taken.allowed) {
    const { retryAfter } = taken;
    const message = `Too many subscriptions were asked for from your address. Try again in ${Math.ceil(retryAfter / 60)} min.`;
    throw new AppError('limit', message, { retryAfter });
  }
  const token = newLinkToken();
  const now = context.clock.now();
  const subscription: Subscription = {
    ...newSubscription(request, now),
    confirmHash: tokenHash(token),
    confirmUntil: addMs(now, CONFIRM_WITHIN),
    createdBy: ANONYMOUS.kind,
  };
  const payload = JSON.stringify(context.writer.confirm(subscription, token));
  await context.db.write(async (tx) => {
    await insertSubscription(tx, subscription);
    const type = 'subscription.confirm';
    const about = { incident: null, version: 0, type, now, dueAt: now, payload };
    await insertDeliveries(tx, [newDelivery(subscription, about)]);
    tx.afterCommit(context.wake);
  });
  return [];
}

/** Waiting for its confirmation. */
export function newSubscription(request: SubscriptionRequest, now: string): Omit<Subscription, 'createdBy'> {
  const { kind, target, owner, filter, language } = request;
  const isMail = kind === 'email';
  return {
    id: newId(toMs(now)),
    kind,
    target,
    targetHash: targetHash(kind, target),
    secrets: [],
    ownerEmail: isMail || owner === '' ? null : owner,
    ownerHash: isMail || owner !== '' ? targetHash('email', isMail ? target : owner) : '',
    language,
    filter,
    state: 'pending',
    confirmHash: null,
    confirmUntil: null,
    manageToken: newLinkToken(),
    createdAt: now,
    confirmedAt: null,
    disabledAt: null,
    disabledReason: null,
    endedAt: null,
    audience: 'public',
  };
}
