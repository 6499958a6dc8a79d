import {
  type Actor,
  addMs,
  type Clock,
  type ComponentKey,
  type ComponentReader,
  type ComponentRow,
  DAY,
} from '../../../core/index.ts';
import { meanTimeToRepair } from '../domain/repair-time.ts';

/** The mean time to repair of one device over 90 days, for who may see it. */
export type RepairTimes = (viewer: Actor, row: ComponentRow) => Promise<number | null>;

/** Figures are kept until the device changes or the day is over: they change only when a DOWN ends. */
export function repairTimes(components: ComponentReader, clock: Clock): RepairTimes {
  const kept = new Map<ComponentKey, { of: string; mean: number | null }>();
  return async (viewer, row) => {
    if (row.uptime90.down === 0) return null;
    const until = clock.now();
    const of = `${row.since} ${until.slice(0, 10)}`;
    const known = kept.get(row.key);
    if (known?.of === of) return known.mean;
    const mean = meanTimeToRepair(await components.periods(viewer, row.key, { from: addMs(until, -90 * DAY), until }));
    kept.set(row.key, { of, mean });
    return mean;
  };
}
