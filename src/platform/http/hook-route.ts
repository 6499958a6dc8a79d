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
  app.post(http.site().basePath + path, { bodyLimit: options.bodyLimit, onRequest }, answer);
}

/** The routes of a `Web.gone`: refused at the head of the request, whatever its body. */
export function addGone({ app, options }: Parts, path: string, detail: string): void {
  const refuse = async (): Promise<void> => {
    throw new AppError('not_found', detail, { special: { kind: 'gone' } });
  };
  // A slash at the end does not count: `/update/` is `/update`.
  const paths = [path, path.replace(/\/\*$/, '')];
  for (const prefix of new Set([options.site().basePath, '']))
    for (const each of new Set(paths)) app.all(prefix + each, { onRequest: refuse }, refuse);
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
