import { addMs, DAY, system } from '../../../core/index.ts';
import { frozenMonths, heldIntervals, type MonthRecord } from '../store/availability-read.ts';
import { freezeMonths } from '../store/availability-store.ts';
import { allComponents } from '../store/component-store.ts';
import { computeMonths, type FiguresContext, monthsOf } from './availability-figures.ts';

/** So long after its end a month may still be corrected by a back-dated incident. */
const GRACE = 2 * DAY;
const AT_ONCE = 200;

/**
 * Keeps the figures of months that have ended, so that what was reported once stays so. Months before a component was
 * in the catalogue are not kept: an import may still tell of them.
 * machine-driven: the hourly job; it writes what follows from what is stored.
 */
export async function freezeEndedMonths(context: FiguresContext): Promise<number> {
  const months = monthsOf(context);
  const now = context.clock.now();
  const ended = months.filter(({ until }) => addMs(until, GRACE) <= now);
  const oldest = ended.at(-1);
  const newest = ended[0];
  if (oldest === undefined || newest === undefined) return 0;
  const kept = await frozenMonths(context.db, oldest.month);
  const components = await allComponents(context.db);
  const missing = components.flatMap(({ key, createdAt }) => {
    const own = ended.filter(({ month, until }) => until > createdAt && kept.get(key)?.has(month) !== true);
    return own.length === 0 ? [] : [{ key, months: own }];
  });
  if (missing.length === 0) return 0;
  const held = Map.groupBy(
    await heldIntervals(context.db, { from: oldest.from, until: newest.until }),
    ({ component }) => component,
  );
  let frozen = 0;
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const records: MonthRecord[] = [];
    const computed = await computeMonths(context, system('status-page'), missing.slice(at, at + AT_ONCE), held);
    for (const [key, figures] of computed) {
      for (const { month, uptime } of figures) {
        const { up, down, maintenance, unknown, degraded } = uptime;
        records.push({ component: key, month, up, down, maintenance, unknown, degraded, frozen_at: now });
      }
    }
    await context.db.write((tx) => freezeMonths(tx, records));
    frozen += records.length;
  }
  return frozen;
}
