import { ANONYMOUS, LEVELS } from '../../core/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';
import type { ComponentsConfig } from './config.ts';
import type { ComponentReads } from './store/component-read.ts';

/** More would make a scrape of megabytes. */
const MOST_COMPONENTS = 2000;

/** The status of each public component as a state set: one series per level, one of them 1. */
export function registerStatusMetrics(metrics: Metrics, reads: ComponentReads, config: () => ComponentsConfig): void {
  const gauge = metrics.gauge('component_status', '1 for the level a public component has, 0 for the others.', [
    'component',
    'level',
  ]);
  const known = new Set<string>();
  metrics.beforeScrape(async () => {
    const levels = config().metrics ? await reads.levels(ANONYMOUS) : new Map<string, string>();
    const shown = new Map([...levels].slice(0, MOST_COMPONENTS));
    for (const component of known) {
      if (shown.has(component)) continue;
      known.delete(component);
      for (const level of LEVELS) gauge.remove({ component, level });
    }
    for (const [component, current] of shown) {
      known.add(component);
      for (const level of LEVELS) gauge.set(level === current ? 1 : 0, { component, level });
    }
  });
}
