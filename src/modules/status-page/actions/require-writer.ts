import { type Actor, type ErrorCode, hasRole } from '../../../core/index.ts';
import { type Denial, denialFor } from '../domain/author-rules.ts';
import type { Incident, IncidentStatus } from '../domain/incident.ts';
import { incidentActor } from './incident-role.ts';
import { Obstacle, type ObstacleReason } from './obstacle.ts';

const ANSWERS: Readonly<Record<Denial, readonly [ErrorCode, ObstacleReason, string]>> = {
  foreign: [
    'forbidden',
    'foreign',
    'Somebody else announced this maintenance: only its author and operators may change it.',
  ],
  reviewed: ['conflict', 'reviewed', 'This maintenance has been reviewed: ask an operator to change it.'],
  status: ['conflict', 'waits', 'This maintenance waits for its review: you may change or cancel it until then.'],
};

/** Whether somebody may change this one, beyond the role that the deed asks for. */
export function requireWriter(actor: Actor, incident: Incident, status: IncidentStatus | null): void {
  const who = incidentActor(actor);
  const writer = { id: who.kind === 'user' ? who.id : null, isOperator: hasRole(who, 'operator') };
  const denial = denialFor(writer, incident, status);
  if (denial !== null) throw new Obstacle(...ANSWERS[denial]);
}
