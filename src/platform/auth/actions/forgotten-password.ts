import { ANONYMOUS, addMs, DAY, HOUR, MINUTE } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { AuthContext, PasswordMailer } from '../context.ts';
import { deviceCookie } from '../cookies.ts';
import { addressKey } from '../rules/address-key.ts';
import { emailAddress, folded } from '../rules/names.ts';
import { mistake, Refusal } from '../rules/refusal.ts';
import { hashPassword } from '../secrets/password-hash.ts';
import { randomSecret, secretHash } from '../secrets/random-secret.ts';
import { deleteOldResets, endResetsOf, insertReset, openReset, resetsSince, useUpReset } from '../store/reset-store.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { userByEmail } from '../store/user-read.ts';
import { setPassword } from '../store/user-store.ts';
import { requireGoodPassword } from './change-password.ts';
import { lockUser, type Origin, userActor } from './login.ts';
import { resetMail } from './reset-mail.ts';

const LINK_LIVES_MS = 30 * MINUTE;
const MAILS_PER_ACCOUNT = 3;

/**
 * Mails a link to the account with this address, if there is one. Everything that depends on that happens after the
 * answer, so neither its words nor its time tell who has an account.
 */
export async function requestReset(
  ctx: AuthContext,
  input: { email: string; language: Language },
  ip: string,
): Promise<void> {
  const mailer = ctx.mailer();
  if (mailer === null) throw new Refusal('unavailable', (words) => words.noMail);
  const email = emailAddress(input.email);
  if (email === null) throw mistake('email', (words) => words.noEmail);
  const taken = ctx.attempts.mailsByAddress.take(addressKey(ip));
  if (!taken.allowed) {
    const { retryAfter } = taken;
    throw new Refusal('limit', (words) => words.tooManyMails(Math.ceil(retryAfter / 60)), { retryAfter });
  }
  const started = ctx.background.run(`reset ${randomSecret()}`, () =>
    mailLink(ctx, mailer, { email, language: input.language, ip }),
  );
  if (!started) throw new Refusal('unavailable', (words) => words.tooBusy, { retryAfter: 60 });
}

async function mailLink(
  ctx: AuthContext,
  mailer: PasswordMailer,
  asked: { email: string; language: Language; ip: string },
): Promise<void> {
  const secret = randomSecret();
  const user = await ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    const found = await userByEmail(tx, folded(asked.email));
    if (!found?.email || found.disabled_at !== null) return null;
    await lockUser(tx, found.id);
    await deleteOldResets(tx, addMs(at, -DAY));
    if ((await resetsSince(tx, found.id, addMs(at, -HOUR))) >= MAILS_PER_ACCOUNT) return null;
    const row = { secret_hash: secretHash(secret), user_id: found.id, created_at: at, used_at: null };
    await insertReset(tx, { ...row, expires_at: addMs(at, LINK_LIVES_MS) });
    const subject = `user:${found.name}`;
    const details = { address: asked.ip };
    await emitAudit(tx, { at, actor: ANONYMOUS, action: 'auth.password_link_requested', subject, details });
    return { name: found.name, email: found.email };
  });
  if (user === null) return;
  const link = `${ctx.site().publicUrl}/reset/${secret}`;
  await mailer.send(resetMail(asked.language, { user, link, site: ctx.site() }));
}

/** Whose link this is; null when it is used, expired or was never ours. Looking at it does not use it up. */
export async function resetOwner(ctx: AuthContext, secret: string): Promise<{ name: string } | null> {
  return (await openReset(ctx.db, secretHash(secret), ctx.clock.now())) ?? null;
}

/** Sets a new password by a mailed link, uses it up, and ends all sessions. The browser is known from now on. */
export async function usePasswordLink(
  ctx: AuthContext,
  input: { secret: string; next: string },
  origin: Origin,
): Promise<{ cookies: string[] }> {
  const hashed = secretHash(input.secret);
  const owner = await openReset(ctx.db, hashed, ctx.clock.now());
  if (!owner) throw linkIsOver();
  requireGoodPassword(input.next, owner);
  const hash = await hashPassword(input.next);
  await ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    await lockUser(tx, owner.userId);
    const still = await openReset(tx, hashed, at);
    if (!still || !(await useUpReset(tx, hashed, at))) throw linkIsOver();
    await setPassword(tx, owner.userId, { hash, mustChange: false, at });
    await endResetsOf(tx, owner.userId, at);
    const sessions = await deleteSessionsOf(tx, owner.userId);
    const actor = userActor({ id: owner.userId, name: owner.name, role: owner.role });
    const details = { address: origin.ip, sessions };
    const subject = `user:${owner.name}`;
    await emitAudit(tx, { at, actor, action: 'auth.password_renewed_by_mail', subject, details });
  });
  return { cookies: [deviceCookie(ctx.site(), { id: owner.userId, password_hash: hash })] };
}

function linkIsOver(): Refusal {
  return new Refusal('not_found', (words) => words.linkOver);
}
