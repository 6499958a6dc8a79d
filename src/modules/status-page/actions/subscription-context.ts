import type { Channels, Message } from '../../../platform/notifications/index.ts';
import type { Tell } from '../domain/concern.ts';
import type { Incident } from '../domain/incident.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { IncidentView } from '../store/incident-read.ts';
import type { StatusPageContext } from './status-page-context.ts';
import type { SubscriptionMetrics } from './subscription-metrics.ts';

/** What is told of an incident in one message. */
export interface ToldIncident {
  tell: Tell;
  /** As everybody may see it; null: nothing of it is public any more. */
  view: IncidentView | null;
  incident: Pick<Incident, 'id' | 'type'>;
  /** As it was told last; empty: never. */
  title: string;
  /** Updates up to this one were told. */
  toldUpdate: number;
}

/** Makes the messages: their words are the pages' words. */
export interface MessageWriter {
  incident(told: ToldIncident, subscription: Subscription): Promise<Message>;
  /** Several that are due at the same moment, as one. */
  digest(messages: readonly Message[], subscription: Subscription): Message;
  confirm(subscription: Subscription, token: string): Message;
  disabled(subscription: Subscription, reason: string): Message;
  test(subscription: Subscription): Message;
}

export interface SubscriptionContext extends StatusPageContext {
  channels: Channels;
  /** Whether a mail server is configured. */
  canMail(): boolean;
  writer: MessageWriter;
  /** Messages are due: sends them soon, after the commit. */
  wake(): void;
  /** In [0, 1): spreads attempts. */
  random(): number;
  delivered: SubscriptionMetrics;
}
