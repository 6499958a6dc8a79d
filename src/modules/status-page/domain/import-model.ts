import type { Instant } from '../../../core/index.ts';
import type { Attributes } from './catalog-component.ts';
import type { Impact, IncidentStatus, IncidentType } from './incident.ts';

/** The predecessor's tables as they were read: every value as its database gives it. */
export interface SourceRows {
  components: readonly SourceRow[];
  attributes: readonly SourceRow[];
  incidents: readonly SourceRow[];
  relations: readonly SourceRow[];
  updates: readonly SourceRow[];
}
export type SourceRow = Readonly<Record<string, unknown>>;

/** A component of the predecessor. Numbers are its own. */
export interface ForeignComponent {
  id: number;
  name: string;
  attributes: Attributes;
  createdAt: Instant | null;
  deletedAt: Instant | null;
}

/** What the program itself noted there, as far as it is understood. */
export type ForeignFact =
  | { kind: 'component_added'; component: number }
  | { kind: 'component_moved_to' | 'component_moved_from'; component: number; incident: number }
  | { kind: 'impact_changed'; old: Impact; new: Impact }
  | { kind: 'closed_by_system' }
  /** Its status, as the clock says it; no row there. */
  | { kind: 'status' };

export interface ForeignUpdate {
  at: Instant;
  status: IncidentStatus;
  system: boolean;
  /** As it was written there, with markup. */
  text: string;
  fact: ForeignFact | null;
  createdBy: string | null;
}

export interface ForeignMember {
  component: number;
  from: Instant;
  to: Instant | null;
  movedTo: number | null;
}

export interface ForeignIncident {
  id: number;
  type: IncidentType;
  title: string;
  description: string | null;
  impact: Impact;
  status: IncidentStatus;
  start: Instant;
  end: Instant | null;
  system: boolean;
  createdAt: Instant;
  createdBy: string | null;
  contactEmail: string | null;
  members: readonly ForeignMember[];
  /** Oldest first. */
  updates: readonly ForeignUpdate[];
  /** The impact from a time on; the first is that of its beginning. */
  impacts: readonly { from: Instant; impact: Impact }[];
}

/** Something that was not taken over, or not as it stood there. */
export interface ImportRemark {
  table: 'component' | 'component_attribute' | 'incident' | 'incident_component_relation' | 'incident_status';
  /** Its number there. */
  id: string;
  what: 'left out' | 'changed';
  why: string;
}

export interface ForeignWorld {
  components: readonly ForeignComponent[];
  incidents: readonly ForeignIncident[];
  remarks: readonly ImportRemark[];
}
