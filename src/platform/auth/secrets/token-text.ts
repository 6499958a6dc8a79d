import { randomText, secretHash } from './random-secret.ts';

const TOKEN = /^sbx_([a-z2-7]{8})_([a-z2-7]{52})$/;

/** A new API token: what its owner is shown once, and what is kept. */
export function newTokenText(): { token: string; prefix: string; hash: string } {
  const prefix = randomText(5);
  const secret = randomText(32);
  return { token: `sbx_${prefix}_${secret}`, prefix, hash: secretHash(secret) };
}

/** The parts of a token, null when it cannot be one. */
export function parseToken(text: string): { prefix: string; hash: string } | null {
  const [, prefix, secret] = TOKEN.exec(text) ?? [];
  return prefix === undefined || secret === undefined ? null : { prefix, hash: secretHash(secret) };
}
