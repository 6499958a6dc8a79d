import { after } from 'node:test';
import { MINUTE, newId, toMs } from '../../src/core/index.ts';
import { deliverDue } from '../../src/modules/status-page/actions/deliver.ts';
import { planDeliveries } from '../../src/modules/status-page/actions/plan-deliveries.ts';
import type { SubscriptionContext } from '../../src/modules/status-page/actions/subscription-context.ts';
import { subscriptionMetrics } from '../../src/modules/status-page/actions/subscription-metrics.ts';
import { IncidentChanged } from '../../src/modules/status-page/contract.ts';
import { EVERYTHING, type Subscription } from '../../src/modules/status-page/domain/subscription.ts';
import { listDeliveries } from '../../src/modules/status-page/store/delivery-read.ts';
import { findSubscription } from '../../src/modules/status-page/store/subscription-read.ts';
import { insertSubscription } from '../../src/modules/status-page/store/subscription-store.ts';
import { messageWriter } from '../../src/modules/status-page/web/subscriptions/message-writer.ts';
import { createEgress } from '../../src/platform/egress/index.ts';
import { on } from '../../src/platform/journal/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMailer } from '../../src/platform/mail/index.ts';
import { createChannels } from '../../src/platform/notifications/index.ts';
import type { OpenTestDatabase } from './databases.ts';
import { startMailServer } from './mail-server.ts';
import { statusPageWorld } from './status-page-world.ts';
import { startWebReceiver } from './web-receiver.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

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
  const log = createLogger('silent');
  const smtp = { host: '127.0.0.1', port: mail.port, security: 'none' as const, from: 'status@s.example' };
  const mailer = createMailer(() => smtp, log, { pausesMs: [], timeoutMs: 2000 });
  const context: SubscriptionContext = {
    ...world.context,
    channels: createChannels({
      egress: createEgress({ config: () => ({ allow: ['127.0.0.1'], allow_http: true }), clock }),
      mailer: () => mailer.current(),
      site: () => world.context.site(),
    }),
    canMail: () => true,
    writer: messageWriter(world.context),
    wake: () => undefined,
    random: () => 0.5,
    delivered: subscriptionMetrics(world.metrics),
  };
  journal.consume({
    name: 'status-page.tell_subscribers',
    subscriptions: [
      on(IncidentChanged, async ({ at, payload: { id, change, version } }, tx) => {
        await planDeliveries(tx, context, { at, id, change, version });
      }),
    ],
  });
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
      const now = clock.now();
      const id = newId(toMs(now));
      const { kind = 'email' } = about;
      const target = kind === 'email' ? 'alice@example.org' : `${receiver.url}/${kind}`;
      await db.write((tx) =>
        insertSubscription(tx, {
          id,
          kind,
          target,
          targetHash: target,
          secrets: kind === 'webhook' ? [{ secret: SECRET, until: null }] : [],
          ownerEmail: null,
          ownerHash: target,
          language: 'en',
          filter: EVERYTHING,
          state: 'active',
          confirmHash: null,
          confirmUntil: null,
          manageToken: `manage-${id}`,
          createdAt: now,
          createdBy: 'anonymous',
          confirmedAt: now,
          disabledAt: null,
          disabledReason: null,
          endedAt: null,
          ...about,
        }),
      );
      return id;
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
