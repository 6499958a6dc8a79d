import type { Clock } from '../../../core/index.ts';
import type { Database } from '../../../platform/database/index.ts';
import type { Journal } from '../../../platform/journal/index.ts';
import type { Logger } from '../../../platform/log/index.ts';
import type { ComponentsConfig } from '../config.ts';
import type { ComponentsMetrics } from './components-metrics.ts';

/** What the actions of this module work with. */
export interface ComponentsContext {
  config(): ComponentsConfig;
  db: Database;
  journal: Pick<Journal, 'publish'>;
  clock: Clock;
  log: Logger;
  metrics: ComponentsMetrics;
}
