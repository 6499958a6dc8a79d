import { AppError } from '../../../core/index.ts';
import type { Incident } from '../domain/incident.ts';
import { isClosed } from '../domain/statuses.ts';

export function requireRunning(incident: Incident): void {
  if (isClosed(incident)) throw new AppError('conflict', `${incident.id} has ended: its components stay as they were.`);
}
