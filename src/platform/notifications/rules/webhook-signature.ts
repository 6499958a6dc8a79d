import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const KEY_BYTES = 32;

/** A secret of Standard Webhooks 1.0, unlike every other. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString('base64');
}

export interface Signed {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/** One signature per secret, so that a receiver may know the old one or the new one while they change. */
export function webhookSignatures(secrets: readonly string[], { id, timestamp, body }: Signed): string {
  if (secrets.length === 0) throw new Error('A webhook without a secret cannot be signed.');
  return secrets
    .map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ');
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '', 'base64');
  if (key.length < 24 || key.length > 64) throw new Error('A webhook secret is whsec_ and base64 of 24 to 64 bytes.');
  return key;
}
