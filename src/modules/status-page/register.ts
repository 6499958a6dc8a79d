import { ANONYMOUS } from '../../core/index.ts';
import type { ModuleContext, ModuleParts, NavigationEntry } from '../../platform/module/index.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { statusPageMetrics } from './actions/status-page-metrics.ts';
import type { StatusPageConfig } from './config.ts';
import { registerJobs } from './jobs.ts';
import { registerIncidents } from './register-incidents.ts';
import { registerSubscriptions } from './register-subscriptions.ts';
import { readIncidents, visibleKeys } from './store/incident-read.ts';
import { registerStatuspageApi } from './web/api-v2/routes-v2.ts';
import { registerFeeds } from './web/feeds/routes-feeds.ts';
import { leadFragment } from './web/lead.ts';
import { publicMessages } from './web/public-messages.ts';
import { registerAvailability } from './web/routes-availability.ts';
import { registerPublicPages } from './web/routes-public.ts';

/** Puts the parts of this module together. */
export function registerStatusPage(given: ModuleContext<StatusPageConfig>): ModuleParts {
  const { config, site, db, journal, clock, log, components } = given;
  const metrics = statusPageMetrics(given.metrics);
  const context: StatusPageContext = { config, site, db, journal, clock, log, components, metrics };
  given.metrics.beforeScrape(() => measureOpen(context));
  registerIncidents(given, context);
  registerPublicPages(given.web, context, { incident: async () => null, maintenances: () => null });
  const figures = { ...context, downFrom: () => given.settings().availability.downFrom };
  registerAvailability(given.web, figures);
  registerJobs(given.jobs, figures);
  registerFeeds(given.web, context);
  registerStatuspageApi(given.web, context);
  const { start, adminTabs } = registerSubscriptions(given, context);
  return {
    navigation: [
      entry('/history', (language) => publicMessages(language).history),
      entry('/maintenances', (language) => publicMessages(language).maintenances),
      entry('/availability', (language) => publicMessages(language).availability),
      entry('/subscribe', (language) => publicMessages(language).subscribe),
    ],
    start,
    adminTabs,
    overview: { lead: (visit) => leadFragment(context, visit) },
  };
}

function entry(path: string, label: NavigationEntry['label']): NavigationEntry {
  return { path, label, visible: () => true };
}

/** Incidents everybody may see that are not ended, by who holds them. */
async function measureOpen({ db, components, metrics }: StatusPageContext): Promise<void> {
  const visible = await visibleKeys(components, ANONYMOUS);
  const { incidents } = await readIncidents(db, ANONYMOUS, visible, { types: ['incident'], state: 'open' });
  const byMachine = incidents.filter(({ system }) => system).length;
  metrics.open({ machine: byMachine, person: incidents.length - byMachine });
}
