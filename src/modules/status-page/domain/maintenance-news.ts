import { handsIn } from './given-back.ts';
import type { Incident, IncidentStatus, IncidentUpdate } from './incident.ts';
import { UNFOLDER_LABEL } from './series.ts';

/** What staff are told of a maintenance: where it is now. */
export type NewsState =
  | 'waits'
  | 'reviewed'
  | 'given_back'
  | 'rejected'
  | 'scheduled'
  | 'planned'
  | 'in_progress'
  | 'completed'
  | 'cancelled';

export interface MaintenanceNews {
  state: NewsState;
  /** Where it was; null: nowhere, it was just announced. */
  before: NewsState | null;
}

/** A version of an incident that was just written. */
export interface Step {
  /** null: it was just announced. */
  before: IncidentStatus | null;
  after: Incident;
  /** The row that tells it. */
  update: IncidentUpdate | null;
  /** Its author changed it after it was given back. */
  handedIn: boolean;
  by: { label: string; account: string | null };
}

const STATES: Partial<Record<IncidentStatus, NewsState>> = {
  pending_review: 'waits',
  reviewed: 'reviewed',
  planned: 'planned',
  // Where an import stored it; from then on the clock calls it planned, which is no news.
  modified: 'planned',
  in_progress: 'in_progress',
  completed: 'completed',
  cancelled: 'cancelled',
};

/** What staff are told of a step (specification §17): only of real transitions; null for everything else. */
export function newsOf(step: Step): MaintenanceNews | null {
  const { before: was, after, update, handedIn, by } = step;
  const state = STATES[after.status];
  // Setting up a series or ending it would send one mail for each of its days.
  if (after.type !== 'maintenance' || state === undefined || by.label === UNFOLDER_LABEL) return null;
  if (was === null) return announced(state);
  const before = STATES[was] ?? null;
  if (update?.fact?.kind === 'given_back') return { state: 'given_back', before };
  if (state === 'waits' && handedIn) return { state, before: 'given_back' };
  if (before === state) return null;
  const isRejected = was === 'pending_review' && state === 'cancelled' && !isAuthor(after, by.account);
  return { state: isRejected ? 'rejected' : state, before };
}

/** One that is over when it is written down is a record, and no news. */
function announced(state: NewsState): MaintenanceNews | null {
  if (state === 'completed' || state === 'cancelled') return null;
  return { state: state === 'planned' ? 'scheduled' : state, before: null };
}

function isAuthor(incident: Incident, account: string | null): boolean {
  return incident.createdById !== null && handsIn(incident, account);
}

/** Whom the configuration lets be written to. */
export interface MailSettings {
  reviewers: readonly string[];
  to_contact: boolean;
  exclude: readonly string[];
}

export interface Recipient {
  address: string;
  isReviewer: boolean;
}

/** Who is told, each once: reviewers of what they have to decide on and of what was decided, the contact of everything. */
export function recipientsOf(
  { state }: MaintenanceNews,
  contact: string | null,
  { reviewers, to_contact: toContact, exclude }: MailSettings,
): Recipient[] {
  const called = state === 'waits' || state === 'reviewed' ? reviewers.map(plain) : [];
  const all = new Map(called.map((address) => [address, { address, isReviewer: true }]));
  const address = plain(contact ?? '');
  if (toContact && address !== '' && !all.has(address)) all.set(address, { address, isReviewer: false });
  const never = exclude.map(plain);
  return [...all.values()].filter((recipient) => !never.includes(recipient.address));
}

function plain(address: string): string {
  return address.trim().toLowerCase();
}
