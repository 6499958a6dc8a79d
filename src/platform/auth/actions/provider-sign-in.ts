import { ANONYMOUS } from '../../../core/index.ts';
import { emitAudit } from '../../audit/index.ts';
import type { Provider } from '../../config/index.ts';
import type { AuthContext } from '../context.ts';
import { flowCookie, flowCookieIn } from '../cookies.ts';
import { beginFlow, FLOW_SECONDS, type Flow, oldestFlow, resumeFlow } from '../oidc/flow-cookie.ts';
import { isUnreachable, type ProviderClient, reasonOf } from '../oidc/provider-client.ts';
import { addressKey } from '../rules/address-key.ts';
import { type Claims, displayName, lacksClaims, standingOf } from '../rules/provider-claims.ts';
import { tooMany } from '../rules/refusal.ts';
import { secretHash } from '../secrets/random-secret.ts';
import { deleteOldStates, userByIdentity, useUpState } from '../store/provider-user-store.ts';
import { deleteSessionsOf } from '../store/session-store.ts';
import { lockUser, type Origin, openSession, userActor } from './login.ts';
import { accountFor } from './provider-account.ts';

const LONGEST_HINT = 6000;

/** Why nobody was signed in, each with a page of its own words. */
export type ProviderProblem =
  /** The answer belongs to no sign-in that this browser began, or to one too long ago. */
  | 'no_flow'
  | 'unreachable'
  /** The person or the provider said no. */
  | 'declined'
  /** What came does not stand up to the checks. */
  | 'rejected'
  | 'no_role'
  | 'not_in_group'
  | 'disabled';

export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly problem: ProviderProblem;

  constructor(problem: ProviderProblem, options: { cause?: unknown } = {}) {
    super(`sign-in with a provider: ${problem}`, options);
    this.problem = problem;
  }
}

/** Where to send the browser, and the cookie that binds what comes back to it. */
export async function beginSignIn(
  ctx: AuthContext,
  provider: Provider,
  returnTo: string,
): Promise<{ location: string; cookie: string }> {
  const { openid, configuration } = await clientOf(ctx, provider);
  const { cookie, flow } = beginFlow({ provider: provider.id, returnTo, now: ctx.clock.now() });
  const location = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackUrl(ctx, provider),
    scope: provider.scopes.join(' '),
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: flow.challenge,
    code_challenge_method: 'S256',
  });
  return { location: location.href, cookie: flowCookie(ctx.site(), cookie, FLOW_SECONDS) };
}

/** Checks what the provider sent the browser back with, and starts a session with a new id. */
export async function finishSignIn(
  ctx: AuthContext,
  provider: Provider,
  answer: { query: URLSearchParams; origin: Origin },
): Promise<{ cookies: string[]; returnTo: string }> {
  const { query, origin } = answer;
  const of = { provider: provider.id, state: query.get('state') ?? '', now: ctx.clock.now() };
  const flow = resumeFlow(flowCookieIn(ctx.site(), origin.cookies), of);
  if (flow === null) {
    ctx.signIn('wrong');
    throw new ProviderRefusal('no_flow');
  }
  const key = addressKey(origin.ip);
  const taken = ctx.attempts.answers.take(key);
  if (!taken.allowed) throw tooMany(taken.retryAfter);
  try {
    const session = await signedIn(ctx, provider, { flow, query, origin });
    ctx.attempts.answers.giveBack(key);
    ctx.signIn('ok');
    return { cookies: [session, noFlowCookie(ctx)], returnTo: flow.returnTo };
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    ctx.signIn('wrong');
    await noteRefusal(ctx, provider, { error, address: origin.ip });
    throw error;
  }
}

/** `Set-Cookie` that ends the flow, whatever came of it. */
export function noFlowCookie(ctx: AuthContext): string {
  return flowCookie(ctx.site(), '', 0);
}

/** Where to sign out at the provider itself; null when it offers nothing or does not answer. */
export async function endSessionUrl(
  ctx: AuthContext,
  from: { provider: string; idToken: string | null },
): Promise<string | null> {
  const provider = ctx.providers.find(from.provider);
  if (!provider?.end_session) return null;
  const client = await ctx.providers.client(provider).catch(() => null);
  if (client?.configuration.serverMetadata().end_session_endpoint === undefined) return null;
  const { idToken } = from;
  // One with hundreds of groups would make an address that servers refuse; without it the provider asks the person.
  const hint: Record<string, string> =
    idToken === null || idToken.length > LONGEST_HINT ? {} : { id_token_hint: idToken };
  return client.openid.buildEndSessionUrl(client.configuration, {
    post_logout_redirect_uri: `${ctx.site().publicUrl}/login`,
    ...hint,
  }).href;
}

