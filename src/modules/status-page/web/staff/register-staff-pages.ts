import { hasRole } from '../../../../core/index.ts';
import type { ModuleContext, NavigationEntry } from '../../../../platform/module/index.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import type { StatusPageConfig } from '../../config.ts';
import { newMessages } from './new-messages.ts';
import { registerNewPage } from './routes-new.ts';
import { registerUpdatePage } from './routes-update.ts';

/** The pages on which staff write. */
export function registerStaffPages(
  { web }: Pick<ModuleContext<StatusPageConfig>, 'web'>,
  context: StatusPageContext,
): { navigation: readonly NavigationEntry[] } {
  registerNewPage(web, context);
  registerUpdatePage(web, context);
  return {
    navigation: [
      {
        path: '/incidents/new',
        label: (language) => newMessages(language).report,
        visible: (actor) => actor.kind === 'user' && hasRole(actor, 'creator'),
      },
    ],
  };
}
