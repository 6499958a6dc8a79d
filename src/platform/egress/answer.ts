import type { IncomingHttpHeaders } from 'node:http';
import { type Clock, DAY, SECOND, toMs } from '../../core/index.ts';
import type { Target } from './parse-address.ts';

/** What the other side said. A redirect is never among them: it is thrown. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Seconds it asked us to wait. */
  retryAfter?: number;
  /** The beginning of its body on one line, without the address it was sent to, which may be a secret. */
  excerpt: string;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export function toAnswer({ status, headers, body }: RawAnswer, target: Target, clock: Clock): Answer {
  const retryAfter = retryAfterSeconds(headers, clock);
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    ),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    excerpt: excerptOf(body, target.url),
  };
}

const EXCERPT = 200;
const LONGEST_WAIT = DAY / SECOND;

function retryAfterSeconds(headers: IncomingHttpHeaders, clock: Clock): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value), LONGEST_WAIT);
  const until = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  // The moment is in the other side's time, so it is compared with the time of the same answer.
  const answered = Date.parse(headers.date ?? '');
  const now = Number.isNaN(answered) ? toMs(clock.now()) : answered;
  return Math.min(Math.max(0, Math.ceil((until - now) / SECOND)), LONGEST_WAIT);
}

/** Many programs repeat the path in their error page; for chats it is the password. */
function excerptOf(body: Buffer, url: URL): string {
  let text = body.toString('utf8').replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ');
  for (const part of secretParts(url)) text = text.replaceAll(part, '…');
  const line = [...text.trim()];
  return line.length <= EXCERPT ? line.join('') : `${line.slice(0, EXCERPT - 1).join('')}…`;
}

function secretParts(url: URL): string[] {
  const parts = [url.href, url.pathname + url.search, url.pathname, url.search, ...url.pathname.split('/')];
  const values = [...url.searchParams.values()];
  const written = [...parts, ...values].flatMap((part) => [part, decoded(part), JSON.stringify(part).slice(1, -1)]);
  // Short parts are words such as `hooks`, and are no secrets.
  return written.filter((part) => part.length > 5).sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
