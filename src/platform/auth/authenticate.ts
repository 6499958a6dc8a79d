import { type Actor, ANONYMOUS, AppError, MINUTE, SCOPES, type Scope, toMs } from '../../core/index.ts';
import type { Authenticated } from '../http/index.ts';
import { mayUsePassword } from './actions/login.ts';
import { type AuthContext, idleSince } from './context.ts';
import { type Cookies, sessionSecret } from './cookies.ts';
import { jwtActor, looksLikeJwt } from './oidc/jwt-actor.ts';
import { tokenState } from './rules/token-state.ts';
import { derived, sameText, secretHash } from './secrets/random-secret.ts';
import { parseToken } from './secrets/token-text.ts';
import { type LiveSession, sessionBySecret, touchSession } from './store/session-store.ts';
import { tokenByPrefix, touchToken } from './store/token-store.ts';

/**
 * Who sends a request: a token if there is one (never the cookie beside it), else the session of the cookie. One read;
 * the time of the last use is noted at most once a minute and nobody waits for it.
 */
export async function authenticate(
  ctx: AuthContext,
  credentials: { cookies: Cookies; authorization?: string },
): Promise<Authenticated> {
  // Other schemes are not ours: a proxy in front may ask for a password of its own.
  const bearer = /^bearer(?:\s+(.*))?$/i.exec(credentials.authorization?.trim() ?? '');
  if (bearer) return { actor: await bearerActor(ctx, (bearer[1] ?? '').trim()) };
  const secret = sessionSecret(ctx.site(), credentials.cookies);
  if (secret === null) return { actor: ANONYMOUS };
  const session = await sessionBySecret(ctx.db, secretHash(secret));
  const now = ctx.clock.now();
  if (!session || session.expires_at <= now || session.last_seen_at <= idleSince(ctx, now)) return { actor: ANONYMOUS };
  if (!isStillOffered(ctx, session)) return { actor: ANONYMOUS };
  if (toMs(now) - toMs(session.last_seen_at) >= MINUTE) {
    ctx.background.run(`session ${session.id}`, () => ctx.db.write((tx) => touchSession(tx, session.id, now)));
  }
  return {
    actor: { kind: 'user', id: session.user_id, name: session.name, role: session.role },
    csrfToken: derived(secret, 'csrf'),
    mustChangePassword: session.must_change === 1,
  };
}

/** A way to sign in that the configuration no longer has ends the sessions that came by it. */
function isStillOffered(ctx: AuthContext, session: LiveSession): boolean {
  if (session.provider === null) return mayUsePassword(ctx, session);
  return ctx.providers.find(session.provider)?.issuer === session.issuer;
}

async function bearerActor(ctx: AuthContext, text: string): Promise<Actor> {
  const actor = looksLikeJwt(text) ? await jwtActor(ctx, text) : await tokenActor(ctx, text);
  if (actor !== null) return actor;
  ctx.tokenRefused();
  throw new AppError('unauthenticated', 'This token is not valid: unknown, revoked or expired. Make a new one.');
}

async function tokenActor(ctx: AuthContext, text: string): Promise<Actor | null> {
  const parsed = parseToken(text);
  const row = parsed ? await tokenByPrefix(ctx.db, parsed.prefix) : undefined;
  const now = ctx.clock.now();
  if (!parsed || !row || !sameText(parsed.hash, row.secret_hash) || tokenState(row, now) !== 'active') {
    return null;
  }
  if (row.last_used_at === null || toMs(now) - toMs(row.last_used_at) >= MINUTE) {
    ctx.background.run(`token ${row.id}`, () => ctx.db.write((tx) => touchToken(tx, row.id, now)));
  }
  return { kind: 'token', id: row.id, name: row.name, scopes: scopesOf(row) };
}

/** Words that are no scope any more are left out: an old token never gets more than it says. */
export function scopesOf(row: { scopes: string }): Scope[] {
  return SCOPES.filter((scope) => row.scopes.split(' ').includes(scope));
}
