import { addMs, DAY, MINUTE } from '../../../core/index.ts';
import type { Tx } from '../../../platform/database/index.ts';
import type { Message } from '../../../platform/notifications/index.ts';
import type { Subscription } from '../domain/subscription.ts';
import {
  type DeliveryRecord,
  deleteDeliveries,
  findDelivery,
  openDeliveries,
  takeDelivery,
} from '../store/delivery-store.ts';
import { findSubscription } from '../store/subscription-read.ts';
import { confirmationsSince, countOfTarget, deleteSubscription, lockDeliveries } from '../store/subscription-store.ts';
import { deleteUntold, findThreads, saveThread } from '../store/thread-store.ts';
import { type Made, type MadeMessage, makeMessage } from './make-message.ts';
import type { SubscriptionContext } from './subscription-context.ts';

/** Longer than any attempt lasts: who has not said by then what became of it, is gone. */
export const LEASE = 3 * MINUTE;
/** Mails that ask one address to confirm something. */
const CONFIRMATIONS_PER_DAY = 5;

/** A message that this process sends now. */
export interface Taken {
  id: string;
  /** Number of the attempt. */
  attempts: number;
  createdAt: string;
  type: string;
  message: Message;
  subscription: Subscription;
}

/** `null`: nothing is due. `dropped`: what was due is not to be sent; there may be more. */
export type Take = Taken | 'dropped' | null;

/** Takes the next message to a subscriber for as long as the lease lasts. machine-driven: the job that delivers. */
export async function takeNext(context: SubscriptionContext, subscriptionId: string): Promise<Take> {
  const { db, clock } = context;
  const subscription = await findSubscription(db, subscriptionId);
  if (subscription === null) return null;
  const open = await openDeliveries(db, subscriptionId);
  const now = clock.now();
  if (open.some((row) => row.carrier === null && isHeld(row, now))) return null;
  const due = open.filter((row) => row.carrier === null && isDue(row, now) && mayGo(row, subscription, open));
  const ready = due.find(({ payload }) => payload !== null);
  if (ready !== undefined) return await takeReady(context, ready);
  const [first] = due;
  if (first === undefined) return null;
  // People get one message of all that waits for them, programs one of each.
  const planned =
    subscription.kind === 'webhook'
      ? [first]
      : open.filter((row) => row.payload === null && row.carrier === null && mayGo(row, subscription, open));
  return await takePlanned(context, subscription, await makeMessage(context, subscription, planned));
}

function isHeld({ state, locked_until: until }: DeliveryRecord, now: string): boolean {
  return state === 'sending' && until !== null && until > now;
}

function isDue(row: DeliveryRecord, now: string): boolean {
  return row.state === 'pending' ? row.next_at <= now : !isHeld(row, now);
}

/** An incident's messages arrive in their order: a later one waits until nothing can come of the one before. */
function mayGo(row: DeliveryRecord, { state }: Subscription, open: readonly DeliveryRecord[]): boolean {
  if (row.type === 'subscription.confirm') return state === 'pending';
  if (row.type === 'subscription.disabled') return state === 'disabled';
  if (state !== 'active') return false;
  if (row.incident === null) return true;
  return !open.some(
    (other) => other.id !== row.id && other.incident === row.incident && open.indexOf(other) < open.indexOf(row),
  );
}

async function takeReady(context: SubscriptionContext, row: DeliveryRecord): Promise<Take> {
  const { db, clock, delivered } = context;
  return await db.write(async (tx) => {
    await lockDeliveries(tx);
    const subscription = await findSubscription(tx, row.subscription);
    if (subscription === null || row.payload === null || !mayGo(row, subscription, [row])) return null;
    if (row.type === 'subscription.confirm' && row.attempts === 0 && (await isTooMuch(tx, context, subscription))) {
      // As if it had never been asked for; whoever asked was told the same as everybody.
      await deleteSubscription(tx, subscription.id);
      tx.afterCommit(() => delivered.delivery('email', 'dropped'));
      return 'dropped';
    }
    const attempts = row.attempts + 1;
    const until = addMs(clock.now(), LEASE);
    if (!(await takeDelivery(tx, row, { state: 'sending', attempts, locked_until: until }))) return null;
    const message = JSON.parse(row.payload) as Message;
    return { id: row.id, attempts, createdAt: row.created_at, type: row.type, message, subscription };
  });
}

/** Somebody signs others up, or one target everywhere (attack 30). */
async function isTooMuch(tx: Tx, { clock, config }: SubscriptionContext, subscription: Subscription): Promise<boolean> {
  const since = addMs(clock.now(), -DAY);
  if ((await confirmationsSince(tx, subscription.ownerHash, since)) >= CONFIRMATIONS_PER_DAY) return true;
  return (await countOfTarget(tx, subscription)) >= config().subscriptions.max_per_address;
}

async function takePlanned(context: SubscriptionContext, read: Subscription, { made, dropped }: Made): Promise<Take> {
  const { db, delivered } = context;
  return await db.write(async (tx) => {
    await lockDeliveries(tx);
    const subscription = await findSubscription(tx, read.id);
    if (subscription?.state !== 'active') return null;
    if (JSON.stringify(subscription.filter) !== JSON.stringify(read.filter)) return 'dropped';
    const gone = await stillAsRead(tx, dropped);
    await deleteDeliveries(tx, gone);
    await deleteUntold(
      tx,
      read.id,
      dropped.flatMap(({ id, incident }) => (incident !== null && gone.includes(id) ? [incident] : [])),
    );
    tx.afterCommit(() => {
      for (const _ of gone) delivered.delivery(read.kind, 'dropped');
    });
    if (made === null) return gone.length > 0 ? 'dropped' : null;
    return (await mark(tx, context, made)) ? taken(made, subscription) : 'dropped';
  });
}

/** Something joined a delivery in the meantime: then it is not to be dropped. */
async function stillAsRead(tx: Tx, rows: readonly DeliveryRecord[]): Promise<string[]> {
  const same: string[] = [];
  for (const row of rows) {
    const now = await findDelivery(tx, row.id);
    if (now?.state === 'pending' && now.version === row.version && now.attempts === row.attempts) same.push(row.id);
  }
  return same;
}

function taken({ message, told }: MadeMessage, subscription: Subscription): Taken {
  const [lead] = told;
  if (lead === undefined) throw new Error('A message stands for at least one delivery.');
  const { id, created_at: createdAt } = lead.delivery;
  return { id, attempts: 1, createdAt, type: lead.type, message, subscription };
}

/** Writes down what is sent before it is: a crash in between repeats the same message under the same id. */
async function mark(tx: Tx, { clock }: SubscriptionContext, { message, told }: MadeMessage): Promise<boolean> {
  const [lead] = told;
  if (lead === undefined) return false;
  const threads = await findThreads(
    tx,
    lead.delivery.subscription,
    told.map(({ before }) => before.incident),
  );
  for (const { delivery, before } of told) {
    const { said, told_version: version } = threads.get(before.incident) ?? {};
    const now = await findDelivery(tx, delivery.id);
    const isSame = now?.state === 'pending' && now.version === delivery.version && now.payload === null;
    if (!isSame || said !== before.said || version !== before.told_version) return false;
  }
  const until = addMs(clock.now(), LEASE);
  for (const { delivery, after, type } of told) {
    const isLead = delivery.id === lead.delivery.id;
    const own = isLead
      ? { attempts: 1, locked_until: until, payload: JSON.stringify(message) }
      : { carrier: lead.delivery.id };
    await takeDelivery(tx, delivery, { state: 'sending', type, ...own });
    await saveThread(tx, after);
  }
  return true;
}
