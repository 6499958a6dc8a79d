import { type Actor, actorLabel, type Instant } from '../../../core/index.ts';
import type { Incident } from '../domain/incident.ts';

type Given = Pick<Incident, 'type' | 'title' | 'impact' | 'status' | 'start'> & Partial<Incident>;

/** What a person has just begun to write, before it has a number. */
export function newIncident(given: Given, actor: Actor, now: Instant): Omit<Incident, 'id'> {
  return {
    description: null,
    end: null,
    system: false,
    version: 1,
    createdAt: now,
    modifiedAt: now,
    createdBy: actorLabel(actor),
    createdById: actor.kind === 'user' ? actor.id : null,
    contactEmail: null,
    postmortem: null,
    postmortemAt: null,
    series: null,
    mergedInto: null,
    told: true,
    ...given,
  };
}
