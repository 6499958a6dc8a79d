import type { Subscription, SubscriptionFilter, WebhookKey } from '../domain/subscription.ts';
import type { SubscriptionRecord } from './schema.ts';

export function toSubscription(record: SubscriptionRecord): Subscription {
  return {
    id: record.id,
    kind: record.kind,
    target: record.target,
    targetHash: record.target_hash,
    secrets: JSON.parse(record.secrets) as WebhookKey[],
    ownerEmail: record.owner_email,
    ownerHash: record.owner_hash,
    language: record.language,
    filter: JSON.parse(record.filter) as SubscriptionFilter,
    state: record.state,
    confirmHash: record.confirm_hash,
    confirmUntil: record.confirm_until,
    manageToken: record.manage_token,
    createdAt: record.created_at,
    createdBy: record.created_by,
    confirmedAt: record.confirmed_at,
    disabledAt: record.disabled_at,
    disabledReason: record.disabled_reason,
    endedAt: record.ended_at,
    audience: record.audience,
  };
}

export function fromSubscription(subscription: Subscription): SubscriptionRecord {
  return {
    id: subscription.id,
    kind: subscription.kind,
    target: subscription.target,
    target_hash: subscription.targetHash,
    secrets: JSON.stringify(subscription.secrets),
    owner_email: subscription.ownerEmail,
    owner_hash: subscription.ownerHash,
    language: subscription.language,
    filter: JSON.stringify(subscription.filter),
    state: subscription.state,
    confirm_hash: subscription.confirmHash,
    confirm_until: subscription.confirmUntil,
    manage_token: subscription.manageToken,
    created_at: subscription.createdAt,
    created_by: subscription.createdBy,
    confirmed_at: subscription.confirmedAt,
    disabled_at: subscription.disabledAt,
    disabled_reason: subscription.disabledReason,
    ended_at: subscription.endedAt,
    audience: subscription.audience,
  };
}
