import type { ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import { deviceAge } from './actions/badge-detail.ts';
import type { FacilityContext } from './actions/facility-context.ts';
import { facilityMetrics } from './actions/facility-metrics.ts';
import { gitlabClients } from './actions/gitlab-clients.ts';
import { measureProjects } from './actions/measure-projects.ts';
import { ReconcileRunner } from './actions/reconcile-runner.ts';
import { freeClaims, readAllSoon, syncProjects } from './actions/sync-projects.ts';
import type { FacilityConfig } from './config.ts';
import { LOOK_JOB, registerJobs } from './jobs.ts';
import { registerListeners } from './listeners.ts';
import { LAB_WORDS } from './web/facility-view.ts';
import { facilityMessages } from './web/messages.ts';
import { registerRoutes } from './web/routes.ts';
import { facilityTile } from './web/tile.ts';

/** Puts the parts of this module together. */
export function registerFacility(given: ModuleContext<FacilityConfig>): ModuleParts {
  const { config, site, db, journal, clock, log, components } = given;
  const metrics = facilityMetrics(given.metrics);
  const context: FacilityContext = {
    config,
    site,
    db,
    journal,
    clock,
    log,
    metrics,
    gitlab: gitlabClients(config, clock, metrics),
  };
  const runner = new ReconcileRunner(context);
  registerRoutes({ ...context, web: given.web, components });
  registerListeners(journal, runner);
  registerJobs(given.jobs, context, runner);
  given.metrics.beforeScrape(async () => metrics.projects(await measureProjects(context)));
  return {
    navigation: [
      {
        path: '/facility',
        label: (language) => facilityMessages(language).nav,
        visible: () => config().projects.length > 0,
        wall: true,
      },
    ],
    word: (level) => LAB_WORDS[level] ?? null,
    overview: { tile: (visit) => facilityTile(components, visit) },
    async badgeDetail(key, language) {
      const age = await deviceAge(context, key);
      if (age === null) return null;
      const words = facilityMessages(language);
      return age.unit === 'hour' ? words.updatedHours(age.count) : words.updatedDays(age.count);
    },
    async start() {
      await freeClaims(context);
      await syncProjects(context);
      await readAllSoon(context);
      given.jobs.trigger(LOOK_JOB);
    },
    stop: () => runner.stop(),
  };
}
