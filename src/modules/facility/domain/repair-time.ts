import { type Period, toMs } from '../../../core/index.ts';

/**
 * Mean time until a DOWN was over, in milliseconds, of those that began and ended within the periods; null when there
 * was none. The first period may have begun before them.
 */
export function meanTimeToRepair(periods: readonly Period[]): number | null {
  const repairs = periods
    .slice(1)
    .flatMap(({ from, until, level }) =>
      level === 'major_outage' && until !== null ? [toMs(until) - toMs(from)] : [],
    );
  return repairs.length === 0 ? null : repairs.reduce((sum, repair) => sum + repair, 0) / repairs.length;
}
