import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS } from '../../core/index.ts';
import { countMissing } from './count-missing.ts';
import { heardOf } from './kept-front.ts';
import type { Kept, Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';
import { queryOf, shownTo, visitOf } from './visit.ts';
import type { Visit } from './web.ts';
import { writeKept } from './write-kept.ts';

/** A visitor without session, token or notice: everybody gets the same bytes. */
export function isPlainAnonymous(request: FastifyRequest): boolean {
  if (request.headers.authorization !== undefined) return false;
  const { cookie } = request.headers;
  if (cookie === undefined) return true;
  return !/(^|;\s*)(__Host-)?signalbox(_session|_notice)?=/.test(cookie);
}

export interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
  /** The parameters that choose the bytes. */
  known: readonly string[];
}

/**
 * The kept bytes of a public page or file, rendered when there are none or the journal has moved. This is the path of
 * everybody at once when something breaks: nothing of the request is looked at that does not choose the bytes.
 */
export async function sendCached(
  parts: Parts,
  { request, reply, known }: Asked,
  make: (visit: Visit) => Promise<Rendered>,
): Promise<unknown> {
  const asked = knownQuery(queryOf(request.url), known);
  // In one order, whatever way they were written.
  asked.sort();
  const query = asked.toString();
  const key = keyOf(request, query);
  const after = heardOf(request.raw);
  parts.front.remember(request.raw, { key, route: request.routeOptions.url ?? '' });
  const ready = parts.pages.peek(key, after);
  if (ready) return send(parts, request, reply, ready);
  const steady = query === '' && isSteady(request);
  const render = async () => {
    if (query !== '') parts.limiter.take('page', request.ip, parts.options.limits.pages);
    const rendering = () => make(withQuery(visitOf(request, { actor: ANONYMOUS }, parts.options), known));
    const mayBeNothing = query === '' && !steady && !parts.pages.isThere(key);
    return mayBeNothing ? await countMissing(parts, request, rendering) : await rendering();
  };
  const wanted = { after, steady };
  const { kept, stale } = await parts.pages.get(key, render, wanted);
  return send(parts, request, reply, stale ? staleForm(parts, request, kept) : kept);
}

async function send(
  { options }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  kept: Kept,
): Promise<FastifyReply> {
  reply.hijack();
  await writeKept(request.raw, reply.raw, { kept, site: options.site });
  return reply;
}

/** The visit as if nothing but the known parameters had been sent. */
export function withQuery(visit: Visit, known: readonly string[]): Visit {
  return { ...visit, query: knownQuery(visit.query, known) };
}

/** Each once. */
function knownQuery(query: URLSearchParams, known: readonly string[]): URLSearchParams {
  const kept = new URLSearchParams();
  for (const [name, value] of query) if (known.includes(name) && !kept.has(name)) kept.set(name, value);
  return kept;
}

/** One of the few addresses that are there however many things there are. */
function isSteady(request: FastifyRequest): boolean {
  return request.url.replace(/\?.*$/s, '') === request.routeOptions.url;
}

/** Path, query, language and theme: all that the bytes depend on. */
function keyOf(request: FastifyRequest, query: string): string {
  const { language, theme } = shownTo(request);
  const path = request.url.replace(/\?.*$/s, '');
  return `${language} ${theme} ${path}${query === '' ? '' : `?${query}`}`;
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
