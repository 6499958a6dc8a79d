import type { ComponentKey } from '../../../core/index.ts';
import type { Incident, Membership } from './incident.ts';

/** An open incident with what it holds now. */
export interface Holder {
  incident: Incident;
  present: readonly ComponentKey[];
}

/** What an incident loses to another. */
export interface Departure {
  incident: Incident;
  /** In the order in which they go. */
  leaving: readonly ComponentKey[];
  /** Nothing would be left: it is closed, and the last one stays listed so that history keeps its subject. */
  closes: boolean;
}

export function presentIn(members: readonly Membership[]): ComponentKey[] {
  return [...new Set(members.filter(({ to }) => to === null).map(({ component }) => component))];
}

/** What taking components out of the open incidents that hold them means for each of those (specification §10.1). */
export function departures(holders: readonly Holder[], taken: readonly ComponentKey[]): Departure[] {
  return holders.flatMap(({ incident, present }) => {
    const leaving = taken.filter((component) => present.includes(component));
    if (incident.type !== 'incident' || leaving.length === 0) return [];
    return [{ incident, leaving, closes: leaving.length === present.length }];
  });
}
