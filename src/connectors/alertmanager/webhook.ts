import { createHash, timingSafeEqual } from 'node:crypto';

/** Null: whoever sends knows the token. Else why not, in words for the log. */
export function bearerRefusal(authorization: string | undefined, token: string): string | null {
  if (authorization === undefined) return 'there is no Authorization header';
  const sent = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (sent === undefined) return 'the Authorization header holds no bearer token';
  return equal(sent, token) ? null : 'the bearer token is wrong';
}

/** Compares digests, so that neither content nor length shows in the time taken. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
