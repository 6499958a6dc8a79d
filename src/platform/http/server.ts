import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { type FastifyInstance, fastify, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { newId } from '../../core/index.ts';
import type { Histogram } from '../metrics/index.ts';
import { registerAssets } from './assets.ts';
import { jsonParser, rawParser } from './body.ts';
import { compressAnswer } from './compression.ts';
import { Connections } from './connections.ts';
import { createWeb } from './create-web.ts';
import { registerErrors } from './error-mapper.ts';
import { StreamSet } from './event-stream.ts';
import { registerHealth } from './health.ts';
import { KeptFront } from './kept-front.ts';
import { OpenApi } from './openapi.ts';
import { registerOpenApi } from './openapi-pages.ts';
import { PageCache } from './page-cache.ts';
import type { HttpOptions, Parts, ReadyCheck } from './parts.ts';
import { registerPreferences } from './preferences.ts';
import { RateLimiter } from './rate-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { createSocketServer } from './socket-server.ts';
import type { Web } from './web.ts';

export interface HttpServer {
  web: Web;
  /** Things that happened in the journal: kept pages are made anew. */
  pages: PageCache;
  addReadyCheck(check: ReadyCheck): void;
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Answers what is under way, refuses new connections, ends streams. */
  close(): Promise<void>;
  /** For tests: a request without a socket. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
}

const LARGEST_BODY = 256 * 1024;
/** What is under way may take so long at the end; a client that sends slowly must not keep us from ending cleanly. */
const DRAIN_MS = 4000;

export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const seconds = options.metrics.histogram('http_request_duration_seconds', 'Time from request to answer', [
    'method',
    'route',
    'status',
  ]);
  const pages = new PageCache({ head: options.head, clock: options.clock, log: options.log });
  const answered = (took: number, route: string, status: number) =>
    seconds.observe(took, { method: 'GET', route, status: String(status) });
  const front = new KeptFront({ pages, site: options.site, requestId: requestIds(), answered });
  const app = createFastify(options, front);
  const connections = new Connections(app.server);
  const parts: Parts = {
    app,
    options,
    pages,
    front,
    openApi: new OpenApi(options),
    limiter: new RateLimiter(options.clock),
    streams: new StreamSet(options.limits.streams),
    checks: [],
  };
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: LARGEST_BODY });
  app.addHook('onSend', compressAnswer);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonParser);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, rawParser);
  registerErrors(parts);
  measure(app, seconds);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    for (const [name, value] of securityHeaders(options.site())) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  registerHealth(parts);
  registerAssets(parts);
  registerPreferences(parts);
  registerOpenApi(parts);
  return {
    web: createWeb(parts),
    pages: parts.pages,
    addReadyCheck: (check) => parts.checks.push(check),
    listen: async (host, port) => {
      await app.listen({ host, port });
      return app.server.address() as AddressInfo;
    },
    close: async () => {
      front.close();
      parts.streams.closeAll();
      await connections.endWithin(options.drainMs ?? DRAIN_MS, async () => await app.close());
    },
    inject: (options: InjectOptions) => app.inject(options),
  };
}

function noSchemas(): never {
  throw new Error('Routes bring zod schemas, not Fastify schemas.');
}

function createFastify(options: HttpOptions, front: KeptFront): FastifyInstance {
  const { server, stop } = createSocketServer(options);
  const app = fastify({
    // Paths can hold secrets of callers of the original program, so requests are logged by route, in `measure`.
    logger: false,
    genReqId: requestIds(),
    bodyLimit: LARGEST_BODY,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    forceCloseConnections: 'idle',
    // An address that cannot be decoded reaches no route and no hook.
    frameworkErrors: (_error, request, reply) => {
      const detail = 'The address could not be read.';
      reply.hijack();
      reply.raw.writeHead(400, {
        ...Object.fromEntries(securityHeaders(options.site())),
        'cache-control': 'no-store',
        'content-type': 'application/problem+json',
        'x-request-id': request.id,
      });
      reply.raw.end(
        JSON.stringify({
          ...{ type: 'about:blank', title: 'Bad request', status: 400, code: 'invalid', detail },
          requestId: request.id,
        }),
      );
    },
    routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    serverFactory: (handler) =>
      server.on('request', (request, response) => {
        if (!front.answer(request, response)) handler(request, response);
      }),
    // Inputs are checked by zod; without this Fastify loads a validator and a serializer of its own, 8 MB of them.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.addHook('onClose', async () => {
    stop();
  });
  return app;
}

/** Unique over all starts without asking for randomness at each request. */
function requestIds(): () => string {
  const start = newId();
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

function measure(app: FastifyInstance, seconds: Histogram): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe(reply.elapsedTime / 1000, { method: request.method, route, status: String(reply.statusCode) });
  });
}
