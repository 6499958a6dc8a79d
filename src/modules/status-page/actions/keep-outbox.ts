import { addMs, DAY, SECOND, toMs } from '../../../core/index.ts';
import { deliveryBacklog } from '../store/delivery-read.ts';
import { deleteOldDeliveries, freeDeliveries } from '../store/delivery-store.ts';
import { deleteIdleStaff, deleteOldSubscriptions, lockDeliveries } from '../store/subscription-store.ts';
import type { SubscriptionContext } from './subscription-context.ts';

const SENT_DAYS = 30;
const FAILED_DAYS = 90;
const ENDED_DAYS = 30;

/**
 * On SQLite one process runs at a time: what the one before was sending is due at once, under its id. machine-driven:
 * the start of the program.
 */
export async function takeOverDeliveries({ db, clock }: SubscriptionContext): Promise<void> {
  if (db.engine === 'sqlite') await db.write((tx) => freeDeliveries(tx, clock.now()));
}

/** Forgets what is old: unconfirmed and ended subscriptions, deliveries that are done. machine-driven: a job. */
export async function tidySubscriptions({ db, clock, log }: SubscriptionContext): Promise<void> {
  const now = clock.now();
  const ago = (days: number) => addMs(now, -days * DAY);
  const gone = await db.write(async (tx) => {
    await lockDeliveries(tx);
    return {
      subscriptions: await deleteOldSubscriptions(tx, { now, endedBefore: ago(ENDED_DAYS) }),
      deliveries: await deleteOldDeliveries(tx, { sentBefore: ago(SENT_DAYS), failedBefore: ago(FAILED_DAYS) }),
      addresses: await deleteIdleStaff(tx),
    };
  });
  if (gone.subscriptions + gone.deliveries + gone.addresses > 0)
    log.info(gone, 'old subscriptions and deliveries removed');
}

export async function measureBacklog({ db, clock, delivered }: SubscriptionContext): Promise<void> {
  const { pending, oldestDue } = await deliveryBacklog(db);
  const now = clock.now();
  const waits = oldestDue === null || oldestDue > now ? 0 : (toMs(now) - toMs(oldestDue)) / SECOND;
  delivered.backlog(pending, waits);
}
