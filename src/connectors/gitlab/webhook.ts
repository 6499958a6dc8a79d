import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, MINUTE, SECOND, toMs } from '../../core/index.ts';

export type HookHeaders = Readonly<Record<string, string | undefined>>;

export interface HookSecrets {
  /** What GitLab calls the secret token, sent back to us as it is. */
  token?: string | undefined;
  /** What GitLab calls the signing token: `whsec_…`. Once set, a delivery without a good signature is refused. */
  signingToken?: string | undefined;
}

/** A signed delivery older or newer than this is a replay or a broken clock. */
const TOLERANCE = 5 * MINUTE;

/**
 * Null: the delivery is GitLab's. Else why it is not, in words for the log. With a body of `null`, which is not read
 * yet, what only the body can show is let pass.
 */
export function hookRefusal(
  headers: HookHeaders,
  body: Uint8Array | null,
  secrets: HookSecrets,
  now: Instant,
): string | null {
  if (secrets.signingToken !== undefined) return signatureRefusal(headers, body, secrets.signingToken, now);
  if (secrets.token === undefined) return 'no hook secret is configured';
  const sent = headers['x-gitlab-token'];
  if (sent === undefined) return 'the secret token is missing';
  return equal(sent, secrets.token) ? null : 'the secret token is wrong';
}

/**
 * Names one event, the same for a delivery that GitLab sends again. Versions that send no key repeat at least the bytes;
 * its kind, object and time alone would take two changes of one second, or two events we cannot read, for one.
 */
export function deliveryKey(headers: HookHeaders, body: Uint8Array): string {
  const key = headers['webhook-id'] ?? headers['idempotency-key'];
  const hash = createHash('sha256');
  if (key !== undefined) return hash.update(`key ${key}`).digest('base64url');
  return hash
    .update(`event ${headers['x-gitlab-event-uuid'] ?? ''}\n`)
    .update(body)
    .digest('base64url');
}

export function isSigningToken(text: string): boolean {
  return keyOf(text) !== null;
}

/** Signs as GitLab does. For tools and tests that play GitLab. */
export function signDelivery(signingToken: string, id: string, timestamp: string, body: Uint8Array): string {
  const mac = createHmac('sha256', keyOf(signingToken) ?? '')
    .update(`${id}.${timestamp}.`)
    .update(body);
  return `v1,${mac.digest('base64')}`;
}

function signatureRefusal(
  headers: HookHeaders,
  body: Uint8Array | null,
  signingToken: string,
  now: Instant,
): string | null {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (id === undefined || timestamp === undefined || signatures === undefined) return 'the signature is missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is not a number';
  if (body === null) return null;
  const expected = signDelivery(signingToken, id, timestamp, body);
  // Every signature is looked at, so that the time taken does not tell which one was right.
  const good = signatures.split(' ').filter((signature) => equal(signature, expected));
  if (good.length === 0) return 'the signature is wrong';
  const age = Math.abs(toMs(now) - Number(timestamp) * SECOND);
  return age > TOLERANCE ? 'the timestamp is more than 5 minutes away from our time' : null;
}

function keyOf(signingToken: string): Buffer | null {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(signingToken);
  const key = Buffer.from(match?.[1] ?? '', 'base64');
  return key.length >= 16 ? key : null;
}

/** Compares digests, so that neither content nor length shows in the time taken. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
