import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { ANONYMOUS, AppError, type FieldError, requireRole, requireScope } from '../../core/index.ts';
import type { Authenticated } from './authenticator.ts';
import { JsonBody } from './body.ts';
import { unmaskCsrf } from './csrf-mask.ts';
import { denied } from './denied.ts';
import { formFields } from './form-fields.ts';
import { addGone, addHook } from './hook-route.ts';
import type { Operation } from './openapi.ts';
import type { Rendered } from './page-cache.ts';
import type { Parts } from './parts.ts';
import { isPlainAnonymous } from './plain-anonymous.ts';
import { refuseForeignReader, requireSameOrigin } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';
import { matches, sendAnswer } from './send-answer.ts';
import { sendCached, withQuery } from './send-kept.ts';
import { cookiePath, cookiesOf, NOTICE_COOKIE, visitOf } from './visit.ts';
import type {
  Answer,
  ApiOptions,
  ApiRequest,
  Cached,
  FileOptions,
  FormAnswer,
  FormOptions,
  Page,
  PageOptions,
  StreamOptions,
  Visit,
  Web,
} from './web.ts';

/** The `Web` that modules register with, on top of Fastify. */
export function createWeb(parts: Parts): Web {
  return {
    page: (path, options, render) => addPage(parts, path, options, render),
    form: (path, options, handle) => addForm(parts, path, options, handle),
    api: (options, handle) => addApi(parts, options, handle),
    file: (path, options, make) => addFile(parts, path, options, make),
    gone: (path, detail) => addGone(parts, path, detail),
    hook: (path, options, handle) => addHook(parts, path, options, handle),
    stream: (path, about, handle) => addStream(parts, { ...about, path }, handle),
  };
}

async function identify(parts: Parts, request: FastifyRequest): Promise<Authenticated> {
  const { options } = parts;
  const { authorization } = request.headers;
  const cookies = cookiesOf(request);
  try {
    return await options.authenticator.authenticate(
      authorization === undefined ? { cookies } : { cookies, authorization },
    );
  } catch (error) {
    throw denied(parts, request, error);
  }
}

/** What of a query a cached page or file may depend on; null: on anything, it is not cached. */
function knownOf(cached: Cached | undefined, always: readonly string[] = []): readonly string[] | null {
  if (cached === undefined || cached === false) return null;
  return [...always, ...(cached === true ? [] : cached.query)];
}

const STAYS_OPEN = ['/account', '/logout', '/preferences'];

/** Who was given a password by somebody else changes it before anything else. */
function passwordFirst(parts: Parts, request: FastifyRequest, who: Authenticated): void {
  const path = request.url.slice(parts.options.site().basePath.length);
  if (who.mustChangePassword && !STAYS_OPEN.some((open) => path.startsWith(open))) {
    throw new AppError('forbidden', 'Choose your own password first, on the page "Account".');
  }
}

function addPage(
  parts: Parts,
  path: string,
  options: PageOptions,
  render: (visit: Visit) => Promise<Page | Answer>,
): void {
  const { app, options: http } = parts;
  const known = knownOf(options.cached, ['kiosk']);
  app.get(http.site().basePath + path, async (request, reply) => {
    const document = async (visit: Visit): Promise<Rendered> => {
      const page = await render(visit);
      if ('body' in page) {
        const { status = 200, type, headers = {}, body } = page;
        return { status, type, headers, body };
      }
      const asOf = http.clock.now();
      const body = http.document(visit, page, asOf).toString();
      return { status: page.status ?? 200, type: 'text/html; charset=utf-8', headers: page.headers ?? {}, body, asOf };
    };
    if (known && isPlainAnonymous(request.headers)) return sendCached(parts, { request, reply, known }, document);
    const who = await identify(parts, request);
    if (who.mustChangePassword && !STAYS_OPEN.some((open) => path.startsWith(open))) {
      return reply.code(303).header('location', `${http.site().basePath}/account`).send();
    }
    if (options.role) requireRole(who.actor, options.role);
    if (who.actor.kind === 'anonymous') parts.limiter.take('page', request.ip, http.limits.pages);
    const whole = visitOf(request, who, http);
    const visit = known ? withQuery(whole, known) : whole;
    const rendered = await document(visit);
    if (visit.notice !== null) reply.clearCookie(NOTICE_COOKIE, { path: cookiePath(http.site()) });
    reply.code(rendered.status).headers(rendered.headers).type(rendered.type).header('cache-control', 'no-store');
    return rendered.body;
  });
}

