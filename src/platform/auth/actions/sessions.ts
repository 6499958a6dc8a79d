import { type Actor, AppError } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { AuthContext } from '../context.ts';
import { type Cookies, noSessionCookie, sessionSecret } from '../cookies.ts';
import { Refusal } from '../rules/refusal.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { deleteSession, deleteSessionBySecret, deleteSessionsOf } from '../store/session-store.ts';

/** Ends the session of these cookies; answers with the headers that make the browser forget it. */
export async function logout(ctx: AuthContext, actor: Actor, cookies: Cookies): Promise<string[]> {
  const secret = sessionSecret(ctx.site(), cookies);
  if (secret !== null && actor.kind === 'user') {
    await ctx.db.write(async (tx) => {
      if (!(await deleteSessionBySecret(tx, secretHash(secret)))) return;
      const at = ctx.clock.now();
      await emitAudit(tx, { at, actor, action: 'auth.signed_out', subject: `user:${actor.name}` });
    });
  }
  return [noSessionCookie(ctx.site())];
}

/** Ends one of the actor's own sessions. */
export async function endSession(ctx: AuthContext, actor: Actor, sessionId: string): Promise<void> {
  const user = requireUser(actor);
  await ctx.db.write(async (tx) => {
    if (!(await deleteSession(tx, user.id, sessionId))) throw new Refusal('not_found', (words) => words.sessionOver);
    const details = { session: sessionId };
    const entry = { at: ctx.clock.now(), actor, action: 'auth.session_ended', subject: `user:${user.name}`, details };
    await emitAudit(tx, entry);
  });
}

/** Ends all of the actor's own sessions but the one of these cookies; says how many. */
export async function endOtherSessions(ctx: AuthContext, actor: Actor, cookies: Cookies): Promise<number> {
  const user = requireUser(actor);
  const secret = sessionSecret(ctx.site(), cookies);
  return ctx.db.write(async (tx) => {
    const ended = await deleteSessionsOf(tx, user.id, secret === null ? undefined : secretHash(secret));
    const details = { sessions: ended };
    const entry = { at: ctx.clock.now(), actor, action: 'auth.sessions_ended', subject: `user:${user.name}`, details };
    await emitAudit(tx, entry);
    return ended;
  });
}

/** Only a person has sessions, a password and an address. */
export function requireUser(actor: Actor): Extract<Actor, { kind: 'user' }> {
  if (actor.kind === 'user') return actor;
  if (actor.kind === 'anonymous') throw new AppError('unauthenticated', 'Sign in to do this.');
  throw new AppError('forbidden', 'Only a person with an account can do this.');
}
