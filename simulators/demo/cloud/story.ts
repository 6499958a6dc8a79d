import type { Instant } from '../../../src/core/index.ts';

/** What a person wrote about an incident, so many minutes after its beginning. */
export type Said = readonly [after: number, status: 'analysing' | 'fixing' | 'observing' | 'resolved', text: string];

/** An incident as it happens once or twice a year: where and when is drawn. */
export interface IncidentStory {
  title: string;
  impact: 1 | 2 | 3;
  services: readonly [string, ...string[]];
  /** In both regions at once. */
  everywhere?: true;
  /** A monitor saw it first. */
  byMonitor?: true;
  /** It turned out to be worse, or less bad. */
  turns?: { after: number; impact: 1 | 2 | 3; text: string };
  /** Oldest first; the last resolves it. */
  said: readonly [Said, ...Said[]];
  postmortem?: string;
}

/** A maintenance that was announced once. */
export interface MaintenanceStory {
  title: string;
  description: string;
  services: readonly [string, ...string[]];
  everywhere?: true;
  hours: number;
  /** Days before its beginning on which it was announced. */
  notice: number;
  /** So long before its beginning it was called off. */
  cancelled?: { hoursBefore: number; text: string };
  /** So long after its beginning somebody told how it goes. */
  told?: { minutesAfter: number; text: string };
}

/** An incident of the year with its place and time. */
export interface PastIncident extends Omit<IncidentStory, 'services' | 'said' | 'turns'> {
  keys: readonly string[];
  start: Instant;
  said: readonly { at: Instant; status: Said[1]; text: string }[];
  turn: { at: Instant; impact: 1 | 2 | 3; text: string } | null;
}

export interface PastMaintenance extends Omit<MaintenanceStory, 'services'> {
  keys: readonly string[];
  announcedAt: Instant;
  start: Instant;
  end: Instant;
}
