import { createHash } from 'node:crypto';
import { addMs, type Instant, MINUTE } from '../../../core/index.ts';
import { ownPath } from '../../http/index.ts';
import { derived, randomSecret, sameText } from '../secrets/random-secret.ts';

/** A sign-in that somebody began in this browser and has to end there. */
export interface Flow {
  state: string;
  nonce: string;
  verifier: string;
  challenge: string;
  returnTo: string;
}

const LIVES_MS = 10 * MINUTE;
export const FLOW_SECONDS = LIVES_MS / 1000;
const LONGEST_PATH = 1500;

/**
 * Begins a flow: the text for the browser's cookie, and what goes to the provider. Everything is derived from a secret
 * that stays in the cookie, so nothing is kept here for those who never come back; the state vouches for the provider,
 * the time and the path.
 */
export function beginFlow(of: { provider: string; returnTo: string; now: Instant }): { cookie: string; flow: Flow } {
  const secret = randomSecret();
  const returnTo = of.returnTo.length <= LONGEST_PATH ? ownPath(of.returnTo) : '/';
  const cookie = [secret, Buffer.from(of.now).toString('base64url'), Buffer.from(returnTo).toString('base64url')];
  return { cookie: cookie.join('.'), flow: flowOf(secret, { ...of, returnTo }) };
}

/** The flow of a cookie if the answer belongs to it: this browser, this provider, in time. Null otherwise. */
export function resumeFlow(cookie: string, of: { provider: string; state: string; now: Instant }): Flow | null {
  const [, secret, at = '', path = ''] = /^([\w-]{43})\.([\w-]{1,60})\.([\w-]{1,6000})$/.exec(cookie) ?? [];
  if (secret === undefined) return null;
  const begun = Buffer.from(at, 'base64url').toString();
  const returnTo = ownPath(Buffer.from(path, 'base64url').toString());
  const flow = flowOf(secret, { provider: of.provider, returnTo, now: begun });
  const inTime = begun <= of.now && addMs(of.now, -LIVES_MS) <= begun;
  return sameText(flow.state, of.state) && inTime ? flow : null;
}

/** States older than this belong to no cookie that would be taken. */
export function oldestFlow(now: Instant): Instant {
  return addMs(now, -2 * LIVES_MS);
}

function flowOf(secret: string, of: { provider: string; returnTo: string; now: Instant }): Flow {
  const verifier = derived(secret, 'verifier');
  return {
    state: derived(secret, JSON.stringify(['state', of.provider, of.now, of.returnTo])),
    nonce: derived(secret, 'nonce'),
    verifier,
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    returnTo: of.returnTo,
  };
}
