import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS } from '../../core/index.ts';
import type { Kept, Rendered } from './page-cache.ts';
import type { Parts } from './server.ts';
import { visitOf } from './visit.ts';
import type { Answer, Visit } from './web.ts';

/** A visitor without session, token or notice: everybody gets the same bytes. */
export function isPlainAnonymous(request: FastifyRequest): boolean {
  if (request.headers.authorization !== undefined) return false;
  const { cookie } = request.headers;
  if (cookie === undefined) return true;
  return !/(^|;\s*)(__Host-)?signalbox(_session|_notice)?=/.test(cookie);
}

/** The kept bytes of a public page or file, rendered when there are none or the journal has moved. */
export async function sendCached(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (visit: Visit) => Promise<Rendered>,
): Promise<unknown> {
  const { options: http, pages, limiter } = parts;
  const visit = visitOf(request, { actor: ANONYMOUS }, http);
  const query = [...visit.query].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const key = JSON.stringify([visit.path, query, visit.language, visit.theme]);
  const after = request.headers['x-signalbox-after'];
  const render = () => {
    if (visit.query.size > 0) limiter.take('page', visit.ip, http.limits.pages);
    return make(visit);
  };
  const { kept, stale } = await pages.get(key, render, typeof after === 'string' ? after.slice(0, 80) : undefined);
  reply.code(kept.status).headers(kept.headers).type(kept.type);
  if (!kept.headers['cache-control']) reply.header('cache-control', 'no-cache');
  reply.header('vary', 'Accept-Encoding, Accept-Language, Cookie');
  if (stale) return sendStale(parts, reply, visit, kept);
  return sendKept(request, reply, kept);
}

function sendStale(parts: Parts, reply: FastifyReply, visit: Visit, kept: Kept): unknown {
  reply.header('warning', '110 - "Response is Stale"').header('x-signalbox-as-of', kept.at);
  if (!kept.type.startsWith('text/html')) return reply.send(kept.plain);
  const notice = parts.options.staleNotice(visit, kept.at).toString();
  return reply.send(kept.plain.toString('utf8').replace('<!--stale-->', () => notice));
}

function sendKept(request: FastifyRequest, reply: FastifyReply, kept: Kept): unknown {
  const accepted = request.headers['accept-encoding'] ?? '';
  const [encoding, bytes] =
    kept.brotli && /\bbr\b/.test(accepted)
      ? (['br', kept.brotli] as const)
      : kept.gzip && /\bgzip\b/.test(accepted)
        ? (['gzip', kept.gzip] as const)
        : (['', kept.plain] as const);
  const etag = encoding === '' ? `"${kept.etag}"` : `"${kept.etag}-${encoding}"`;
  reply.header('etag', etag);
  if (kept.status === 200 && matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== '') reply.header('content-encoding', encoding);
  return reply.send(bytes);
}

/** RFC 9110 §13.1.2, weak comparison. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** An answer made for this request alone, with its ETag. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): unknown {
  reply
    .code(answer.status ?? 200)
    .type(answer.type)
    .headers(answer.headers ?? {});
  if (!answer.headers?.['cache-control']) reply.header('cache-control', 'private, no-cache');
  if (answer.etag !== false && request.method === 'GET') {
    const etag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', etag);
    if ((answer.status ?? 200) === 200 && matches(request.headers['if-none-match'], etag))
      return reply.code(304).send();
  }
  return reply.send(answer.body);
}
