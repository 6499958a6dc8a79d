import { after } from 'node:test';
import { MINUTE } from '../../src/core/index.ts';
import { deliverDue } from '../../src/modules/status-page/actions/deliver.ts';
import type { Subscription } from '../../src/modules/status-page/domain/subscription.ts';
import { listDeliveries } from '../../src/modules/status-page/store/delivery-read.ts';
import { findSubscription } from '../../src/modules/status-page/store/subscription-read.ts';
import { insertSubscription } from '../../src/modules/status-page/store/subscription-store.ts';
import type { OpenTestDatabase } from './databases.ts';
import { startMailServer } from './mail-server.ts';
import { statusPageWorld } from './status-page-world.ts';
import { confirmedSubscription, subscriptionContext } from './subscription-context.ts';
import { startWebReceiver } from './web-receiver.ts';

/** The status page with subscribers, a real mail server and a real receiver of webhooks. */
export async function subscriptionWorld(open: OpenTestDatabase, options: Parameters<typeof statusPageWorld>[1] = {}) {
  const world = await statusPageWorld(open, options);
  const mail = await startMailServer();
  const receiver = await startWebReceiver();
  after(async () => {
    await mail.close();
    await receiver.close();
  });
  const { clock, journal, db } = world;
  const context = subscriptionContext(world, mail.port);
  const deliver = async (signal = new AbortController().signal) => {
    await journal.drain();
    return await deliverDue(context, signal);
  };
  return {
    ...world,
    context,
    mail,
    receiver,
    /** An active subscription, as if somebody had confirmed it. */
    subscribe: async (about: Partial<Subscription> = {}): Promise<string> => {
      const { kind = 'email' } = about;
      const target = kind === 'email' ? 'alice@example.org' : `${receiver.url}/${kind}`;
      const subscription = confirmedSubscription(clock.now(), { kind, target, ...about });
      await db.write((tx) => insertSubscription(tx, subscription));
      return subscription.id;
    },
    subscription: (id: string) => findSubscription(db, id),
    deliveries: () => listDeliveries(db, { limit: 1000 }),
    deliver,
    /** Lets the time pass in which changes are gathered, and sends what is due. */
    settleMessages: async () => {
      await journal.drain();
      clock.go(MINUTE);
      return await deliver();
    },
    /** What the receiver of webhooks was told, in order. */
    told: () =>
      receiver.received
        .filter(({ path }) => path === '/webhook')
        .map(({ body }) => {
          const { type, data } = JSON.parse(body) as { type: string; data: { incident?: { id: number } } };
          return `${type} ${data.incident?.id ?? ''}`.trim();
        }),
  };
}

export type SubscriptionWorld = Awaited<ReturnType<typeof subscriptionWorld>>;
