import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** `webhook-signature` of a delivery: HMAC-SHA256 over `<id>.<timestamp>.<body>` with the token's key (Standard Webhooks). */
export function signWebhook(signingToken: string, message: { id: string; timestamp: number; body: string }): string {
  const key = signingToken.startsWith(PREFIX) ? signingToken.slice(PREFIX.length) : signingToken;
  const text = `${message.id}.${message.timestamp}.${message.body}`;
  return `v1,${createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')}`;
}

/** GitLab wants 32 bytes behind `whsec_`. */
export function isSigningToken(text: string): boolean {
  return text.startsWith(PREFIX) && Buffer.from(text.slice(PREFIX.length), 'base64').length === 32;
}
