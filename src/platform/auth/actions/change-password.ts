import type { Actor } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { AuthContext } from '../context.ts';
import { deviceCookie } from '../cookies.ts';
import { emailAddress, folded } from '../rules/names.ts';
import { LONGEST_PASSWORD, type PasswordProblem, passwordProblem, SHORTEST_PASSWORD } from '../rules/password-rules.ts';
import { mistake, Refusal, tooMany } from '../rules/refusal.ts';
import type { RefusalWords } from '../rules/refusal-messages.ts';
import { hashPassword, verifyPassword } from '../secrets/password-hash.ts';
import { endResetsOf } from '../store/reset-store.ts';
import type { UserRow } from '../store/schema.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { userById } from '../store/user-read.ts';
import { setEmail, setPassword } from '../store/user-store.ts';
import { lockUser, type Origin, openSession } from './login.ts';
import { requireUser } from './sessions.ts';
import { requireLocal } from './users.ts';

/**
 * Gives the actor a password of their own choice, ends all their sessions and opens a new one for this browser.
 * The one-time password, typed to get here, is not asked for again.
 */
export async function changePassword(
  ctx: AuthContext,
  actor: Actor,
  change: { current: string; next: string },
  origin: Origin,
): Promise<{ cookies: string[] }> {
  const user = await ownAccount(ctx, actor);
  if (user.must_change === 0) await requirePassword(ctx, user, change.current);
  requireGoodPassword(change.next, user);
  if ((await verifyPassword(user.password_hash, change.next)).fits) {
    throw mistake('next', (words) => words.samePassword);
  }
  const hash = await hashPassword(change.next);
  return ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    await lockUser(tx, user.id);
    if (!(await setPassword(tx, user.id, { hash, mustChange: false, at, ifHash: user.password_hash }))) {
      throw new Refusal('conflict', (words) => words.passwordChanged);
    }
    await deleteSessionsOf(tx, user.id);
    await endResetsOf(tx, user.id, at);
    const session = await openSession(ctx, tx, { userId: user.id, origin });
    await emitAudit(tx, { at, actor, action: 'auth.password_changed', subject: `user:${user.name}` });
    return { cookies: [session, deviceCookie(ctx.site(), { id: user.id, password_hash: hash })] };
  });
}

/** Sets or removes the address that forgotten-password mails go to. */
export async function changeEmail(
  ctx: AuthContext,
  actor: Actor,
  change: { current: string; email: string },
): Promise<void> {
  const user = await ownAccount(ctx, actor);
  const email = emailAddress(change.email);
  await requirePassword(ctx, user, change.current);
  await ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    await setEmail(tx, user.id, { email, folded: email === null ? null : folded(email) });
    await endResetsOf(tx, user.id, at);
    const subject = `user:${user.name}`;
    await emitAudit(tx, { at, actor, action: 'auth.email_changed', subject, details: { removed: email === null } });
  });
}

/** Refuses a password that the rules refuse, with the reason beside the field `next`. */
export function requireGoodPassword(password: string, user: { name: string; email: string | null }): void {
  const problem = passwordProblem(password, user);
  if (problem !== null) throw mistake('next', PROBLEMS[problem]);
}

const PROBLEMS: Record<PasswordProblem, (words: RefusalWords) => string> = {
  too_short: (words) => words.tooShort(SHORTEST_PASSWORD),
  too_long: (words) => words.tooLong(LONGEST_PASSWORD),
  is_name: (words) => words.isName,
  too_common: (words) => words.tooCommon,
};

async function ownAccount(ctx: AuthContext, actor: Actor): Promise<UserRow> {
  const user = await userById(ctx.db, requireUser(actor).id);
  if (!user || user.disabled_at !== null) throw new Refusal('unauthenticated', (words) => words.signInAgain);
  requireLocal(user);
  return user;
}

/** Counted like signing in: a session left open must not become a way to guess. */
async function requirePassword(ctx: AuthContext, user: UserRow, password: string): Promise<void> {
  const key = `${user.id} own`;
  const taken = ctx.attempts.device.take(key);
  if (!taken.allowed) throw tooMany(taken.retryAfter);
  const { fits } = await verifyPassword(user.password_hash, password);
  if (!fits) throw mistake('current', (words) => words.wrongPassword);
  ctx.attempts.device.giveBack(key);
}
