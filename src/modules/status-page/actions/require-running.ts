import type { Incident } from '../domain/incident.ts';
import { isClosed } from '../domain/statuses.ts';
import { Obstacle } from './obstacle.ts';

export function requireRunning(incident: Incident): void {
  if (isClosed(incident))
    throw new Obstacle('conflict', 'ended', `${incident.id} has ended: its components stay as they were.`);
}
