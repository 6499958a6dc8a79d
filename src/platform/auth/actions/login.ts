import { type Actor, ANONYMOUS, addMs, HOUR, newId, toMs } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Tx } from '../../database/index.ts';
import type { AttemptCounter } from '../attempts.ts';
import { type AuthContext, idleSince } from '../context.ts';
import { type Cookies, deviceCookie, knownDevice, sessionCookie, sessionSecret } from '../cookies.ts';
import { addressKey } from '../rules/address-key.ts';
import { folded } from '../rules/names.ts';
import { Refusal, tooMany } from '../rules/refusal.ts';
import { hashPassword, NOBODYS_HASH, verifyPassword } from '../secrets/password-hash.ts';
import { randomSecret, secretHash } from '../secrets/random-secret.ts';
import { ID_TOKEN, sealed } from '../secrets/sealed.ts';
import type { UserRow } from '../store/schema.ts';
import { deleteOldSessions, deleteSessionBySecret, insertSession } from '../store/session-store.ts';
import { userById, userByLogin } from '../store/user-read.ts';
import { renewHash } from '../store/user-store.ts';

/** Where a request comes from. */
export interface Origin {
  ip: string;
  agent: string;
  cookies: Cookies;
}

export interface SignedIn {
  /** `Set-Cookie` headers to answer with. */
  cookies: string[];
  mustChangePassword: boolean;
}

/**
 * Starts a session with a new id. Takes as long and says the same whether the account exists or not; attempts are
 * counted per address and per account, and apart for a browser that signed in to the account before.
 */
export async function login(
  ctx: AuthContext,
  attempt: { name: string; password: string },
  origin: Origin,
): Promise<SignedIn> {
  const typed = folded(attempt.name.slice(0, 320).trim());
  const user = await userByLogin(ctx.db, typed);
  const taken = await takeAttempt(ctx, { typed, user, origin });
  const verdict = await verifyPassword(user?.password_hash ?? NOBODYS_HASH, attempt.password);
  if (!user || !verdict.fits || user.disabled_at !== null || !mayUsePassword(ctx, user))
    throw await refuse(ctx, user, origin);
  const renewed = verdict.outdated ? await hashPassword(attempt.password) : null;
  const session = await ctx.db.write((tx) => startSession(ctx, tx, { user, origin, renewed }));
  if (session === null) throw await refuse(ctx, user, origin);
  for (const { counter, key } of taken) counter.giveBack(key);
  ctx.signIn('ok');
  const cookies = [session.cookie, deviceCookie(ctx.site(), session.user)];
  return { cookies, mustChangePassword: user.must_change === 1 };
}

/** `local: admins-only` leaves passwords to the few who repair things when the provider is away. */
export function mayUsePassword(ctx: AuthContext, user: Pick<UserRow, 'issuer' | 'role'>): boolean {
  return user.issuer === null && (ctx.settings().local === true || user.role === 'admin');
}

interface Counted {
  counter: AttemptCounter;
  key: string;
}

async function takeAttempt(
  ctx: AuthContext,
  who: { typed: string; user: UserRow | undefined; origin: Origin },
): Promise<Counted[]> {
  const { attempts } = ctx;
  const counted: Counted[] = [{ counter: attempts.address, key: addressKey(who.origin.ip) }];
  const device = who.user ? knownDevice(ctx.site(), who.origin.cookies, who.user) : null;
  // A one-time password has 100 bits: guessing is hopeless, and its owner gets in whoever else is trying.
  if (who.user && device !== null) counted.push({ counter: attempts.device, key: `${who.user.id} ${device}` });
  else if (who.user?.must_change !== 1) {
    counted.push({ counter: attempts.account, key: who.user?.id ?? `nobody ${who.typed}` });
  }
  for (const { counter, key } of counted) {
    const taken = counter.take(key);
    if (taken.allowed) continue;
    ctx.signIn('limited');
    if (taken.firstRefusal) await auditSignIn(ctx, 'auth.sign_in_limited', who.user, who.origin);
    throw tooMany(taken.retryAfter);
  }
  return counted;
}

/** Null when the account changed between the check and now. */
async function startSession(
  ctx: AuthContext,
  tx: Tx,
  start: { user: UserRow; origin: Origin; renewed: string | null },
): Promise<{ cookie: string; user: UserRow } | null> {
  const { user, origin, renewed } = start;
  await lockUser(tx, user.id);
  const current = await userById(tx, user.id);
  if (!current || current.password_hash !== user.password_hash || current.disabled_at !== null) return null;
  if (renewed !== null) await renewHash(tx, user.id, { from: user.password_hash, to: renewed });
  const cookie = await openSession(ctx, tx, { userId: user.id, origin });
  await emitAudit(tx, {
    at: ctx.clock.now(),
    actor: userActor(current),
    action: 'auth.signed_in',
    subject: `user:${current.name}`,
    details: { address: origin.ip },
  });
  return { cookie, user: renewed === null ? current : { ...current, password_hash: renewed } };
}

/** A new session in place of the one the browser brought; the id a browser comes with is never kept. */
export async function openSession(
  ctx: AuthContext,
  tx: Tx,
  of: { userId: string; origin: Origin; provider?: { id: string; idToken: string } },
): Promise<string> {
  const now = ctx.clock.now();
  const old = sessionSecret(ctx.site(), of.origin.cookies);
  if (old !== null) await deleteSessionBySecret(tx, secretHash(old));
  await deleteOldSessions(tx, { now, idleSince: idleSince(ctx, now) });
  const secret = randomSecret();
  const lifeMs = ctx.settings().session_hours * HOUR;
  await insertSession(tx, {
    id: newId(toMs(now)),
    secret_hash: secretHash(secret),
    user_id: of.userId,
    address: of.origin.ip.slice(0, 60),
    agent: of.origin.agent.slice(0, 200).toWellFormed().replaceAll('\u0000', ''),
    created_at: now,
    last_seen_at: now,
    expires_at: addMs(now, lifeMs),
    provider: of.provider?.id ?? null,
    id_token: of.provider ? sealed(secret, ID_TOKEN, of.provider.idToken) : null,
  });
  return sessionCookie(ctx.site(), secret, lifeMs / 1000);
}

/** Whatever ends sessions and whatever opens one wait for each other, or a session could outlive its end. */
export async function lockUser(tx: Tx, id: string): Promise<void> {
  await tx.lock(`auth.user.${id}`);
}

export function userActor(user: { id: string; name: string; role: UserRow['role'] }): Actor {
  return { kind: 'user', id: user.id, name: user.name, role: user.role };
}

async function refuse(ctx: AuthContext, user: UserRow | undefined, origin: Origin): Promise<Refusal> {
  ctx.signIn('wrong');
  await auditSignIn(ctx, 'auth.sign_in_failed', user, origin);
  return new Refusal('unauthenticated', (words) => words.wrongSignIn);
}

/** What was typed as the name is not written down: people type passwords there. */
async function auditSignIn(ctx: AuthContext, action: string, user: UserRow | undefined, origin: Origin): Promise<void> {
  await ctx.db.write((tx) =>
    emitAudit(tx, {
      at: ctx.clock.now(),
      actor: ANONYMOUS,
      action,
      subject: user ? `user:${user.name}` : 'user:unknown',
      details: { address: origin.ip },
    }),
  );
}
