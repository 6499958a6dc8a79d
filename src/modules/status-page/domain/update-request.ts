import type { Instant } from '../../../core/index.ts';
import type { Impact, Incident, IncidentStatus, UpdateFact } from './incident.ts';

/** What a person writes as an update: what is absent stays as it is. */
export interface UpdateRequest {
  status: IncidentStatus;
  /** The moment it is about; now if absent. */
  at?: Instant | undefined;
  title?: string | undefined;
  description?: string | undefined;
  impact?: Impact | undefined;
  start?: Instant | undefined;
  end?: Instant | undefined;
}

export interface UpdateSituation {
  incident: Incident;
  /** The newest moment for which a person wrote. */
  lastWritten: Instant | null;
  /** When its impact was last set. */
  impactSince: Instant;
  now: Instant;
}

/** What an update makes of an incident. */
export interface UpdateEffect {
  incident: Incident;
  /** The moment of the row. */
  at: Instant;
  fact: UpdateFact | null;
  kind: 'updated' | 'worsened' | 'closed' | 'reopened';
  /** From when on the new impact holds; null: it did not change. */
  impactFrom: Instant | null;
}
