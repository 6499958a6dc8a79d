import type { Module, ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import { FacilityConfig } from './config.ts';
import { migrations } from './store/migrations/index.ts';
import { tables } from './store/schema.ts';
import { registerFacility } from './register.ts';

export const facility: Module<FacilityConfig> = {
  name: 'facility',
  config: FacilityConfig,
  tables,
  migrations,
  register: (context: ModuleContext<FacilityConfig>): ModuleParts => registerFacility(context),
};
