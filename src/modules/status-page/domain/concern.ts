import type { ComponentKey } from '../../../core/index.ts';
import { INTERNAL, type Incident, type IncidentType, TERMINAL } from './incident.ts';
import type { SubscriptionFilter } from './subscription.ts';

/** Where a component is. */
export interface Place {
  key: ComponentKey;
  region: string | null;
  category: string | null;
}

/** What a subscriber was told last of an incident; `none`: nothing yet. */
export type Said = 'none' | 'planned' | 'open' | 'closed';

/** Why it is over for a subscriber, though the incident itself may go on. */
export type OverReason = 'resolved' | 'merged' | 'cancelled' | 'left' | 'hidden';

/** What an incident is to one subscriber now. `wanted`: its filter asks for it. */
export type Concern =
  | { state: 'quiet' }
  | { state: 'planned' | 'open'; wanted: boolean }
  | { state: 'over'; wanted: boolean; reason: OverReason };

export type TellType =
  | 'incident.opened'
  | 'incident.updated'
  | 'incident.resolved'
  | 'maintenance.scheduled'
  | 'maintenance.started'
  | 'maintenance.updated'
  | 'maintenance.ended'
  | 'maintenance.cancelled'
  | 'info.published'
  | 'info.updated'
  | 'info.ended';

export interface Tell {
  type: TellType;
  /** What the subscriber was told after it. */
  said: Said;
  reason: OverReason | null;
}

export function covers(filter: SubscriptionFilter, place: Place): boolean {
  const { components, regions, categories } = filter;
  if (components.includes(place.key)) return true;
  if (regions.length === 0 && categories.length === 0) return components.length === 0;
  const isHere = regions.length === 0 || (place.region !== null && regions.includes(place.region));
  const isOfIt = categories.length === 0 || (place.category !== null && categories.includes(place.category));
  return isHere && isOfIt;
}

export function isOver({ type, status, end }: Pick<Incident, 'type' | 'status' | 'end'>): boolean {
  return TERMINAL.includes(status) || (type === 'incident' && end !== null);
}

/** What everybody may see of an incident, with where its components are. */
export interface Shown {
  present: readonly Place[];
  past: readonly Place[];
}

type Judged = Pick<Incident, 'type' | 'impact' | 'status' | 'start' | 'end' | 'mergedInto'>;

/** `shown` null: nothing of it is public. */
export function concernOf(filter: SubscriptionFilter, incident: Judged, shown: Shown | null, now: string): Concern {
  if (INTERNAL.includes(incident.status)) return { state: 'quiet' };
  if (shown === null) return { state: 'over', wanted: false, reason: 'hidden' };
  const isHeld = shown.present.some((place) => covers(filter, place));
  const isFit = incident.type === 'incident' ? incident.impact >= filter.minImpact : filter.maintenances;
  const wanted = isHeld && isFit;
  if (isOver(incident)) return { state: 'over', wanted, reason: endOf(incident) };
  if (!isHeld) {
    const hasLeft = shown.past.some((place) => covers(filter, place));
    return hasLeft ? { state: 'over', wanted: false, reason: 'left' } : { state: 'quiet' };
  }
  return { state: incident.type !== 'incident' && incident.start > now ? 'planned' : 'open', wanted };
}

function endOf({ status, mergedInto }: Judged): OverReason {
  if (mergedInto !== null) return 'merged';
  return status === 'cancelled' ? 'cancelled' : 'resolved';
}

const WORDS: Readonly<
  Record<IncidentType, Readonly<Record<'planned' | 'begin' | 'update' | 'end' | 'cancel', TellType>>>
> = {
  incident: {
    planned: 'incident.opened',
    begin: 'incident.opened',
    update: 'incident.updated',
    end: 'incident.resolved',
    cancel: 'incident.resolved',
  },
  maintenance: {
    planned: 'maintenance.scheduled',
    begin: 'maintenance.started',
    update: 'maintenance.updated',
    end: 'maintenance.ended',
    cancel: 'maintenance.cancelled',
  },
  info: {
    planned: 'info.published',
    begin: 'info.published',
    update: 'info.updated',
    end: 'info.ended',
    cancel: 'info.ended',
  },
};

/**
 * What follows from what a subscriber was told and what is so now. Whoever was told of a beginning is told of the end,
 * once, whatever the filter says by then; of an end whose beginning nobody told only together with it: it came and went
 * before anything was sent. null: nothing to say.
 */
export function nextTell(type: IncidentType, said: Said, concern: Concern): Tell | null {
  const words = WORDS[type];
  if (concern.state === 'quiet') return null;
  if (concern.state === 'over') {
    const { reason, wanted } = concern;
    if (said === 'closed' || (said === 'none' && !wanted)) return null;
    return { type: reason === 'cancelled' ? words.cancel : words.end, said: 'closed', reason };
  }
  const { state, wanted } = concern;
  if (said === 'none' || said === 'closed') {
    return wanted ? { type: state === 'planned' ? words.planned : words.begin, said: state, reason: null } : null;
  }
  const begins = type === 'maintenance' && said === 'planned' && state === 'open';
  return { type: begins ? words.begin : words.update, said: state, reason: null };
}