function callbackUrl(ctx: AuthContext, { id }: Provider): string {
  return `${ctx.site().publicUrl}/auth/${id}`;
}

async function clientOf(ctx: AuthContext, provider: Provider): Promise<ProviderClient> {
  try {
    return await ctx.providers.client(provider);
  } catch (cause) {
    throw new ProviderRefusal('unreachable', { cause });
  }
}

interface Answered {
  flow: Flow;
  query: URLSearchParams;
  origin: Origin;
}

async function signedIn(ctx: AuthContext, provider: Provider, answered: Answered): Promise<string> {
  const client = await clientOf(ctx, provider);
  const { claims, idToken } = await exchanged(ctx, provider, client, answered);
  const subject = String(claims['sub']);
  const { role, problem } = standingOf(provider, claims);
  if (role === null) {
    await endSessions(ctx, provider, subject);
    throw new ProviderRefusal(problem);
  }
  const { flow, origin } = answered;
  return await ctx.db.write(async (tx) => {
    const at = ctx.clock.now();
    await deleteOldStates(tx, oldestFlow(at));
    if (!(await useUpState(tx, secretHash(flow.state), at))) throw new ProviderRefusal('no_flow');
    const user = await accountFor(tx, ctx.clock, { provider, subject, name: displayName(provider, claims), role });
    if (user.disabled_at !== null) throw new ProviderRefusal('disabled');
    const cookie = await openSession(ctx, tx, { userId: user.id, origin, provider: { id: provider.id, idToken } });
    const details = { address: origin.ip, provider: provider.id };
    const entry = { at, actor: userActor(user), action: 'auth.signed_in', subject: `user:${user.name}`, details };
    await emitAudit(tx, entry);
    return cookie;
  });
}

/** The code for the claims: issuer, audience, times, nonce, algorithm and signature are checked by the library. */
async function exchanged(
  ctx: AuthContext,
  provider: Provider,
  { openid, configuration }: ProviderClient,
  { flow, query }: Answered,
): Promise<{ claims: Claims; idToken: string }> {
  // Made from our own address: what the Host header says decides nothing.
  const url = new URL(callbackUrl(ctx, provider));
  url.search = query.toString();
  try {
    const tokens = await openid.authorizationCodeGrant(configuration, url, {
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      pkceCodeVerifier: flow.verifier,
      idTokenExpected: true,
    });
    const claims: Claims = { ...tokens.claims() };
    const { sub, azp = provider.client_id } = claims;
    if (typeof sub !== 'string' || sub === '' || azp !== provider.client_id || tokens.id_token === undefined) {
      throw new ProviderRefusal('rejected', { cause: new Error('The id token is not made out to us (sub, azp).') });
    }
    const asks = lacksClaims(provider, claims) && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = asks ? await openid.fetchUserInfo(configuration, tokens.access_token, sub) : {};
    // What is signed counts before what is not.
    return { claims: { ...more, ...claims }, idToken: tokens.id_token };
  } catch (cause) {
    if (cause instanceof ProviderRefusal) throw cause;
    if (isUnreachable(cause)) throw new ProviderRefusal('unreachable', { cause });
    throw new ProviderRefusal(cause instanceof openid.AuthorizationResponseError ? 'declined' : 'rejected', { cause });
  }
}

/** Who has no role there any more has none here either, in no browser. */
async function endSessions(ctx: AuthContext, provider: Provider, subject: string): Promise<void> {
  const user = await userByIdentity(ctx.db, { issuer: provider.issuer, subject });
  if (!user) return;
  await ctx.db.write(async (tx) => {
    await lockUser(tx, user.id);
    await deleteSessionsOf(tx, user.id);
  });
}

async function noteRefusal(
  ctx: AuthContext,
  provider: Provider,
  { error, address }: { error: ProviderRefusal; address: string },
): Promise<void> {
  const { problem, cause } = error;
  ctx.log.warn({ provider: provider.id, problem, reason: reasonOf(cause) }, 'sign-in with a provider refused');
  await ctx.db.write((tx) =>
    emitAudit(tx, {
      at: ctx.clock.now(),
      actor: ANONYMOUS,
      action: 'auth.sign_in_failed',
      subject: 'user:unknown',
      details: { address, provider: provider.id, problem },
    }),
  );
}
