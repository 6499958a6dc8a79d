import { ANONYMOUS } from '../../../core/index.ts';
import type { Message } from '../../../platform/notifications/index.ts';
import { concernOf, nextTell, type Place, type Tell } from '../domain/concern.ts';
import type { Subscription } from '../domain/subscription.ts';
import { type IncidentView, readIncident, visibleKeys } from '../store/incident-read.ts';
import { findIncident } from '../store/incident-store.ts';
import { placesOf } from '../store/place-read.ts';
import type { DeliveryRecord, ThreadRecord } from '../store/schema.ts';
import { findThreads } from '../store/thread-store.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/** A message, the planned deliveries that it stands for, and the threads as they are when it is sent. */
export interface MadeMessage {
  message: Message;
  told: readonly { delivery: DeliveryRecord; before: ThreadRecord; after: ThreadRecord; type: string }[];
}

/** What comes of planned deliveries: a message, and those of which nothing is to be said. */
export interface Made {
  made: MadeMessage | null;
  dropped: readonly DeliveryRecord[];
}

interface Part {
  delivery: DeliveryRecord;
  before: ThreadRecord;
  after: ThreadRecord;
  message: Message;
  tell: Tell;
}

/**
 * Makes one message of planned deliveries of one subscriber, from what everybody may see at this moment. Nothing is
 * written: whoever takes the deliveries checks that they are still as they were read.
 */
export async function makeMessage(
  context: SubscriptionContext,
  subscription: Subscription,
  planned: readonly DeliveryRecord[],
): Promise<Made> {
  const incidents = planned.flatMap(({ incident }) => (incident === null ? [] : [incident]));
  const threads = await findThreads(context.db, subscription.id, incidents);
  const parts: Part[] = [];
  const dropped: DeliveryRecord[] = [];
  for (const delivery of planned) {
    const thread = delivery.incident === null ? undefined : threads.get(delivery.incident);
    const part = thread === undefined ? null : await partOf(context, subscription, delivery, thread);
    if (part === null) dropped.push(delivery);
    else parts.push(part);
  }
  const [first] = parts;
  if (first === undefined) return { made: null, dropped };
  const message =
    parts.length === 1
      ? first.message
      : context.writer.digest(
          parts.map((part) => part.message),
          subscription,
        );
  return { made: { message, told: parts.map(({ tell, ...part }) => ({ ...part, type: tell.type })) }, dropped };
}

async function partOf(
  context: SubscriptionContext,
  subscription: Subscription,
  delivery: DeliveryRecord,
  before: ThreadRecord,
): Promise<Part | null> {
  const { db, components, clock, writer } = context;
  const now = clock.now();
  const stored = await findIncident(db, before.incident);
  if (stored === null) return null;
  const visible = await visibleKeys(components, ANONYMOUS);
  const view = await readIncident(db, ANONYMOUS, visible, before.incident);
  const shown = view === null ? null : await placesShown(context, view);
  // What is public decides, read in one go: the stored one only tells a hidden one from one under review.
  const tell = nextTell(stored.type, before.said, concernOf(subscription.filter, view ?? stored, shown, now));
  if (tell === null) return null;
  const { id, type } = stored;
  const about = { tell, view, incident: { id, type }, title: before.title, toldUpdate: before.told_update };
  const message = await writer.incident(about, subscription);
  const after: ThreadRecord = {
    ...before,
    said: tell.said,
    opened_at: tell.said === 'closed' || before.said === 'open' ? (before.opened_at ?? now) : now,
    closed_at: tell.said === 'closed' ? now : null,
    told_version: Math.max(before.told_version, view === null ? 0 : stored.version),
    told_update: (view?.updates ?? []).reduce((last, update) => Math.max(last, update.id), before.told_update),
    title: view?.title ?? before.title,
  };
  return { delivery, before, after, message, tell };
}

async function placesShown({ db, components }: SubscriptionContext, view: IncidentView) {
  const past = view.past.map(({ component }) => component);
  const keys = [...view.components, ...past];
  const places = new Map<string, Place>(await placesOf(db, keys));
  const others = keys.filter((key) => !places.has(key));
  for (const { key, attributes, group } of others.length === 0
    ? []
    : await components.rows(ANONYMOUS, { keys: others })) {
    places.set(key, { key, region: attributes['region'] ?? null, category: group || null });
  }
  const placed = (key: string): Place => places.get(key) ?? { key, region: null, category: null };
  return { present: view.components.map(placed), past: past.map(placed) };
}
