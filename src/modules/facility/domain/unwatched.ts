import type { ComponentKey, Instant, Period } from '../../../core/index.ts';

/** One change of a device's state. */
export interface StateChange {
  device: ComponentKey;
  at: Instant;
  from: string | null;
  to: string;
  level: string;
  iid: number | null;
  url: string | null;
}

/** What stands for a state while nobody knows it. */
const UNKNOWN = 'UNKNOWN';

/**
 * Changes of state with the times that nobody watched: each begins with a change to UNKNOWN and ends with one back to
 * what is known then. What happened meanwhile keeps its own time. Both newest first.
 */
export function withUnwatched(
  changes: readonly StateChange[],
  periods: ReadonlyMap<ComponentKey, readonly Period[]>,
): StateChange[] {
  const byDevice = Map.groupBy(changes, ({ device }) => device);
  const all = [...byDevice].flatMap(([device, own]) => ofDevice(own.toReversed(), periods.get(device) ?? []));
  const place = new Map(all.map((change, index) => [change, index]));
  const later = (change: StateChange): number => place.get(change) ?? 0;
  return all.sort((a, b) => (a.at === b.at ? later(b) - later(a) : a.at < b.at ? 1 : -1));
}

/** Oldest first. */
function ofDevice(changes: readonly StateChange[], periods: readonly Period[]): StateChange[] {
  const result: StateChange[] = [];
  const waiting = [...changes];
  let known: StateChange | undefined;
  const takeUntil = (at: Instant): void => {
    for (let next = waiting[0]; next !== undefined && next.at < at; next = waiting[0]) {
      result.push(next);
      known = next;
      waiting.shift();
    }
  };
  for (const { level, from, until } of periods) {
    if (level !== 'unknown') continue;
    takeUntil(from);
    if (known === undefined) continue;
    result.push({ device: known.device, at: from, from: known.to, to: UNKNOWN, level, iid: null, url: null });
    if (until === null) break;
    takeUntil(until);
    // A change at the very end says itself what is known from then on.
    if (waiting[0]?.at === until) waiting[0] = { ...waiting[0], from: UNKNOWN };
    else result.push({ ...known, at: until, from: UNKNOWN });
  }
  return [...result, ...waiting];
}
