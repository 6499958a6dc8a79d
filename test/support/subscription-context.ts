import { newId, toMs } from '../../src/core/index.ts';
import { planDeliveries } from '../../src/modules/status-page/actions/plan-deliveries.ts';
import type { SubscriptionContext } from '../../src/modules/status-page/actions/subscription-context.ts';
import { subscriptionMetrics } from '../../src/modules/status-page/actions/subscription-metrics.ts';
import { staffMail } from '../../src/modules/status-page/actions/tell-staff.ts';
import { IncidentChanged } from '../../src/modules/status-page/contract.ts';
import { EVERYTHING, type Subscription } from '../../src/modules/status-page/domain/subscription.ts';
import { messageWriter } from '../../src/modules/status-page/web/subscriptions/message-writer.ts';
import { staffLetter } from '../../src/modules/status-page/web/subscriptions/staff-letter.ts';
import { createEgress } from '../../src/platform/egress/index.ts';
import { onAll } from '../../src/platform/journal/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMailer } from '../../src/platform/mail/index.ts';
import { createChannels } from '../../src/platform/notifications/index.ts';
import type { StatusPageWorld } from './status-page-world.ts';

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export function confirmedSubscription(
  now: string,
  about: Partial<Subscription> & Pick<Subscription, 'kind' | 'target'>,
): Subscription {
  const id = newId(toMs(now));
  return {
    id,
    targetHash: about.target,
    secrets: about.kind === 'webhook' ? [{ secret: SECRET, until: null }] : [],
    ownerEmail: null,
    ownerHash: about.target,
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
    audience: 'public',
    ...about,
  };
}

/** What sends messages, on top of a status page, and the consumer that plans them. */
export function subscriptionContext(world: StatusPageWorld, mailPort: number): SubscriptionContext {
  const { clock, journal } = world;
  const log = createLogger('silent');
  const smtp = { host: '127.0.0.1', port: mailPort, security: 'none' as const, from: 'status@s.example' };
  const mailer = createMailer(() => smtp, log, { pausesMs: [], timeoutMs: 2000 });
  const context: SubscriptionContext = {
    ...world.context,
    channels: createChannels({
      egress: createEgress({ config: () => ({ allow: ['127.0.0.1'], allow_http: true }), clock }),
      mailer: () => mailer.current(),
      site: () => world.context.site(),
    }),
    canMail: () => true,
    tellStaff: staffMail({
      config: world.context.config,
      clock,
      canMail: () => true,
      letter: staffLetter(world.context),
      wake: () => undefined,
    }),
    writer: messageWriter(world.context),
    wake: () => undefined,
    random: () => 0.5,
    delivered: subscriptionMetrics(world.metrics),
  };
  journal.consume({
    name: 'status-page.tell_subscribers',
    subscriptions: [
      onAll(IncidentChanged, (events, tx) =>
        planDeliveries(
          tx,
          context,
          events.map(({ at, payload: { id, change, version } }) => ({ at, id, change, version })),
        ),
      ),
    ],
  });
  return context;
}
