import type { Module } from '../../platform/module/index.ts';
import { FacilityConfig } from './config.ts';
import { registerFacility } from './register.ts';
import { migrations } from './store/migrations/index.ts';
import { tables } from './store/schema.ts';

export {
  type Connection,
  type ConnectionPlan,
  connectProject,
  type Installation,
  importBadger,
  installationOf,
  integrationAt,
  planConnection,
  planProjects,
  requireAccessToken,
} from './command-line.ts';

export const facility: Module<FacilityConfig> = {
  name: 'facility',
  config: FacilityConfig,
  tables,
  migrations,
  register: registerFacility,
};
