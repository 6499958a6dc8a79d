import { HOUR, SECOND } from '../../core/index.ts';
import type { ModuleContext } from '../../platform/module/index.ts';
import { autoClose } from './actions/auto-close.ts';
import { checkByClock } from './actions/check-by-clock.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import { unfoldSeries } from './actions/unfold-series.ts';
import type { StatusPageConfig } from './config.ts';
import { registerIncidentsApi } from './web/incidents-api.ts';

/** What people write, for programs, and what time makes of it. */
export function registerIncidents(
  { jobs, web, config }: Pick<ModuleContext<StatusPageConfig>, 'jobs' | 'web' | 'config'>,
  context: StatusPageContext,
): void {
  registerIncidentsApi(web, context);
  jobs.add({
    name: 'status-page.check',
    schedule: { everyMs: Math.max(SECOND, config().checker_interval) },
    async run() {
      await checkByClock(context);
      await autoClose(context);
    },
  });
  jobs.add({ name: 'status-page.series', schedule: { everyMs: HOUR }, run: () => unfoldSeries(context) });
}
