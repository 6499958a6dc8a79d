import type { ModuleContext } from '../../../platform/module/index.ts';
import type { StatusPageConfig } from '../config.ts';
import type { TellStaff } from './staff-news.ts';
import type { StatusPageMetrics } from './status-page-metrics.ts';

/** What the actions of this module work with. */
export interface StatusPageContext
  extends Pick<ModuleContext<StatusPageConfig>, 'config' | 'site' | 'db' | 'journal' | 'clock' | 'log' | 'components'> {
  metrics: StatusPageMetrics;
  tellStaff: TellStaff;
}
