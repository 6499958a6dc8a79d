import type { Instant, Level } from '../../../core/index.ts';
import type { ForeignIncident } from './import-model.ts';
import { levelOfImpact } from './incident.ts';

/** What held a component for a while. */
export interface Holding {
  level: Level;
  from: Instant;
  until: Instant;
  summary: string;
  /** The predecessor's number of the incident. */
  incident: number;
}

export interface HistoryPeriod {
  level: Level;
  from: Instant;
  until: Instant;
  /** What decided; null: nothing did, people vouched for it. */
  cause: Holding | null;
}

/** Worst first when several hold a component: an outage during a maintenance is an outage (contracts §1). */
const WEIGHT: Readonly<Record<Level, number>> = {
  operational: 0,
  notice: 1,
  unknown: 2,
  maintenance: 3,
  degraded: 4,
  partial_outage: 5,
  major_outage: 6,
};

/** When each component was held by what, up to now, by the predecessor's numbers. */
export function holdingsOf(incidents: readonly ForeignIncident[], now: Instant): Map<number, Holding[]> {
  const holdings = new Map<number, Holding[]>();
  for (const incident of incidents) {
    if (!counts(incident)) continue;
    const ended = incident.end !== null && incident.end < now ? incident.end : now;
    for (const { component, from, to } of incident.members) {
      const until = to !== null && to < ended ? to : ended;
      const list = holdings.get(component) ?? [];
      for (const [at, { from: since, impact }] of incident.impacts.entries()) {
        const next = incident.impacts[at + 1]?.from ?? until;
        const begin = since > from ? since : from;
        const end = next < until ? next : until;
        const level = incident.type === 'maintenance' ? 'maintenance' : levelOfImpact(impact);
        if (begin < end) list.push({ level, from: begin, until: end, summary: incident.title, incident: incident.id });
      }
      holdings.set(component, list);
    }
  }
  return holdings;
}

function counts({ type, status }: ForeignIncident): boolean {
  return (
    type === 'incident' ||
    (type === 'maintenance' && ['in_progress', 'modified', 'completed', 'planned'].includes(status))
  );
}

/** One component's past without gaps: operational where nothing held it, for people watched it. */
export function historyOf(holdings: readonly Holding[], window: { from: Instant; until: Instant }): HistoryPeriod[] {
  const inside = holdings
    .map((one) => ({ ...one, from: later(one.from, window.from), until: earlier(one.until, window.until), whole: one }))
    .filter(({ from, until }) => from < until)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  const moments = [
    ...new Set([window.from, ...inside.flatMap(({ from, until }) => [from, until]), window.until]),
  ].sort();
  const periods: HistoryPeriod[] = [];
  let active: typeof inside = [];
  let next = 0;
  for (const [at, from] of moments.entries()) {
    const until = moments[at + 1];
    if (until === undefined) break;
    active = active.filter((one) => one.until > from);
    for (let one = inside[next]; one !== undefined && one.from <= from; one = inside[next]) {
      active.push(one);
      next += 1;
    }
    const worst = active.reduce<(typeof inside)[number] | null>(
      (found, one) => (found === null || WEIGHT[one.level] > WEIGHT[found.level] ? one : found),
      null,
    );
    const cause = worst?.whole ?? null;
    const last = periods.at(-1);
    if (last !== undefined && last.cause === cause) last.until = until;
    else periods.push({ level: cause?.level ?? 'operational', from, until, cause });
  }
  return periods;
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
