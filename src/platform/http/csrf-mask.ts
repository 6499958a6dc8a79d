import { randomBytes } from 'node:crypto';

/**
 * The token is written differently on every page, so that compressing it beside reflected input tells nothing (BREACH):
 * random bytes, then the token XOR those bytes.
 */
export function maskCsrf(token: string): string {
  const plain = Buffer.from(token, 'utf8');
  const mask = randomBytes(plain.length);
  return Buffer.concat([mask, xor(plain, mask)]).toString('base64url');
}

/** The token of a sent field; empty when it cannot be one. */
export function unmaskCsrf(sent: unknown): string {
  if (typeof sent !== 'string' || sent.length > 1000) return '';
  const bytes = Buffer.from(sent, 'base64url');
  const half = bytes.length / 2;
  return Number.isInteger(half) ? xor(bytes.subarray(half), bytes.subarray(0, half)).toString('utf8') : '';
}

function xor(bytes: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)));
}
