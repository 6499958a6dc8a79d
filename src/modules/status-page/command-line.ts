import type { Clock } from '../../core/index.ts';
import { type Config, siteConfig } from '../../platform/config/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { createJournal } from '../../platform/journal/index.ts';
import { createLogger } from '../../platform/log/index.ts';
import type { CatalogContext } from './actions/tell-catalog.ts';
import type { StatusPageConfig } from './config.ts';

export { exportCatalog } from './actions/export-catalog.ts';
export {
  type ImportReport,
  importStatusDashboard,
  planStatusDashboard,
} from './actions/import-status-dashboard.ts';
export { provisionCatalog } from './actions/provision-catalog.ts';
export { countPurge, purgeCatalog } from './actions/purge-catalog.ts';
export { changesAnything, readCatalogPlan } from './actions/read-catalog.ts';
export { catalogMistakesText, sayCatalogMistake } from './catalog-mistake-messages.ts';
export type { CatalogPlan, PlannedChange } from './domain/catalog-plan.ts';
export { readEnvironment, sdbSetting } from './domain/sdb-settings.ts';
export { readSource } from './store/import-source.ts';

/** What actions on the catalogue work with outside of the server, which hears of it through the journal. */
export function catalogContext({ config, db, clock }: { config: Config; db: Database; clock: Clock }): CatalogContext {
  const journal = createJournal({ db, clock, log: createLogger('silent') });
  return { config: () => sectionOf(config), site: () => siteConfig(config), db, journal, clock };
}

/** The configuration was checked with our schema, which its type cannot tell. */
function sectionOf(config: Config): StatusPageConfig {
  return config['status-page'] as StatusPageConfig;
}
