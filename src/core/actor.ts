import { AppError } from './errors.ts';

/**
 * What a person may do, each role including the ones before it. A reporter may report that a system is in trouble, a
 * creator may write incidents and submit maintenances for review, an operator may do everything on them.
 */
export const ROLES = ['viewer', 'reporter', 'creator', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a token may do. `read` sees what a viewer sees. */
export const SCOPES = ['read', 'signals:write', 'components:create', 'incidents:write'] as const;
export type Scope = (typeof SCOPES)[number];

export type Visibility = 'public' | 'members';

/** Who asks. Every action and every read gets one. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: string; name: string; role: Role }
  | { kind: 'token'; id: string; name: string; scopes: readonly Scope[] }
  | { kind: 'system'; name: string };

export const ANONYMOUS: Actor = { kind: 'anonymous' };

export function system(name: string): Actor {
  return { kind: 'system', name };
}

export function hasRole(actor: Actor, role: Role): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'user' && ROLES.indexOf(actor.role) >= ROLES.indexOf(role);
}

export function requireRole(actor: Actor, role: Role): void {
  if (hasRole(actor, role)) return;
  if (actor.kind === 'anonymous') throw new AppError('unauthenticated', 'Sign in to do this.');
  throw new AppError('forbidden', `This needs the role "${role}". Ask an administrator for it.`, {
    special: { kind: 'role', role },
  });
}

export function hasScope(actor: Actor, scope: Scope): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'token' && actor.scopes.includes(scope);
}

export function requireScope(actor: Actor, scope: Scope): void {
  if (hasScope(actor, scope)) return;
  if (actor.kind === 'anonymous') throw new AppError('unauthenticated', 'Send a token: Authorization: Bearer <token>.');
  throw new AppError('forbidden', `This needs a token with the scope "${scope}".`);
}

/** Who may report that a system is in trouble: people by their role, programs by the scope. */
export function requireReporter(actor: Actor): void {
  if (actor.kind === 'user') requireRole(actor, 'reporter');
  else requireScope(actor, 'signals:write');
}

/** The one door for seeing: every representation of a thing asks here. */
export function canSee(actor: Actor, visibility: Visibility): boolean {
  return visibility === 'public' || hasRole(actor, 'viewer') || hasScope(actor, 'read');
}

/** What the audit log and a journal row call the actor. */
export function actorLabel(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : `${actor.kind}:${actor.name}`;
}
