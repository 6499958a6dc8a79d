import type { Instant } from '../../../core/index.ts';
import { type Incident, type IncidentStatus, type IncidentUpdate, TOLD } from './incident.ts';

export interface ClockRow {
  status: IncidentStatus;
  at: Instant;
}

export interface ClockVerdict {
  status: IncidentStatus;
  /** Rows that are missing, with the times at which they became true, oldest first. */
  rows: readonly ClockRow[];
  /** The public knows of it. */
  told: boolean;
}

type Planned = Pick<Incident, 'type' | 'status' | 'start' | 'end' | 'told'>;
type Row = Pick<IncidentUpdate, 'status' | 'at'>;

/** What a maintenance or info should be at `now`, and what its story lacks (specification §12); null: all is well. */
export function byClock(incident: Planned, rows: readonly Row[], now: Instant): ClockVerdict | null {
  if (incident.type === 'incident' || incident.status === 'pending_review') return null;
  const isCancelled = incident.status === 'cancelled' || rows.some(({ status }) => status === 'cancelled');
  const verdict = isCancelled ? cancelled(incident, rows) : running(incident, rows, now);
  const same = verdict.status === incident.status && verdict.told === incident.told && verdict.rows.length === 0;
  return same ? null : verdict;
}

/** Whoever was to be told that it is planned is told that it is not: one that had been reviewed counts as planned. */
function cancelled(incident: Planned, rows: readonly Row[]): ClockVerdict {
  const reviewed = rows.find(({ status }) => status === 'reviewed');
  const wasTold = incident.told || rows.some(({ status }) => TOLD.includes(status));
  const lacks = incident.type === 'maintenance' && !wasTold && reviewed !== undefined;
  return {
    status: 'cancelled',
    rows: lacks ? [{ status: 'planned', at: reviewed.at }] : [],
    told: wasTold || lacks,
  };
}

function running(incident: Planned, rows: readonly Row[], now: Instant): ClockVerdict {
  const { type, start, end, status: stored } = incident;
  const chain: IncidentStatus[] = ['planned', type === 'maintenance' ? 'in_progress' : 'active', 'completed'];
  const times = [start < now ? start : now, start, end ?? start];
  const reached = reachedStep(incident, now);
  const status = chain[reached] ?? 'planned';
  const at = chain.indexOf(stored);
  const missing = chain.slice(0, reached + 1).flatMap((step, index): ClockRow[] => {
    const isNew = index > at && stored !== 'modified';
    const isThere = rows.some((row) => row.status === step);
    return isNew || !isThere ? [{ status: step, at: times[index] ?? now }] : [];
  });
  const back: ClockRow[] = reached < at && missing.length === 0 ? [{ status, at: now }] : [];
  return { status, rows: [...missing, ...back], told: true };
}

function reachedStep({ start, end }: Planned, now: Instant): 0 | 1 | 2 {
  if (end !== null && end <= now) return 2;
  return start <= now ? 1 : 0;
}

/** The status right after its window was changed: the row that says so tells it. */
export function statusByClock(incident: Planned, now: Instant): IncidentStatus {
  const chain = ['planned', incident.type === 'info' ? 'active' : 'in_progress', 'completed'] as const;
  return chain[reachedStep(incident, now)];
}
