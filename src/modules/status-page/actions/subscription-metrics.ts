import type { Metrics } from '../../../platform/metrics/index.ts';
import type { SubscriptionKind } from '../domain/subscription.ts';

/** What became of an attempt; `dropped`: there was nothing to say any more, or too much was asked for. */
export type DeliveryOutcome = 'sent' | 'retry' | 'failed' | 'dropped';

export interface SubscriptionMetrics {
  delivery(kind: SubscriptionKind, outcome: DeliveryOutcome): void;
  disabled(kind: SubscriptionKind): void;
  /** Messages that are not sent yet, and since when the oldest is due. */
  backlog(pending: number, oldestSeconds: number): void;
}

export function subscriptionMetrics(metrics: Metrics): SubscriptionMetrics {
  const deliveries = metrics.counter(
    'status_page_deliveries_total',
    'Attempts to send messages to subscribers, by channel and by how they ended.',
    ['kind', 'outcome'],
  );
  const disabled = metrics.counter(
    'status_page_subscriptions_disabled_total',
    'Subscriptions disabled because their messages could not be delivered.',
    ['kind'],
  );
  const pending = metrics.gauge('status_page_pending_deliveries', 'Messages to subscribers that are not sent yet.');
  const oldest = metrics.gauge(
    'status_page_oldest_pending_delivery_seconds',
    'For how long the message that waits longest has been due.',
  );
  return {
    delivery: (kind, outcome) => deliveries.add({ kind, outcome }),
    disabled: (kind) => disabled.add({ kind }),
    backlog: (count, seconds) => {
      pending.set(count);
      oldest.set(seconds);
    },
  };
}
