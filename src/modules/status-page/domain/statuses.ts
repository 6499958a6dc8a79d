import { type IncidentStatus, type IncidentType, STATUSES_OF } from './incident.ts';

const CLOSED: readonly IncidentStatus[] = ['reopened', 'changed'];

export interface StatusQuestion {
  type: IncidentType;
  status: IncidentStatus;
  end: string | null;
}

/** An incident has ended; a maintenance or info whose end is only planned has not. */
export function isClosed({ type, status, end }: StatusQuestion): boolean {
  return type === 'incident' ? end !== null : status === 'completed' || status === 'cancelled';
}

/** What an update may say now, in the order in which a form offers it (specification §3.3). */
export function allowedStatuses(incident: StatusQuestion): readonly IncidentStatus[] {
  const all = STATUSES_OF[incident.type];
  if (incident.type === 'incident') {
    return isClosed(incident) ? CLOSED : all.filter((status) => !CLOSED.includes(status));
  }
  return incident.status === 'cancelled' ? ['cancelled'] : all;
}

/** What the author of a maintenance may still say while nobody has reviewed it (specification §11.2). */
export const OWN_PENDING: readonly IncidentStatus[] = ['pending_review', 'cancelled'];
