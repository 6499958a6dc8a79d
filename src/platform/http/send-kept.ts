import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS } from '../../core/index.ts';
import type { SiteConfig } from '../config/index.ts';
import { COMPRESS, type Encoding, encodingFor } from './compression.ts';
import type { Kept, Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';
import { securityHeaders } from './security-headers.ts';
import { matches } from './send-answer.ts';
import { shownTo, visitOf } from './visit.ts';
import type { Visit } from './web.ts';

/** A visitor without session, token or notice: everybody gets the same bytes. */
export function isPlainAnonymous(request: FastifyRequest): boolean {
  if (request.headers.authorization !== undefined) return false;
  const { cookie } = request.headers;
  if (cookie === undefined) return true;
  return !/(^|;\s*)(__Host-)?signalbox(_session|_notice)?=/.test(cookie);
}

/**
 * The kept bytes of a public page or file, rendered when there are none or the journal has moved. This is the path of
 * everybody at once when something breaks: nothing of the request is looked at that does not choose the bytes.
 */
export async function sendCached(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (visit: Visit) => Promise<Rendered>,
): Promise<unknown> {
  const key = keyOf(request);
  const sent = request.headers['x-signalbox-after'];
  const after = typeof sent === 'string' ? sent.slice(0, 80) : undefined;
  const ready = parts.pages.peek(key, after);
  if (ready) return writeKept(parts, request, reply, ready);
  const { kept, stale } = await parts.pages.get(key, () => renderFor(parts, request, make), after);
  return writeKept(parts, request, reply, stale ? staleForm(parts, request, kept) : kept);
}

function renderFor(
  { options, limiter }: Parts,
  request: FastifyRequest,
  make: (visit: Visit) => Promise<Rendered>,
): Promise<Rendered> {
  if (request.url.includes('?')) limiter.take('page', request.ip, options.limits.pages);
  return make(visitOf(request, { actor: ANONYMOUS }, options));
}

/** Path, query in any order, language and theme: all that the bytes depend on. */
function keyOf(request: FastifyRequest): string {
  const { language, theme } = shownTo(request);
  const at = request.url.indexOf('?');
  if (at < 0) return `${language} ${theme} ${request.url}`;
  const query = new URLSearchParams(request.url.slice(at + 1));
  query.sort();
  return `${language} ${theme} ${request.url.slice(0, at)}?${query.toString()}`;
}

interface Variant {
  headers: OutgoingHttpHeaders;
  bytes: Buffer;
  etag: string;
}

/** Made for the first who asks; a promise while it is being made, so that the others wait for the same one. */
const variants = new WeakMap<Kept, Map<Encoding, Variant | Promise<Variant>>>();

function variantOf(kept: Kept, encoding: Encoding, site: SiteConfig): Variant | Promise<Variant> {
  const all = variants.get(kept) ?? new Map<Encoding, Variant | Promise<Variant>>();
  variants.set(kept, all);
  const known = all.get(encoding);
  if (known) return known;
  const made = COMPRESS[encoding](kept.plain).then((bytes) => {
    const variant = describeVariant(kept, encoding, bytes, site);
    all.set(encoding, variant);
    return variant;
  });
  all.set(encoding, made);
  return made;
}

function describeVariant(kept: Kept, encoding: Encoding, bytes: Buffer, site: SiteConfig): Variant {
  const etag = encoding === 'identity' ? `"${kept.etag}"` : `"${kept.etag}-${encoding}"`;
  const headers = {
    ...Object.fromEntries(securityHeaders(site)),
    'cache-control': 'no-cache',
    ...kept.headers,
    'content-type': kept.type,
    vary: 'Accept-Encoding, Accept-Language, Cookie',
    etag,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  return { headers, bytes, etag };
}

/** Past Fastify's own sending: the headers are made once per rendering, not once per request. */
async function writeKept(
  { options }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  kept: Kept,
): Promise<unknown> {
  const encoding = encodingFor(request.headers['accept-encoding']?.toString(), kept.type, kept.plain.length);
  const found = variantOf(kept, encoding, options.site());
  const variant = found instanceof Promise ? await found : found;
  reply.hijack();
  if (kept.status === 200 && matches(request.headers['if-none-match'], variant.etag)) {
    reply.raw.writeHead(304, variant.headers).end();
    return reply;
  }
  reply.raw.writeHead(kept.status, { ...variant.headers, 'content-length': variant.bytes.length });
  reply.raw.end(request.method === 'HEAD' ? undefined : variant.bytes);
  return reply;
}

/** The same bytes with the line that says from when they are; made once, since everybody gets them now. */
const staleForms = new WeakMap<Kept, Kept>();

function staleForm({ options }: Parts, request: FastifyRequest, kept: Kept): Kept {
  const known = staleForms.get(kept);
  if (known) return known;
  const headers = {
    ...kept.headers,
    'cache-control': 'no-store',
    warning: '110 - "Response is Stale"',
    'x-signalbox-as-of': kept.at,
  };
  const made: Kept = { ...kept, headers, etag: `${kept.etag}-stale` };
  if (kept.type.startsWith('text/html')) {
    const notice = options.staleNotice(visitOf(request, { actor: ANONYMOUS }, options), kept.at).toString();
    made.plain = Buffer.from(kept.plain.toString('utf8').replace('<!--stale-->', () => notice));
  }
  staleForms.set(kept, made);
  return made;
}
