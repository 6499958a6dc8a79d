import type { Holder } from '../domain/departures.ts';
import type { Incident } from '../domain/incident.ts';
import { Obstacle } from './obstacle.ts';
import { refuse } from './refusal.ts';

/** Components are moved between incidents that are open, and nothing else (specification §10.3, §11.2). */
export function requireOpenIncident(incident: Incident): void {
  if (incident.type !== 'incident') {
    throw new Obstacle(
      'forbidden',
      'not_incident',
      'Components are moved between incidents only, not out of a maintenance or info.',
    );
  }
  if (incident.end !== null)
    throw new Obstacle('conflict', 'ended', `Incident ${incident.id} has ended: reopen it first.`);
}

/** The one that is named in an input as the other end. */
export function openTarget(found: Holder | undefined, { field, id }: { field: string; id: number }): Holder {
  if (found !== undefined && found.incident.type === 'incident' && found.incident.end === null) return found;
  return refuse({ field, reason: 'target_closed', about: String(id) });
}
