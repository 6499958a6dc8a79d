import { SECOND } from '../../core/index.ts';
import { onAll } from '../../platform/journal/index.ts';
import type { ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import { deliverDue } from './actions/deliver.ts';
import { measureBacklog, takeOverDeliveries, tidySubscriptions } from './actions/keep-outbox.ts';
import { planDeliveries } from './actions/plan-deliveries.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import type { SubscriptionContext } from './actions/subscription-context.ts';
import { subscriptionMetrics } from './actions/subscription-metrics.ts';
import type { StatusPageConfig } from './config.ts';
import { IncidentChanged } from './contract.ts';
import { registerSubscriptionsAdmin } from './web/subscriptions/admin-routes.ts';
import { messageWriter } from './web/subscriptions/message-writer.ts';
import { registerSubscriptionPages } from './web/subscriptions/routes-subscriptions.ts';

export const DELIVER = 'status-page.deliver';
const DELIVER_MS = 5 * SECOND;

/** Messages to those who subscribed: what is told, how it is sent, and the pages for it. */
export function registerSubscriptions(
  given: ModuleContext<StatusPageConfig>,
  shared: StatusPageContext,
): Required<Pick<ModuleParts, 'administration' | 'start'>> {
  const { jobs, journal, metrics, channels, canMail } = given;
  const context: SubscriptionContext = {
    ...shared,
    channels,
    canMail,
    writer: messageWriter(shared),
    wake: () => jobs.trigger(DELIVER),
    random: Math.random,
    delivered: subscriptionMetrics(metrics),
  };
  metrics.beforeScrape(() => measureBacklog(context));
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
  jobs.add({
    name: DELIVER,
    schedule: { everyMs: DELIVER_MS },
    async run(signal) {
      await deliverDue(context, signal);
    },
  });
  jobs.add({
    name: 'status-page.tidy_subscriptions',
    schedule: { everyMs: 720 * DELIVER_MS },
    run: () => tidySubscriptions(context),
  });
  registerSubscriptionPages(given.web, context);
  return { start: () => takeOverDeliveries(context), administration: registerSubscriptionsAdmin(given.web, context) };
}
