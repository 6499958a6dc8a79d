import type { Module } from '../../platform/module/index.ts';
import { StatusPageConfig } from './config.ts';
import { registerStatusPage } from './register.ts';
import { migrations } from './store/migrations/index.ts';
import { tables } from './store/schema.ts';

export {
  type CatalogPlan,
  catalogContext,
  catalogMistakesText,
  changesAnything,
  countPurge,
  exportCatalog,
  type ImportReport,
  importStatusDashboard,
  type PlannedChange,
  planStatusDashboard,
  provisionCatalog,
  purgeCatalog,
  readCatalogPlan,
  readEnvironment,
  readSource,
  sayCatalogMistake,
  sdbSetting,
} from './command-line.ts';

/** What customers read and operators write: catalogue, incidents, maintenances, subscriptions. */
export const statusPage: Module<StatusPageConfig> = {
  name: 'status-page',
  config: StatusPageConfig,
  tables,
  migrations,
  register: registerStatusPage,
};
