import { hasRole } from '../../core/index.ts';
import type { ModuleContext, ModuleParts } from '../../platform/module/index.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { syncWatch } from './actions/sync-watch.ts';
import type { StatusPageConfig } from './config.ts';
import { catalogMessages } from './web/catalog-messages.ts';
import { CATALOG } from './web/catalog-page.ts';
import { registerCatalogPages } from './web/routes-catalog.ts';

/** The catalogue: its pages of administration, and what it says when the program starts. */
export function registerCatalog(
  { web }: Pick<ModuleContext<StatusPageConfig>, 'web'>,
  context: StatusPageContext,
): Required<Pick<ModuleParts, 'administration' | 'start'>> {
  registerCatalogPages(web, context);
  return {
    administration: [
      {
        path: CATALOG,
        label: (language) => catalogMessages(language).title,
        visible: (actor) => actor.kind === 'user' && hasRole(actor, 'admin'),
      },
    ],
    async start() {
      await syncWatch(context);
    },
  };
}
