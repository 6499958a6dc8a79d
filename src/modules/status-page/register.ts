import { ANONYMOUS } from '../../core/index.ts';
import type { ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { statusPageMetrics } from './actions/status-page-metrics.ts';
import type { StatusPageConfig } from './config.ts';
import { registerReports } from './register-reports.ts';
import { readIncidents, visibleKeys } from './store/incident-read.ts';

/** Puts the parts of this module together. */
export function registerStatusPage(given: ModuleContext<StatusPageConfig>): ModuleParts {
  const { config, site, db, journal, clock, log, components } = given;
  const metrics = statusPageMetrics(given.metrics);
  const context: StatusPageContext = { config, site, db, journal, clock, log, components, metrics };
  registerReports(given, context);
  given.metrics.beforeScrape(() => measureOpen(context));
  return {};
}

/** Incidents everybody may see that are not ended, by who holds them. */
async function measureOpen({ db, components, metrics }: StatusPageContext): Promise<void> {
  const visible = await visibleKeys(components, ANONYMOUS);
  const { incidents } = await readIncidents(db, ANONYMOUS, visible, { types: ['incident'], state: 'open' });
  const byMachine = incidents.filter(({ system }) => system).length;
  metrics.open({ machine: byMachine, person: incidents.length - byMachine });
}
