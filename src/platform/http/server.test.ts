import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import * as z from 'zod';
import { until } from '../../../test/support/until.ts';
import { type Actor, ANONYMOUS, AppError, systemClock } from '../../core/index.ts';
import { html } from '../html/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { type Authenticator, createHttpServer, type HttpServer } from './index.ts';

const ALICE: Actor = { kind: 'user', id: '1', name: 'alice', role: 'operator' };
const TOKEN: Actor = { kind: 'token', id: '2', name: 'monitor', scopes: ['signals:write'] };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const OURS = { ...FORM, 'sec-fetch-site': 'same-origin' };

const authenticator: Authenticator = {
  authenticate: async ({ cookies, authorization }) => {
    if (authorization === 'Bearer good') return { actor: TOKEN };
    if (authorization !== undefined) throw new AppError('unauthenticated', 'This token is not known.');
    return cookies['signalbox_session'] === 'alice'
      ? { actor: ALICE, csrfToken: 'csrf-of-alice' }
      : { actor: ANONYMOUS };
  },
  verifyCsrf: (who, sent) => who.csrfToken === sent,
};

describe('the HTTP server', () => {
  let server: HttpServer;
  let failing = false;
  let origin = '';
  const forms: unknown[] = [];

  before(async () => {
    const log = pino({ level: 'silent' });
    server = await createHttpServer({
      site: () => ({
        title: 'Test',
        publicUrl: 'https://status.example.test/lab',
        basePath: '/lab',
        timezone: 'UTC',
        demo: false,
      }),
      trustedProxies: [],
      limits: { pages: 1000, forms: 30, denials: 20, streams: 2 },
      authenticator,
      document: (visit, page) => html`<!doctype html><title>${page.title}</title><!--stale-->${page.main}${visit.csrf}`,
      staleNotice: (_visit, asOf) => html`<p>As of ${asOf}</p>`,
      assets: [{ path: '/assets/app.1.css', type: 'text/css', content: 'body{}' }],
      head: async () => '1',
      clock: systemClock,
      log,
      metrics: createMetrics(),
      version: '0.0.0',
    });
    const { web } = server;
    web.page('/', { cached: { query: ['q'] } }, async (visit) => {
      if (failing) throw new Error('database is locked');
      return { title: 'Board', main: html`<p>${visit.query.toString()}</p>${'x'.repeat(2000)}` };
    });
    web.page('/private', { role: 'operator' }, async () => ({ title: 'Private', main: html`secret` }));
    web.page('/broken', {}, async () => {
      throw new Error('password=hunter2');
    });
    web.form('/change', { role: 'operator' }, async (visit, body) => {
      forms.push([visit.actor, body]);
      return { redirect: '/done', notice: 'Changed; done' };
    });
    web.api(
      {
        method: 'POST',
        path: '/api/things/{id}',
        operationId: 'addThing',
        summary: 'Adds a thing',
        tag: 'things',
        scope: 'signals:write',
        params: z.object({ id: z.string().max(5) }),
        body: z.object({ size: z.number().describe('in metres') }),
        answer: z.object({ ok: z.boolean() }),
        status: 201,
      },
      async () => ({ ok: true }),
    );
    web.hook('/hooks/test', { bodyLimit: 1024 * 1024 }, async ({ body }) => ({
      type: 'text/plain',
      body: String(body.length),
    }));
    web.hook('/hooks/guarded', { bodyLimit: 1024 }, async ({ body }) => {
      if (body.toString() !== 'right') throw new AppError('unauthenticated', 'The signature is wrong.');
      return { type: 'text/plain', body: 'taken' };
    });
    web.stream('/api/stream', { operationId: 'follow', summary: 'News', tag: 'things' }, async (visit, stream) => {
      stream.send({ id: '7', event: 'hello', data: `after ${visit.lastEventId}\nsecond line` });
      const closed = Promise.withResolvers<undefined>();
      stream.closed.addEventListener('abort', () => closed.resolve(undefined));
      await closed.promise;
    });
    const { port } = await server.listen('127.0.0.1', 0);
    origin = `http://127.0.0.1:${port}/lab`;
  });

  after(() => server.close());

  it('answers under the path prefix only, and health everywhere', async () => {
    assert.equal((await fetch(`${origin}/`)).status, 200);
    assert.equal((await fetch(origin.replace('/lab', '/'))).status, 404);
    assert.equal(await (await fetch(origin.replace('/lab', '/livez'))).text(), 'ok\n');
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  });

  it('sends the strict content policy and its company with every answer', async () => {
    for (const path of ['/', '/private', '/nothing', '/api/openapi.json', '/livez', '/assets/app.1.css']) {
      const { headers } = await fetch(origin + path, { redirect: 'manual' });
      assert.equal(
        headers.get('content-security-policy'),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        path,
      );
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000', path);
    }
  });

  it('gives every anonymous visitor the same bytes with an ETag per encoding, and 304', async () => {
    const plain = await fetch(`${origin}/`, { headers: { 'accept-encoding': 'identity' } });
    const gzip = await fetch(`${origin}/`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(gzip.headers.get('content-encoding'), 'gzip');
    assert.equal(await plain.text(), await gzip.text());
    assert.notEqual(plain.headers.get('etag'), gzip.headers.get('etag'));
    const again = await fetch(`${origin}/`, {
      headers: { 'accept-encoding': 'gzip', 'if-none-match': gzip.headers.get('etag') ?? '' },
    });
    assert.equal(again.status, 304);
    assert.equal(plain.headers.get('cache-control'), 'no-cache');
    assert.equal(plain.headers.get('vary'), 'Accept-Encoding, Accept-Language, Cookie');
  });

  it('takes of an address what the page depends on, and nothing else: what means the same is kept once', async () => {
    const asked = async (query: string) => {
      const answer = await fetch(`${origin}/${query}`);
      return [answer.headers.get('etag'), /<p>(.*)<\/p>/.exec(await answer.text())?.[1]];
    };
    const plain = await asked('');
    for (const query of ['?', '?x=1', '?x=2&y=%00', '?Q=a', '?__proto__=1'])
      assert.deepEqual(await asked(query), plain);
    const found = await asked('?q=a');
    assert.deepEqual(found[1], 'q=a');
    for (const query of ['?q=a&x=1', '?z=2&q=a', '?q=a&q=b', '?%71=%61']) assert.deepEqual(await asked(query), found);
  });

  it('never lets Host or X-Forwarded headers into a page', async () => {
    const answer = await server.inject({
      url: '/lab/',
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'ftp' },
    });
    assert.doesNotMatch(answer.body, /evil|ftp:/);
  });

  it('serves the last good page with its age while rendering fails', async () => {
    await fetch(`${origin}/`);
    failing = true;
    server.pages.invalidate();
    try {
      const answer = await until('it is tried again', async () => {
        const polled = await fetch(`${origin}/`);
        return polled.headers.has('x-signalbox-as-of') ? polled : null;
      });
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<p>As of \d{4}-/);
    } finally {
      failing = false;
    }
  });

  it('never marks a private page as public and sends strangers to sign in', async () => {
    const stranger = await fetch(`${origin}/private`, { redirect: 'manual' });
    assert.equal(stranger.status, 303);
    assert.equal(stranger.headers.get('location'), '/lab/login?returnTo=%2Fprivate');
    const own = await fetch(`${origin}/private`, { headers: { cookie: 'signalbox_session=alice' } });
    assert.equal(own.headers.get('cache-control'), 'no-store');
    const board = await fetch(`${origin}/`, { headers: { cookie: 'signalbox_session=alice' } });
    assert.equal(board.headers.get('cache-control'), 'no-store');
  });

  it('tells nothing of a bug but the request id', async () => {
    const answer = await fetch(`${origin}/broken`);
    assert.equal(answer.status, 500);
    const text = await answer.text();
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /Request [0-9a-f-]{36}-\w+/);
  });

  it('takes a form only from our own pages, with the token of the session', async () => {
    const cookie = 'signalbox_session=alice';
    const masked =
      /name="csrf" value="([^"]+)"/.exec(await (await fetch(`${origin}/`, { headers: { cookie } })).text())?.[1] ?? '';
    const send = (headers: Record<string, string>, csrf: string) =>
      server.inject({
        method: 'POST',
        url: '/lab/change',
        headers: { cookie, ...headers },
        payload: new URLSearchParams({ csrf, a: '1' }).toString(),
      });
    assert.equal((await send({ ...FORM, 'sec-fetch-site': 'cross-site' }, masked)).statusCode, 403);
    assert.equal((await send({ ...FORM, origin: 'https://evil.test' }, masked)).statusCode, 403);
    assert.equal((await send(FORM, masked)).statusCode, 403);
    assert.equal((await send(OURS, 'wrong')).statusCode, 403);
    assert.equal((await send(OURS, '')).statusCode, 403);
    assert.equal((await send({ ...OURS, 'content-type': 'application/json' }, masked)).statusCode, 400);
    assert.equal((await send({ ...OURS, cookie: '' }, masked)).statusCode, 401);
    assert.deepEqual(forms, []);
    const done = await send({ ...FORM, origin: 'https://status.example.test' }, masked);
    assert.equal(done.statusCode, 303);
    assert.equal(done.headers.location, '/lab/done');
    assert.match(
      String(done.headers['set-cookie']),
      /^signalbox_notice=[^;]+; Max-Age=60; Path=\/lab; HttpOnly; Secure/,
    );
    assert.equal(forms.length, 1);
  });

  it('checks the token of an operation before anything else of the request', async () => {
    const send = (headers: Record<string, string>, payload: string) =>
      server.inject({
        method: 'POST',
        url: '/lab/api/things/1',
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      });
    const stranger = await send({}, '{{{');
    assert.equal(stranger.statusCode, 401);
    assert.equal(stranger.headers['www-authenticate'], 'Bearer realm="signalbox"');
    assert.equal((await send({ authorization: 'Bearer bad' }, '{{{')).statusCode, 401);
    assert.equal(
      (await send({ authorization: 'Bearer bad', cookie: 'signalbox_session=alice' }, '{"size":1}')).statusCode,
      401,
    );
    assert.equal((await send({ cookie: 'signalbox_session=alice' }, '{"size":1}')).statusCode, 403);
    assert.equal((await send({ authorization: 'Bearer good' }, '{"size":1}')).statusCode, 201);
  });

  it('answers bad input with a problem that names the field', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/lab/api/things/toolong',
      payload: '{"size":"big"}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
    });
    assert.equal(answer.statusCode, 400);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const problem = answer.json<{ code: string; errors: { pointer: string }[] }>();
    assert.equal(problem.code, 'invalid');
    assert.equal(problem.errors[0]?.pointer, '/params/id');
  });

  it('refuses deep, polluting, compressed and oversized bodies', async () => {
    const send = (payload: string | Buffer, headers: Record<string, string> = {}) =>
      server.inject({
        method: 'POST',
        url: '/lab/api/things/1',
        payload,
        headers: { 'content-type': 'application/json', authorization: 'Bearer good', ...headers },
      });
    assert.equal((await send(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).statusCode, 400);
    assert.equal((await send('{"size":1,"__proto__":{"admin":true}}')).statusCode, 400);
    assert.equal((await send(gzipSync('{"size":1}'), { 'content-encoding': 'gzip' })).statusCode, 400);
    assert.equal((await send(Buffer.alloc(300 * 1024, 32))).statusCode, 413);
    const hook = await server.inject({
      method: 'POST',
      url: '/lab/hooks/test',
      payload: Buffer.alloc(1025 * 1024),
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(hook.statusCode, 413);
  });

  it('hands a hook the exact bytes, whatever the content type says', async () => {
    for (const type of ['application/json', 'text/weird']) {
      const answer = await server.inject({
        method: 'POST',
        url: '/lab/hooks/test',
        payload: '{ "a" : 1 }',
        headers: { 'content-type': type },
      });
      assert.equal(answer.body, '11', type);
    }
  });

  it('streams events and resumes from the last id, for our own pages only', async () => {
    const abort = new AbortController();
    const answer = await fetch(`${origin}/api/stream`, { headers: { 'last-event-id': '6' }, signal: abort.signal });
    assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('second')) break;
    }
    abort.abort();
    assert.match(text, /id: 7\nevent: hello\ndata: after 6\ndata: second line\n\n/);
    const foreign = await server.inject({ url: '/lab/api/stream', headers: { 'sec-fetch-site': 'cross-site' } });
    assert.equal(foreign.statusCode, 403);
  });

  it('limits open streams per address', async () => {
    const aborts = [new AbortController(), new AbortController()];
    for (const { signal } of aborts) await fetch(`${origin}/api/stream`, { signal });
    const third = await fetch(`${origin}/api/stream`);
    assert.equal(third.status, 429);
    for (const abort of aborts) abort.abort();
  });

  it('describes its operations as OpenAPI 3.1 and for people', async () => {
    interface Document {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; security: unknown }>>;
    }
    const document = (await server.inject({ url: '/lab/api/openapi.json' })).json<Document>();
    assert.equal(document.openapi, '3.1.0');
    const operation = document.paths['/api/things/{id}']?.['post'];
    assert.equal(operation?.operationId, 'addThing');
    assert.deepEqual(operation?.security, [{ token: ['signals:write'] }]);
    assert.equal(document.paths['/api/stream']?.['get']?.operationId, 'follow');
    assert.match((await server.inject({ url: '/lab/api/docs' })).body, /Adds a thing/);
  });

  it('gives what is made for one request an ETag too, and 304, for HEAD as for GET', async () => {
    const url = '/lab/api/openapi.json';
    const { etag } = (await server.inject({ url })).headers;
    assert.match(String(etag), /^"[\w-]{27}"$/);
    assert.equal((await server.inject({ url, method: 'HEAD' })).headers.etag, etag);
    for (const method of ['GET', 'HEAD'] as const) {
      const again = await server.inject({ url, method, headers: { 'if-none-match': `W/${String(etag)}` } });
      assert.deepEqual([again.statusCode, again.body], [304, '']);
    }
  });

  it('goes on answering while clients never finish their headers', async () => {
    const port = Number(new URL(origin).port);
    const slow = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    assert.equal((await fetch(`${origin}/`)).status, 200);
    for (const socket of slow) socket.destroy();
  });

  it('stops answering an address that keeps being refused, but for who may', async () => {
    const send = (authorization?: string) =>
      server.inject({
        method: 'POST',
        url: '/lab/api/things/1',
        headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
        payload: '{"size":1}',
        remoteAddress: '192.0.2.9',
      });
    let status = 0;
    for (let attempt = 0; attempt < 40 && status !== 429; attempt++) status = (await send('Bearer guess')).statusCode;
    assert.equal(status, 429);
    assert.equal((await send('Bearer guess')).headers['retry-after'], '3');
    assert.equal((await send('Bearer good')).statusCode, 201, 'a neighbour behind the same address');
    const hook = (body: string) =>
      server.inject({ method: 'POST', url: '/lab/hooks/guarded', payload: body, remoteAddress: '192.0.2.9' });
    assert.equal((await hook('wrong')).statusCode, 429);
    assert.equal((await hook('right')).statusCode, 200);
  });
});
