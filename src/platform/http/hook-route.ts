import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS, AppError } from '../../core/index.ts';
import { JsonBody } from './body.ts';
import { denied } from './denied.ts';
import type { Parts } from './parts.ts';
import { sendAnswer } from './send-answer.ts';
import { visitOf } from './visit.ts';
import type { Answer, HookOptions, RawRequest } from './web.ts';

/** The route of a `Web.hook`: the handler gets the bytes as they came, since signatures are over them. */
export function addHook(
  parts: Parts,
  path: string,
  options: HookOptions,
  handle: (request: RawRequest) => Promise<Answer>,
): void {
  const { app, options: http } = parts;
  const headOf = (request: FastifyRequest) => ({
    ...visitOf(request, { actor: ANONYMOUS }, http),
    headers: request.headers as Record<string, string | undefined>,
  });
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    try {
      options.admit?.(headOf(request));
    } catch (error) {
      throw denied(parts, request, error);
    }
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const body = request.body instanceof JsonBody ? request.body.bytes : Buffer.alloc(0);
    try {
      const given = await handle({ ...headOf(request), body });
      reply.header('cache-control', 'no-store');
      return sendAnswer(request, reply, given);
    } catch (error) {
      throw options.neverLimited ? unlimited(() => denied(parts, request, error)) : denied(parts, request, error);
    }
  };
  const prefixes = new Set([http.site().basePath, ...(options.atRoot === true ? [''] : [])]);
  for (const prefix of prefixes) app.post(prefix + path, { bodyLimit: options.bodyLimit, onRequest }, answer);
}

/** What `look` throws because of a limit as something that passes. */
function unlimited(look: () => unknown): unknown {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'limit') return error;
    const { message, retryAfter = 5 } = error;
    return new AppError('unavailable', message, { retryAfter });
  }
}
