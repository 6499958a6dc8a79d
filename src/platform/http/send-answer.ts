import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from './web.ts';

/** RFC 9110 §13.1.2, weak comparison. */
export function matches(header: string | undefined, etag: string): boolean {
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
  if (answer.etag !== false && (request.method === 'GET' || request.method === 'HEAD')) {
    const etag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', etag);
    if ((answer.status ?? 200) === 200 && matches(request.headers['if-none-match'], etag))
      return reply.code(304).send();
  }
  return reply.send(answer.body);
}
