import type { ModuleContext } from '../../platform/module/index.ts';
import { ReportIntake } from './actions/report-intake.ts';
import type { ReportingContext } from './actions/report-status.ts';
import type { StatusPageContext } from './actions/status-page-context.ts';
import type { StatusPageConfig } from './config.ts';
import { registerReportListeners } from './report-listeners.ts';
import { registerAlertmanagerHook } from './web/alertmanager-hook.ts';
import { registerV1 } from './web/v1-api.ts';

/** Everything that machines say to the status page. */
export function registerReports(given: ModuleContext<StatusPageConfig>, context: StatusPageContext): void {
  const reporting: ReportingContext = { ...context, intake: new ReportIntake(context) };
  registerV1(given.web, reporting);
  registerAlertmanagerHook(given.web, context);
  registerReportListeners(given.journal, context);
}
