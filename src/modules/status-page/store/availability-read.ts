import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { type Impact, isImpact } from '../domain/incident.ts';
import type { StatusPageTables } from './schema.ts';

export type MonthRecord = StatusPageTables['status_page_month'];

/** A stretch during which an incident of one impact held a component; a maintenance has impact 0. */
export interface HeldInterval {
  component: ComponentKey;
  impact: Impact;
  from: Instant;
  /** null: still going on. */
  until: Instant | null;
}

/** Months that ended, as they were, by component and month. */
export async function frozenMonths(q: Queries, since: string): Promise<Map<ComponentKey, Map<string, MonthRecord>>> {
  const records = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_month')
    .selectAll()
    .where('month', '>=', since)
    .execute();
  const found = new Map<ComponentKey, Map<string, MonthRecord>>();
  for (const record of records) {
    const months = found.get(record.component) ?? new Map<string, MonthRecord>();
    months.set(record.month, record);
    found.set(record.component, months);
  }
  return found;
}

/**
 * When incidents held components within a window, cut at each change of impact. Cancelled maintenances and what only
 * informs hold nothing.
 */
export async function heldIntervals(q: Queries, window: { from: Instant; until: Instant }): Promise<HeldInterval[]> {
  const members = await q
    .for<StatusPageTables>()
    .selectFrom('status_page_incident_component as member')
    .innerJoin('status_page_incident as incident', 'incident.id', 'member.incident')
    .select([
      'member.incident as incident',
      'member.component as component',
      'member.from_at as from_at',
      'member.to_at as to_at',
      'incident.start_at as start_at',
      'incident.end_at as end_at',
      'incident.status as status',
      'incident.type as type',
    ])
    .where('incident.type', '!=', 'info')
    .where('incident.status', 'not in', ['cancelled', 'pending_review', 'reviewed'])
    .where('incident.start_at', '<', window.until)
    .where((where) => where.or([where('incident.end_at', 'is', null), where('incident.end_at', '>', window.from)]))
    .execute();
  const impacts = Map.groupBy(
    await impactsOf(q, [...new Set(members.map(({ incident }) => incident))]),
    (one) => one.incident,
  );
  return members.flatMap((member) => {
    const from = later(member.from_at, member.start_at);
    const until = earlier(member.to_at, member.end_at);
    return cut({ from, until }, impacts.get(member.incident) ?? []).map((part) => ({
      component: member.component,
      ...part,
    }));
  });
}

interface ImpactStep {
  incident: number;
  from_at: Instant;
  impact: number;
}

async function impactsOf(q: Queries, incidents: readonly number[]): Promise<ImpactStep[]> {
  const found: ImpactStep[] = [];
  for (let at = 0; at < incidents.length; at += 500) {
    const records = await q
      .for<StatusPageTables>()
      .selectFrom('status_page_impact')
      .selectAll()
      .where('incident', 'in', incidents.slice(at, at + 500))
      .orderBy('from_at')
      .execute();
    found.push(...records);
  }
  return found;
}

/** The parts of an interval, each with the impact that held; the first impact holds from the beginning. */
function cut(
  interval: { from: Instant; until: Instant | null },
  steps: readonly ImpactStep[],
): { from: Instant; until: Instant | null; impact: Impact }[] {
  return steps.flatMap((step, index) => {
    const from = index === 0 ? interval.from : later(interval.from, step.from_at);
    const until = earlier(interval.until, steps[index + 1]?.from_at ?? null);
    const { impact } = step;
    return isImpact(impact) && (until === null || from < until) ? [{ from, until, impact }] : [];
  });
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** `null` is never. */
function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
