import { type Actor, hasScope, type Role, requireRole } from '../../../core/index.ts';

/** A token that may write incidents acts on them as an operator does. */
export function incidentActor(actor: Actor): Actor {
  if (actor.kind !== 'token' || !hasScope(actor, 'incidents:write')) return actor;
  return { kind: 'user', id: actor.id, name: actor.name, role: 'operator' };
}

/** Who writes incidents: people by their role, programs by the scope (specification §11.2). */
export function requireIncidentRole(actor: Actor, role: Role): void {
  requireRole(incidentActor(actor), role);
}
