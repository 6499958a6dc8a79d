import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { type Actor, AppError, type Scope, toMs } from '../../../core/index.ts';
import type { Provider } from '../../config/index.ts';
import { accountFor, type ProviderUser } from '../actions/provider-account.ts';
import type { AuthContext } from '../context.ts';
import { type Claims, displayName, standingOf } from '../rules/provider-claims.ts';
import { userByIdentity } from '../store/provider-user-store.ts';
import { ALGORITHMS, isUnreachable } from './provider-client.ts';

const LONGEST_JWT = 16_384;
/** Seconds by which two clocks may differ. */
const TOLERANCE = 30;
/** A logout token, say, is signed by the same key for the same audience, and no proof of who sends it. */
const TYPES: readonly unknown[] = [undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt'];
const LEGACY_SCOPES: readonly Scope[] = ['signals:write'];

export function looksLikeJwt(text: string): boolean {
  return /^[\w-]{4,}\.[\w-]+\.[\w-]*$/.test(text);
}

/** Who a JWT stands for: the predecessor's programs, or a person of a provider. Null when it is not good. */
export async function jwtActor(ctx: AuthContext, text: string): Promise<Actor | null> {
  const header = text.length <= LONGEST_JWT ? part(text, 0) : null;
  const payload = header === null ? null : part(text, 1);
  if (header === null || payload === null) return null;
  // The header only chooses whom to ask: each of them pins its own algorithms and key.
  return header['alg'] === 'HS256' ? legacyActor(ctx, text) : providerActor(ctx, text, { header, payload });
}

async function legacyActor(ctx: AuthContext, text: string): Promise<Actor | null> {
  const legacy = ctx.settings().legacy_tokens;
  if (!legacy) return null;
  const requiredClaims = legacy.require_expiry ? ['exp'] : [];
  const key = new TextEncoder().encode(legacy.secret);
  const payload = await verified(ctx, text, key, { algorithms: ['HS256'], requiredClaims });
  if (payload === null || !Object.hasOwn(payload, legacy.payload_key) || !payload[legacy.payload_key]) return null;
  return { kind: 'token', id: 'legacy', name: 'legacy', scopes: LEGACY_SCOPES };
}

async function providerActor(
  ctx: AuthContext,
  text: string,
  unchecked: { header: Claims; payload: Claims },
): Promise<Actor | null> {
  const { iss, aud } = unchecked.payload;
  if (!TYPES.includes(unchecked.header['typ'])) return null;
  const provider = ctx.providers
    .all()
    .find(({ api_tokens, issuer, client_id }) => api_tokens && issuer === iss && [aud].flat().includes(client_id));
  if (!provider) return null;
  const client = await ctx.providers.client(provider).catch(() => away(provider));
  const claims = await verified(ctx, text, client.keys, {
    algorithms: [...ALGORITHMS],
    issuer: provider.issuer,
    audience: provider.client_id,
    requiredClaims: ['exp', 'sub'],
  });
  if (!claims?.sub || Object.hasOwn(claims, 'events')) return null;
  if (Object.hasOwn(claims, 'azp') && claims['azp'] !== provider.client_id) return null;
  return await personActor(ctx, provider, { subject: claims.sub, claims });
}

async function personActor(
  ctx: AuthContext,
  provider: Provider,
  { subject, claims }: { subject: string; claims: Claims },
): Promise<Actor | null> {
  const { role } = standingOf(provider, claims);
  const name = displayName(provider, claims);
  // Known but without a role: may read what is public and is told 403, not 401, where it wants more.
  if (role === null)
    return { kind: 'token', id: `${provider.id} ${subject}`, name: `${name} (${provider.id})`, scopes: [] };
  const known: ProviderUser | undefined = await userByIdentity(ctx.db, { issuer: provider.issuer, subject });
  const user = known ?? (await ctx.db.write((tx) => accountFor(tx, ctx.clock, { provider, subject, name, role })));
  if (user.disabled_at !== null) return null;
  // The role is the token's: the account keeps that of the last sign-in.
  return { kind: 'user', id: user.id, name: user.name, role };
}

async function verified(
  ctx: AuthContext,
  text: string,
  key: Uint8Array | Awaited<ReturnType<AuthContext['providers']['client']>>['keys'],
  options: JWTVerifyOptions,
): Promise<JWTPayload | null> {
  const { jwtVerify } = await import('jose');
  const currentDate = new Date(toMs(ctx.clock.now()));
  const all = { ...options, currentDate, clockTolerance: TOLERANCE };
  try {
    const { payload } = key instanceof Uint8Array ? await jwtVerify(text, key, all) : await jwtVerify(text, key, all);
    return payload;
  } catch (error) {
    if (isUnreachable(error)) throw new AppError('unavailable', AWAY, { retryAfter: 10, cause: error });
    return null;
  }
}

const AWAY = 'The sign-in provider that vouches for this token does not answer. Try again later.';

function away(provider: Provider): never {
  throw new AppError('unavailable', AWAY, { retryAfter: 10, cause: new Error(provider.id) });
}

/** One of the first two parts, before anything is checked; null when it is not an object. */
function part(text: string, at: 0 | 1): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text.split('.')[at] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}
