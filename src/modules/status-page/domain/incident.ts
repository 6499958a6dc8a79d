import type { ComponentKey, Instant, Level } from '../../../core/index.ts';

/** What people write: something broke, something is planned, something to know. One number space for all three. */
export const INCIDENT_TYPES = ['incident', 'maintenance', 'info'] as const;
export type IncidentType = (typeof INCIDENT_TYPES)[number];

/** 0 is for maintenance and info only (specification §3.1). */
export const IMPACTS = [0, 1, 2, 3] as const;
export type Impact = (typeof IMPACTS)[number];

/** The keys that feeds, filters and the rows of the predecessor call them by. */
export const IMPACT_KEYS = ['maintenance', 'minor', 'major', 'outage'] as const;
export type ImpactKey = (typeof IMPACT_KEYS)[number];

export function isImpact(value: number): value is Impact {
  return (IMPACTS as readonly number[]).includes(value);
}

const IMPACT_LEVELS: readonly Level[] = ['maintenance', 'degraded', 'partial_outage', 'major_outage'];

/** The level a component has while an incident of this impact holds it (architecture §2). */
export function levelOfImpact(impact: Impact): Level {
  return IMPACT_LEVELS[impact] ?? 'unknown';
}

/** The impact of what a machine claims; null for what is no trouble. */
export function impactOfLevel(level: Level): Impact | null {
  const impact = IMPACT_LEVELS.indexOf(level);
  return impact > 0 && isImpact(impact) ? impact : null;
}

export const STATUSES = [
  'detected',
  'analysing',
  'fixing',
  'impact changed',
  'observing',
  'resolved',
  'reopened',
  'changed',
  'pending_review',
  'reviewed',
  'planned',
  'in_progress',
  'modified',
  'completed',
  'cancelled',
  'active',
] as const;
/** Of an incident and of its updates (specification §3.3). */
export type IncidentStatus = (typeof STATUSES)[number];

/** What an update may be about, in the order in which forms offer them. */
export const STATUSES_OF: Readonly<Record<IncidentType, readonly IncidentStatus[]>> = {
  incident: ['detected', 'analysing', 'fixing', 'impact changed', 'observing', 'resolved', 'reopened', 'changed'],
  maintenance: ['pending_review', 'reviewed', 'planned', 'in_progress', 'modified', 'completed', 'cancelled'],
  info: ['planned', 'active', 'completed', 'cancelled'],
};

const ALIASES: Readonly<Record<string, IncidentStatus>> = {
  analyzing: 'analysing',
  identified: 'analysing',
  investigating: 'analysing',
  watching: 'observing',
  monitoring: 'observing',
  fixed: 'resolved',
  scheduled: 'planned',
  'in progress': 'in_progress',
  'pending review': 'pending_review',
};

/** The status a word means, whichever generation of the predecessor wrote it; null for none. */
export function parseStatus(text: string): IncidentStatus | null {
  const word = text.trim().toLowerCase();
  return STATUSES.find((status) => status === word) ?? ALIASES[word] ?? null;
}

/** Nothing follows any more, unless somebody reopens it. */
export const TERMINAL: readonly IncidentStatus[] = ['resolved', 'completed', 'cancelled'];

/** What callers without an internal view must not see (specification §11.4). */
export const INTERNAL: readonly IncidentStatus[] = ['pending_review', 'reviewed'];

/** Statuses that, once reached, make a cancelled maintenance one that the public was told of. */
export const TOLD: readonly IncidentStatus[] = ['planned', 'in_progress', 'modified', 'completed'];

/** An incident, maintenance or info as it is stored. */
export interface Incident {
  id: number;
  type: IncidentType;
  title: string;
  /** Markdown. */
  description: string | null;
  impact: Impact;
  status: IncidentStatus;
  start: Instant;
  end: Instant | null;
  /** Opened by a machine and touched by nobody since: machines may still change it. */
  system: boolean;
  version: number;
  createdAt: Instant;
  modifiedAt: Instant;
  /** Actor label of the author; for staff only. */
  createdBy: string;
  /** Id of the account that wrote it, for what is allowed to its author only. */
  createdById: string | null;
  contactEmail: string | null;
  /** Markdown, and when it was published. */
  postmortem: string | null;
  postmortemAt: Instant | null;
  /** Of which series of recurring maintenances it is one. */
  series: string | null;
  /** What it was merged into. */
  mergedInto: number | null;
  /** Whether the public was ever told of it: it was planned, in progress, modified or completed once. */
  told: boolean;
}

/** A component's time in an incident. Past ones stay: history keeps its subject (REC 5). */
export interface Membership {
  incident: number;
  component: ComponentKey;
  from: Instant;
  /** null: still in it. */
  to: Instant | null;
  /** Where it went. */
  movedTo: number | null;
}

/** When something was or is planned to be. */
export interface Window {
  start: Instant;
  end: Instant | null;
}

/** What the program itself notes; the sentence is made when it is shown (REC 6). */
export type UpdateFact =
  | { kind: 'detected' | 'status' }
  | { kind: 'component_added'; component: ComponentKey }
  | { kind: 'component_moved_to'; component: ComponentKey; incident: number }
  | { kind: 'component_moved_from'; component: ComponentKey; incident: number }
  | { kind: 'component_removed'; component: ComponentKey }
  | { kind: 'impact_changed'; old: Impact; new: Impact }
  | { kind: 'window_changed'; old: Window; new: Window }
  /** Its title or description says something else. */
  | { kind: 'reworded' }
  | { kind: 'closed_by_system' }
  | { kind: 'auto_closed' }
  | { kind: 'merged_into' | 'merged_from'; incident: number }
  | { kind: 'recovery_seen'; component: ComponentKey }
  /** A reviewer wants it changed by its author, and then its author has changed it. */
  | { kind: 'given_back' | 'handed_in' };

/** One row of an incident's story. */
export interface IncidentUpdate {
  id: number;
  incident: number;
  at: Instant;
  /** The status it set, or that held when the program noted it. */
  status: IncidentStatus;
  /** Written by the program: shown as SYSTEM to the predecessor's clients. */
  system: boolean;
  /** Markdown of a person; null for the program's rows. */
  text: string | null;
  fact: UpdateFact | null;
  createdAt: Instant;
  createdBy: string;
  modifiedAt: Instant | null;
  modifiedBy: string | null;
}
