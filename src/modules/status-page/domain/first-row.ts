import type { Instant } from '../../../core/index.ts';
import type { IncidentStatus, IncidentType } from './incident.ts';

/** What the row says that the program writes when a status is reached: in English, as programs read it (specification §3.3). */
const SENTENCES: Readonly<Record<IncidentType, Partial<Record<IncidentStatus, string>>>> = {
  incident: { detected: 'The incident is detected.' },
  maintenance: {
    planned: 'Maintenance is planned.',
    pending_review: 'Maintenance is pending review.',
    reviewed: 'Maintenance is reviewed.',
    in_progress: 'Maintenance is in progress.',
    completed: 'Maintenance is completed.',
    cancelled: 'Maintenance is cancelled.',
  },
  info: {
    planned: 'The informational notification is planned.',
    active: 'The informational notification is active.',
    completed: 'The informational notification is completed.',
    cancelled: 'The informational notification is cancelled.',
  },
};

export function automaticText(type: IncidentType, status: IncidentStatus): string {
  return SENTENCES[type][status] ?? `The status is ${status}.`;
}

/** Now, or its start if that lies in the past. */
export function firstRowAt(start: Instant, now: Instant): Instant {
  return start < now ? start : now;
}
