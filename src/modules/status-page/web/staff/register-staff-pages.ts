import { hasRole } from '../../../../core/index.ts';
import type { ModuleContext, ModuleParts } from '../../../../platform/module/index.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import type { StatusPageConfig } from '../../config.ts';
import { backDatePage } from './back-date-page.ts';
import { cancelPage } from './cancel-page.ts';
import { registerComponentsPage } from './components-page.ts';
import { correctPage } from './correct-page.ts';
import { registerDeed } from './deed-page.ts';
import { mergePage } from './merge-page.ts';
import { movePage } from './move-page.ts';
import { newMessages } from './new-messages.ts';
import { postmortemPage } from './postmortem-page.ts';
import { reviewPage } from './review-page.ts';
import { reviewsMessages } from './reviews-messages.ts';
import { registerReviewsPage } from './reviews-page.ts';
import { registerNewPage } from './routes-new.ts';
import { registerUpdatePage } from './routes-update.ts';
import { registerSeriesPages } from './series-page.ts';
import { registerTemplatesPage } from './templates-page.ts';
import { WaitingReviews } from './waiting-reviews.ts';

/** The pages on which staff write. */
export function registerStaffPages(
  { web }: Pick<ModuleContext<StatusPageConfig>, 'web'>,
  context: StatusPageContext,
): Required<Pick<ModuleParts, 'navigation' | 'start' | 'stop'>> {
  const waiting = new WaitingReviews(context);
  registerNewPage(web, context);
  registerUpdatePage(web, context);
  registerComponentsPage(web, context);
  registerReviewsPage(web, context);
  registerTemplatesPage(web, context);
  registerSeriesPages(web, context);
  for (const deed of [backDatePage, cancelPage, correctPage, mergePage, movePage, postmortemPage, reviewPage]) {
    registerDeed(web, context, deed);
  }
  return {
    navigation: [
      {
        path: '/incidents/new',
        label: (language) => newMessages(language).report,
        visible: (actor) => actor.kind === 'user' && hasRole(actor, 'creator'),
      },
      {
        path: '/reviews',
        label: (language) => reviewsMessages(language).badge(waiting.count),
        visible: (actor) => actor.kind === 'user' && hasRole(actor, 'operator'),
      },
    ],
    start: () => waiting.start(),
    stop: () => waiting.stop(),
  };
}
