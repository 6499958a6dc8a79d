import type { IncomingHttpHeaders } from 'node:http';

/** A visitor without session, token or notice: everybody gets the same bytes. */
export function isPlainAnonymous({ authorization, cookie }: IncomingHttpHeaders): boolean {
  if (authorization !== undefined) return false;
  return cookie === undefined || !/(^|;\s*)(__Host-)?signalbox(_session|_notice)?=/.test(cookie);
}