type Form = (visit: Visit, body: Readonly<Record<string, string | string[]>>) => Promise<FormAnswer>;

function addForm(parts: Parts, path: string, options: FormOptions, handle: Form): void {
  const { app, options: http, limiter } = parts;
  app.post(http.site().basePath + path, { ...options.upload }, async (request, reply) => {
    limiter.take('form', request.ip, http.limits.forms);
    requireSameOrigin(request, http.site());
    const who = await identify(parts, request);
    passwordFirst(parts, request, who);
    if (options.role) requireRole(who.actor, options.role);
    const body = formFields(request, options);
    const sent = body['csrf'];
    if (who.csrfToken !== undefined && !http.authenticator.verifyCsrf(who, unmaskCsrf(sent))) {
      throw new AppError('forbidden', 'This form is too old. Open the page again and send it from there.');
    }
    const visit = visitOf(request, who, http);
    const answer = await handle(visit, body);
    reply.header('cache-control', 'no-store');
    if ('redirect' in answer) return redirect(parts, reply, visit, answer);
    const document = http.document(visit, answer, http.clock.now()).toString();
    return reply
      .code(answer.status ?? 422)
      .headers(answer.headers ?? {})
      .type('text/html; charset=utf-8')
      .send(document);
  });
}

function redirect(
  parts: Parts,
  reply: FastifyReply,
  visit: Visit,
  answer: Extract<FormAnswer, { redirect: string }>,
): unknown {
  if (answer.notice !== undefined) {
    const site = parts.options.site();
    const [path, secure] = [cookiePath(site), site.publicUrl.startsWith('https:')];
    reply.setCookie(NOTICE_COOKIE, answer.notice, { path, maxAge: 60, httpOnly: true, sameSite: 'lax', secure });
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  return reply.code(303).header('location', visit.link(answer.redirect)).send();
}

function addApi<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  parts: Parts,
  operation: ApiOptions<P, Q, B, A>,
  handle: (request: ApiRequest<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A> | Answer>,
): void {
  const { app, options: http } = parts;
  parts.openApi.add(operation);
  app.route({
    method: operation.method,
    url: http.site().basePath + operation.path.replace(/\{(\w+)\}/g, ':$1'),
    ...(operation.bodyLimit ? { bodyLimit: operation.bodyLimit } : {}),
    ...(operation.compatible ? { config: { compatible: operation.compatible } } : {}),
    // Before the body is read: whoever may not, learns nothing and costs nothing.
    onRequest: async (request) => {
      const who = await identify(parts, request);
      passwordFirst(parts, request, who);
      if (operation.scope) requireScope(who.actor, operation.scope);
      operation.allow?.check(who.actor);
      // A browser that is signed in sends its cookie along wherever it is told to.
      if (operation.method !== 'GET' && who.csrfToken !== undefined) requireSameOrigin(request, http.site());
      if (who.actor.kind === 'anonymous') parts.limiter.take('page', request.ip, http.limits.pages);
      (request as FastifyRequest & { who?: Authenticated }).who = who;
    },
    handler: async (request, reply) => {
      const who = (request as FastifyRequest & { who?: Authenticated }).who ?? { actor: ANONYMOUS };
      const visit = visitOf(request, who, http);
      if (operation.method === 'GET') reply.header('cache-control', 'no-store');
      const body = request.body instanceof JsonBody ? request.body.parse() : undefined;
      if (operation.body && body === undefined) throw new AppError('invalid', 'Send a body as application/json.');
      const input = {
        params: check(operation.params, visit.params, 'params'),
        query: check(operation.query, Object.fromEntries(visit.query), 'query'),
        body: check(operation.body, body, ''),
      };
      const headers = request.headers as Record<string, string | undefined>;
      const answer = await handle({ ...visit, headers, input } as ApiRequest<z.output<P>, z.output<Q>, z.output<B>>);
      if (who.actor.kind === 'anonymous') reply.header('access-control-allow-origin', '*');
      if (isAnswer(answer, operation)) return sendAnswer(request, reply, answer);
      reply.code(operation.status ?? 200).type('application/json; charset=utf-8');
      const version = operation.etag?.(answer) ?? null;
      if (version !== null) {
        reply.header('etag', `"${version}"`);
        if (matches(request.headers['if-none-match'], `"${version}"`)) return reply.code(304).send();
      }
      return operation.status === 204 ? reply.send() : reply.send(JSON.stringify(answer));
    },
  });
}

function isAnswer(
  answer: unknown,
  { alternates = [], compatible }: Pick<Operation, 'alternates' | 'compatible'>,
): answer is Answer {
  if (typeof answer !== 'object' || answer === null || !('type' in answer) || !('body' in answer)) return false;
  const { type } = answer;
  return typeof type === 'string' && (compatible !== undefined || alternates.some((one) => type.startsWith(one)));
}

function check<S extends z.ZodType>(schema: S | undefined, value: unknown, where: string): z.output<S> | undefined {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields: FieldError[] = result.error.issues.map((issue) => ({
    pointer: [
      where === '' ? '' : `/${where}`,
      ...issue.path.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`),
    ].join(''),
    detail: issue.message,
  }));
  throw new AppError(
    'invalid',
    fields
      .map(({ pointer, detail }) => `${pointer || 'body'}: ${detail}`)
      .slice(0, 5)
      .join('; '),
    { fields },
  );
}

function addFile(parts: Parts, path: string, options: FileOptions, make: (visit: Visit) => Promise<Answer>): void {
  const { app, options: http } = parts;
  const { described } = options;
  if (described) parts.openApi.add({ method: 'GET', path, ...described });
  const config = described?.compatible ? { compatible: described.compatible } : {};
  const known = knownOf(options.cached);
  app.get(http.site().basePath + path, { config }, async (request, reply) => {
    if (known && isPlainAnonymous(request.headers)) {
      return sendCached(parts, { request, reply, known }, async (visit) => {
        const { status = 200, type, body, headers = {} } = await make(visit);
        return { status, type, body, headers };
      });
    }
    const who = await identify(parts, request);
    passwordFirst(parts, request, who);
    if (options.role) requireRole(who.actor, options.role);
    if (who.actor.kind === 'anonymous') parts.limiter.take('page', request.ip, http.limits.pages);
    const visit = visitOf(request, who, http);
    return sendAnswer(request, reply, await make(known ? withQuery(visit, known) : visit));
  });
}

function addStream(parts: Parts, about: StreamOptions & { path: string }, handle: Parameters<Web['stream']>[2]): void {
  const { app, options: http, streams } = parts;
  parts.openApi.addStream(about);
  // HEAD would open a stream of which nothing may be sent.
  app.get(http.site().basePath + about.path, { exposeHeadRoute: false }, async (request, reply) => {
    refuseForeignReader(request, http.site());
    const who = await identify(parts, request);
    passwordFirst(parts, request, who);
    streams.admit(request.ip);
    const visit = visitOf(request, who, http);
    const header = request.headers['last-event-id'];
    const lastEventId = typeof header === 'string' ? header.slice(0, 80) : visit.query.get('lastEventId');
    reply.hijack();
    const stream = streams.open(reply.raw, request.ip, securityHeaders(http.site()));
    try {
      await handle({ ...visit, lastEventId }, stream);
    } catch (err) {
      http.log.warn({ err, requestId: request.id }, 'stream ended');
    } finally {
      reply.raw.end();
    }
  });
}
