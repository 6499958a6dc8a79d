import { ANONYMOUS } from '../../core/index.ts';
import type { ModuleContext, ModuleParts, NavigationEntry } from '../../platform/module/index.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { statusPageMetrics } from './actions/status-page-metrics.ts';
import { registerCatalog } from './catalog.ts';
import type { StatusPageConfig } from './config.ts';
import { registerJobs } from './jobs.ts';
import { registerIncidents } from './register-incidents.ts';
import { registerReports } from './register-reports.ts';
import { registerSubscriptions } from './register-subscriptions.ts';
import { mailToStaff } from './staff-mail.ts';
import { namedRegions } from './store/component-read.ts';
import { readIncidents, visibleKeys } from './store/incident-read.ts';
import { registerStatuspageApi } from './web/api-v2/routes-v2.ts';
import { componentPanel } from './web/component-panel.ts';
import { registerFeeds } from './web/feeds/routes-feeds.ts';
import { incidentNews } from './web/incident-news.ts';
import { leadFragment } from './web/lead.ts';
import { publicMessages } from './web/public-messages.ts';
import { registerAvailability } from './web/routes-availability.ts';
import { feedsOf, registerPublicPages } from './web/routes-public.ts';
import { registerStaffPages } from './web/staff/register-staff-pages.ts';
import { staffTools } from './web/staff/staff-tools.ts';

/** Puts the parts of this module together. */
export function registerStatusPage(given: ModuleContext<StatusPageConfig>): ModuleParts {
  const { config, site, db, journal, clock, log, components } = given;
  const metrics = statusPageMetrics(given.metrics);
  const tellStaff = mailToStaff(given);
  const context: StatusPageContext = { config, site, db, journal, clock, log, components, metrics, tellStaff };
  registerReports(given, context);
  given.metrics.beforeScrape(() => measureOpen(context));
  registerIncidents(given, context);
  const catalog = registerCatalog(given, context);
  const staff = registerStaffPages(given, context);
  registerPublicPages(given.web, context, staffTools(context));
  const figures = { ...context, downFrom: () => given.settings().availability.downFrom };
  registerAvailability(given.web, figures);
  registerJobs(given.jobs, figures);
  registerFeeds(given.web, context);
  registerStatuspageApi(given.web, context);
  const subscriptions = registerSubscriptions(given, context);
  return {
    navigation: [
      entry('/history', (language) => publicMessages(language).history),
      entry('/maintenances', (language) => publicMessages(language).maintenances),
      entry('/availability', (language) => publicMessages(language).availability),
      entry('/subscribe', (language) => publicMessages(language).subscribe),
      ...staff.navigation,
    ],
    administration: [...catalog.administration, ...subscriptions.administration],
    async start() {
      await catalog.start();
      await staff.start();
      await subscriptions.start();
    },
    stop: staff.stop,
    overview: { lead: (visit) => leadFragment(context, visit), regions: () => namedRegions(context.db) },
    news: incidentNews(context),
    feeds: (visit, key) => feedsOf(visit.language, key),
    componentPanel: (visit, key) => componentPanel(context, visit, key),
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
