import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derived } from './random-secret.ts';

/** What the token that a session keeps for signing out is sealed for. */
export const ID_TOKEN = 'id token';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text that only the holder of `key` can read again (AES-256-GCM). */
export function sealed(key: string, purpose: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(key, purpose), nonce);
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url');
}

/** Null when it was sealed with another key, for another purpose, or altered. */
export function unsealed(key: string, purpose: string, kept: string): string | null {
  const bytes = Buffer.from(kept, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', keyFor(key, purpose), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function keyFor(key: string, purpose: string): Buffer {
  return Buffer.from(derived(key, purpose), 'base64url');
}
