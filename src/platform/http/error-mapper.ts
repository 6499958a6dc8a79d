import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  ANONYMOUS,
  AppError,
  type ErrorCode,
  type FieldError,
  type SpecialCase,
  UpstreamError,
} from '../../core/index.ts';
import { html } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { httpMessages } from './messages.ts';
import { Methods } from './methods.ts';
import type { Parts } from './parts.ts';
import { pathOf, visitOf, withoutPrefix } from './visit.ts';
import type { Compatible, ToldError } from './web.ts';

const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit: 429,
  unavailable: 503,
};

declare module 'fastify' {
  interface FastifyContextConfig {
    compatible?: Compatible;
  }
}

/** What the outside learns of an error; a bug tells its request id and nothing else. */
interface Told extends ToldError {
  fields: readonly FieldError[];
  retryAfter: number | undefined;
  special: SpecialCase | undefined;
}

/** The one place where errors become answers: pages get a page, /api and /hooks a problem (RFC 9457). */
export function registerErrors(parts: Parts): void {
  const { app, options } = parts;
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const told = tell(error);
    const part = { requestId: request.id, route: request.routeOptions.url, method: request.method };
    if (told.status >= 500 && told.code !== 'unavailable') options.log.error({ err: error, ...part }, 'request failed');
    else if (error.cause !== undefined && told.status === 503)
      options.log.warn({ err: error, ...part }, 'request not served');
    else options.log.debug({ code: told.code, detail: told.detail, ...part }, 'request refused');
    return answer(parts, request, reply, told);
  });
  const methods = new Methods();
  methods.watch(app);
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.at(pathOf(request.url));
    if (allowed.length === 0) {
      return answer(parts, request, reply, told('not_found', 'There is nothing at this address.'));
    }
    reply.header('allow', allowed.join(', '));
    if (request.method === 'OPTIONS') return reply.code(204).send();
    const detail = `This address takes ${allowed.join(', ')}, not ${request.method}.`;
    const special: SpecialCase = { kind: 'method', method: request.method, allowed };
    return answer(parts, request, reply, { ...told('invalid', detail), status: 405, special });
  });
}

function told(code: ErrorCode, detail: string): Told {
  return { status: STATUS[code], code, detail, fields: [], retryAfter: undefined, special: undefined };
}

function tell(error: FastifyError | AppError | UpstreamError): Told {
  if (error instanceof AppError) {
    const { code, fields, special } = error;
    const retryAfter = error.retryAfter ?? (code === 'unavailable' ? 5 : undefined);
    // What a disk or another program said names files and hosts: that is for the log.
    const isOurs = code === 'unavailable' && error.cause !== undefined;
    const detail = isOurs ? 'This cannot be done just now. Try again in a moment.' : error.message;
    const status = special?.kind === 'gone' ? 410 : STATUS[code];
    return { status, code, detail, fields, retryAfter, special };
  }
  if (error instanceof UpstreamError)
    return { ...told('unavailable', error.message), retryAfter: error.retryAfter ?? 30 };
  const status = error.statusCode ?? 500;
  if (status === 413) return { ...told('limit', 'The body is larger than this address accepts.'), status: 413 };
  if (status === 415) return { ...told('invalid', 'This content type is not accepted here.'), status: 415 };
  if (status >= 400 && status < 500) return { ...told('invalid', 'The request could not be read.'), status };
  return {
    status: 500,
    code: 'internal',
    detail: 'Something went wrong on our side.',
    fields: [],
    retryAfter: undefined,
    special: undefined,
  };
}

async function answer(parts: Parts, request: FastifyRequest, reply: FastifyReply, it: Told): Promise<unknown> {
  const site = parts.options.site();
  reply.code(it.status).header('cache-control', 'no-store');
  if (it.retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(it.retryAfter)));
  const path = withoutPrefix(request.url, site.basePath);
  if (it.status === 401) reply.header('www-authenticate', 'Bearer realm="signalbox"');
  const own = request.routeOptions.config.compatible?.error(it);
  if (own)
    return reply
      .code(own.status ?? it.status)
      .type(own.type)
      .send(own.body);
  if (
    /^\/(api|hooks)\b/.test(path) ||
    it.special?.kind === 'gone' ||
    (request.headers.accept ?? '').startsWith('application/json')
  ) {
    return reply.type('application/problem+json').send(JSON.stringify(problem(request.id, it, site.basePath)));
  }
  if (it.code === 'unauthenticated' && (request.method === 'GET' || request.method === 'HEAD')) {
    return reply
      .code(303)
      .header('location', `${site.basePath}/login?returnTo=${encodeURIComponent(path)}`)
      .send();
  }
  return reply.type('text/html; charset=utf-8').send(await errorPage(parts, request, it));
}

function problem(requestId: string, it: Told, basePath: string): Record<string, unknown> {
  return {
    type: `${basePath}/api/docs#error-${it.code}`,
    title: httpMessages('en').errorTitle(it.status, it.special),
    status: it.status,
    detail: it.detail,
    code: it.code,
    requestId,
    ...(it.fields.length === 0 ? {} : { errors: it.fields }),
  };
}

async function errorPage(parts: Parts, request: FastifyRequest, it: Told): Promise<string> {
  const { options } = parts;
  const credentials = { cookies: request.cookies as Record<string, string> };
  const who = await options.authenticator.authenticate(credentials).catch(() => ({ actor: ANONYMOUS }));
  const visit = visitOf(request, who, options);
  const words = httpMessages(visit.language);
  const title = words.errorTitle(it.status, it.special);
  const { detail, fields } = inWordsOf(visit.language, it);
  const main = html`<section class="error-page"><p class="error-status">${it.status}</p><h1>${title}</h1><p>${detail}</p>
<ul>${fields.map((field) => html`<li>${field.detail}</li>`)}</ul>
<p><a href="${visit.link('/')}">${words.toOverview}</a></p><p class="soft">${words.requestId(request.id)}</p></section>`;
  return options.document(visit, { title, main }, options.clock.now()).toString();
}

/** Errors are written in English, for programs and logs; who reads another language gets a sentence for their kind. */
function inWordsOf(language: Language, it: Told): { detail: string; fields: readonly FieldError[] } {
  const words = httpMessages(language);
  if (it.code === 'internal') return { detail: words.internal, fields: [] };
  if (language === 'en') return it;
  const seconds = it.retryAfter === undefined ? null : Math.ceil(it.retryAfter);
  const detail = it.special === undefined ? '' : words.special(it.special);
  return { detail: detail === '' ? words.explain(it.status, seconds) : detail, fields: [] };
}
