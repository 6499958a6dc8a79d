import type { Clock, Instant } from '../../../core/index.ts';
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
  presence: Presence;
}

/** What this process knows of those beside it, which only PostgreSQL allows. */
export interface Presence {
  readonly process: string;
  /** The time before our start, while it is not known whether somebody else was there: a killed process looks alive. */
  undecided: { from: Instant; until: Instant } | null;
}
