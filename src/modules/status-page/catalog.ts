import type { ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { syncWatch } from './actions/sync-watch.ts';
import type { StatusPageConfig } from './config.ts';

/** The catalogue: its pages, and what it says when the program starts. */
export function registerCatalog(_given: ModuleContext<StatusPageConfig>, context: StatusPageContext): ModuleParts {
  return {
    async start() {
      await syncWatch(context);
    },
  };
}
