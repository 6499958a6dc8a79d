import { addMs, type ComponentKey, type Instant, newId, toMs } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { IncidentChange } from '../contract.ts';
import { covers, isOver, type Place } from '../domain/concern.ts';
import type { Incident } from '../domain/incident.ts';
import type { Subscription, SubscriptionFilter } from '../domain/subscription.ts';
import { insertDeliveries, joinPlanned, plannedFor } from '../store/delivery-store.ts';
import { findIncident, membersOf } from '../store/incident-store.ts';
import { placesOf } from '../store/place-read.ts';
import type { DeliveryRecord, ThreadRecord } from '../store/schema.ts';
import { activeSubscriptions } from '../store/subscription-read.ts';
import { lockDeliveries } from '../store/subscription-store.ts';
import { noteTold, threadsOfIncident } from '../store/thread-store.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/** What is put right or added afterwards is on the page; nobody is called to it. */
const QUIET: readonly IncidentChange[] = ['corrected', 'postmortem', 'postmortem_draft', 'review'];

interface Change {
  at: Instant;
  id: number;
  change: IncidentChange;
  version: number;
}

/**
 * Incidents changed: plans a message to everybody whom it may concern. What is said, and whether anything is, is
 * decided when the message is made, by what the public may see then. machine-driven: only the journal calls it.
 */
export async function planDeliveries(
  tx: Tx,
  context: Pick<SubscriptionContext, 'clock' | 'config'>,
  changes: readonly Change[],
): Promise<void> {
  const told = changes.filter(({ change }) => !QUIET.includes(change));
  const latest = told
    .map(({ at }) => at)
    .sort()
    .at(-1);
  if (latest === undefined) return;
  await lockDeliveries(tx);
  const subscriptions = await activeSubscriptions(tx, latest);
  if (subscriptions.length === 0) return;
  for (const change of told) {
    const confirmed = subscriptions.filter(({ confirmedAt }) => confirmedAt !== null && confirmedAt <= change.at);
    await plan(tx, context, change, confirmed);
  }
}

async function plan(
  tx: Tx,
  { clock, config }: Pick<SubscriptionContext, 'clock' | 'config'>,
  event: Change,
  subscriptions: readonly Subscription[],
): Promise<void> {
  const incident = await findIncident(tx, event.id);
  if (incident === null || subscriptions.length === 0) return;
  const members = (await membersOf(tx, [incident.id])).map(({ component }) => component);
  const places = await placesOf(tx, members);
  const threads = new Map((await threadsOfIncident(tx, incident.id)).map((thread) => [thread.subscription, thread]));
  const told = subscriptions.filter((subscription) => {
    const thread = threads.get(subscription.id);
    if (thread !== undefined) return thread.told_version < event.version && mayContinue(incident, thread);
    return mayBegin(incident, event) && members.some((key) => mayCover(subscription.filter, key, places));
  });
  const planned = await plannedFor(tx, incident.id);
  const ids = told.map(({ id }) => id);
  const { id, version, title } = incident;
  await noteTold(tx, { incident: id, version, title }, ids);
  const joining = ids.filter((subscription) => planned.has(subscription));
  await joinPlanned(tx, { incident: id, version }, joining);
  const now = clock.now();
  // From the change on, not from when it is looked at: what waited long enough goes out at once.
  const dueAt = addMs(event.at, config().subscriptions.group_within);
  const fresh = told.filter((subscription) => !planned.has(subscription.id));
  await insertDeliveries(
    tx,
    fresh.map((subscription) => newDelivery(subscription, { incident: id, version, type: 'planned', now, dueAt })),
  );
}

/** Whoever was told that it is over is told again only when it is not. */
function mayContinue(incident: Incident, { said }: ThreadRecord): boolean {
  return said !== 'closed' || !isOver(incident);
}

/**
 * Whoever was not told of the beginning is not told of the end either, unless both come together because this change
 * is looked at late. What is written down after the fact is no news.
 */
function mayBegin(incident: Incident, event: { version: number }): boolean {
  if (!isOver(incident)) return true;
  const { end, createdAt, version } = incident;
  return event.version < version && (end === null || end > createdAt);
}

/** Components of other areas are not in the catalogue: whether they are meant is found out when the message is made. */
function mayCover(filter: SubscriptionFilter, key: ComponentKey, places: ReadonlyMap<ComponentKey, Place>): boolean {
  const place = places.get(key);
  if (place === undefined)
    return (
      filter.components.length === 0 ||
      filter.regions.length > 0 ||
      filter.categories.length > 0 ||
      filter.components.includes(key)
    );
  return covers(filter, place);
}

export function newDelivery(
  { id: subscription }: Pick<Subscription, 'id'>,
  about: { incident: number | null; version: number; type: string; now: Instant; dueAt: Instant; payload?: string },
): DeliveryRecord {
  const { incident, version, type, now, dueAt, payload = null } = about;
  return {
    id: newId(toMs(now)),
    subscription,
    incident,
    version,
    type,
    created_at: now,
    next_at: dueAt,
    state: 'pending',
    attempts: 0,
    locked_until: null,
    last_error: null,
    sent_at: null,
    payload,
    carrier: null,
  };
}
