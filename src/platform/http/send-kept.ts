import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS } from '../../core/index.ts';
import { countMade } from './count-made.ts';
import { heardOf } from './kept-front.ts';
import type { Kept, Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';
import { queryOf, shownTo, visitOf } from './visit.ts';
import type { Visit } from './web.ts';
import { encodedFor, writeEncoded } from './write-kept.ts';

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
  const ready = parts.pages.peek(key, after);
  if (ready) return send(parts, { request, reply, known }, { key, query, kept: ready });
  const steady = query === '' && isSteady(request);
  const render = () => make(withQuery(visitOf(request, { actor: ANONYMOUS }, parts.options), known));
  const mayBeNothing = query === '' && !steady && !parts.pages.isThere(key);
  const found = async (rendering: () => Promise<Rendered>) => await parts.pages.get(key, rendering, { after, steady });
  const isCounted = (query !== '' || mayBeNothing) && !parts.pages.isUnderWay(key);
  const { kept, stale } = isCounted
    ? await countMade(parts, request, { render, found, onlyMissing: mayBeNothing })
    : await found(render);
  if (stale) return send(parts, { request, reply, known }, { key: null, query, kept: staleForm(parts, request, kept) });
  return send(parts, { request, reply, known }, { key, query, kept });
}

interface Sent {
  /** Under which the bytes are kept; null: they are sent this once. */
  key: string | null;
  query: string;
  kept: Kept;
}

async function send(parts: Parts, { request, reply }: Asked, { key, query, kept }: Sent): Promise<FastifyReply> {
  const encoded = await encodedFor(request.raw, kept, parts.options.site);
  // Only as it is written shortest: whatever else may stand in a query, there is no end of it.
  if (key !== null && kept.status === 200 && request.url === pathOf(request.url) + asQuery(query)) {
    parts.front.remember(request.raw, { key, route: request.routeOptions.url ?? '' });
  }
  reply.hijack();
  writeEncoded({ request: request.raw, response: reply.raw, id: request.id }, kept, encoded);
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
  return pathOf(request.url) === request.routeOptions.url;
}

/** Path, query, language and theme: all that the bytes depend on. */
function keyOf(request: FastifyRequest, query: string): string {
  const { language, theme } = shownTo(request);
  return `${language} ${theme} ${pathOf(request.url)}${asQuery(query)}`;
}

function pathOf(url: string): string {
  return url.replace(/\?.*$/s, '');
}

function asQuery(query: string): string {
  return query === '' ? '' : `?${query}`;
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
