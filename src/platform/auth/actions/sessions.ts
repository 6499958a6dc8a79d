import { type Actor, AppError } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { AuthContext } from '../context.ts';
import { type Cookies, noSessionCookie, sessionSecret } from '../cookies.ts';
import { Refusal } from '../rules/refusal.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { ID_TOKEN, unsealed } from '../secrets/sealed.ts';
import { deleteSession, deleteSessionBySecret, deleteSessionsOf, sessionOrigin } from '../store/session-store.ts';

/** What a browser has to do to be signed out. */
export interface SignedOut {
  /** `Set-Cookie` headers that make it forget the session. */
  cookies: string[];
  /** Where the session came from, if that was a provider: it may have to be told. */
  from: { provider: string; idToken: string | null } | null;
}

/** Ends the session of these cookies. */
export async function logout(ctx: AuthContext, actor: Actor, cookies: Cookies): Promise<SignedOut> {
  const secret = sessionSecret(ctx.site(), cookies);
  const came = secret === null ? undefined : await sessionOrigin(ctx.db, secretHash(secret));
  if (secret !== null && actor.kind === 'user') {
    await ctx.db.write(async (tx) => {
      if (!(await deleteSessionBySecret(tx, secretHash(secret)))) return;
      const at = ctx.clock.now();
      await emitAudit(tx, { at, actor, action: 'auth.signed_out', subject: `user:${actor.name}` });
    });
  }
  const gone = [noSessionCookie(ctx.site())];
  const provider = came?.provider ?? null;
  if (secret === null || !came || provider === null) return { cookies: gone, from: null };
  const idToken = came.id_token === null ? null : unsealed(secret, ID_TOKEN, came.id_token);
  return { cookies: gone, from: { provider, idToken } };
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
