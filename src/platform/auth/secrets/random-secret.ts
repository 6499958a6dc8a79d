import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `bytes` random bytes in the letters a–z and the digits 2–7: selected with one double click, read out without doubt. */
export function randomText(bytes: number): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of randomBytes(bytes)) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >> bits) & 31] ?? '';
    }
  }
  return bits > 0 ? text + (BASE32[(held << (5 - bits)) & 31] ?? '') : text;
}

/** 256 bits that fit into a cookie or a path. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A password to be read from a terminal once: 100 bits in groups of five. */
export function oneTimePassword(): string {
  const letters = randomText(13).slice(0, 20);
  return letters.replace(/(.{5})(?=.)/g, '$1-');
}

/** What is kept of a random secret. It has 256 bits, so a plain hash cannot be searched backwards. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A value that only the holder of `key` can make, good for one purpose. */
export function derived(key: string, purpose: string): string {
  return createHmac('sha256', key).update(purpose).digest('base64url');
}

/** Compares without telling by its time where the texts differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
