import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { ANONYMOUS, AppError, ERROR_CODES, requireRole, systemClock } from '../../core/index.ts';
import { html } from '../html/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHttpServer, type HttpServer } from './index.ts';

/** A request whose path is sent as it stands. */
async function rawGet(port: number, path: string): Promise<IncomingMessage & { body: string }> {
  const [answer] = (await once(get({ host: '127.0.0.1', port, path, agent: false }), 'response')) as [IncomingMessage];
  return Object.assign(answer, { body: await text(answer) });
}

describe('what goes wrong', () => {
  let server: HttpServer;

  before(async () => {
    server = await createHttpServer({
      site: () => ({
        title: 'Test',
        publicUrl: 'http://status.example.test/lab',
        basePath: '/lab',
        timezone: 'UTC',
        demo: false,
      }),
      trustedProxies: [],
      limits: { pages: 1000, forms: 30, denials: 20, streams: 2 },
      authenticator: { authenticate: async () => ({ actor: ANONYMOUS }), verifyCsrf: () => false },
      document: (visit, page) => html`<title>${page.title}</title>${page.main}<a href="${visit.link(visit.path)}"></a>`,
      staleNotice: () => html``,
      assets: [],
      head: async () => '1',
      clock: systemClock,
      log: createLogger('silent'),
      metrics: createMetrics(),
      version: '0.0.0',
    });
    const { web } = server;
    web.page('/things/:id', {}, async () => ({ title: 'Thing', main: html`` }));
    web.form('/things/:id', {}, async () => ({ redirect: '/' }));
    web.gone('/old/*', 'Use the new address.');
    web.page('/role', {}, async () => {
      requireRole({ kind: 'user', id: '1', name: 'vera', role: 'viewer' }, 'admin');
      return { title: '', main: html`` };
    });
    web.page('/key', {}, async () => {
      throw new AppError('conflict', 'This key was used for another body.', { special: { kind: 'key_reused' } });
    });
    web.page('/fails/:code', {}, async ({ params }) => {
      const code = ERROR_CODES.find((known) => known === params['code']) ?? 'invalid';
      throw new AppError(code, 'An English sentence.', { fields: [{ pointer: '/a', detail: 'Another one.' }] });
    });
    web.api(
      {
        method: 'GET',
        path: '/api/things/{id}',
        operationId: 'thing',
        summary: 'A thing',
        tag: 'things',
        answer: z.object({}),
      },
      async () => ({}),
    );
    web.stream('/api/stream', { operationId: 'follow', summary: 'News', tag: 'things' }, async () => undefined);
  });

  after(() => server.close());

  it('is told as a problem under /api, also for a method that an address does not take', async () => {
    for (const [method, path, status, allow] of [
      ['GET', '/lab/api/nothing', 404, undefined],
      ['POST', '/lab/api/things/1', 405, 'GET, HEAD'],
      ['DELETE', '/lab/api/things/1/', 405, 'GET, HEAD'],
      ['HEAD', '/lab/api/stream', 405, 'GET'],
    ] as const) {
      const answer = await server.inject({ method, url: path });
      assert.equal(answer.statusCode, status, path);
      assert.equal(answer.headers.allow, allow, path);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
      if (method !== 'HEAD') assert.equal(answer.json<{ status: number }>().status, status);
    }
  });

  it('is a page elsewhere, with the methods that the address takes', async () => {
    const answer = await server.inject({ method: 'DELETE', url: '/lab/things/1' });
    assert.equal(answer.statusCode, 405);
    assert.equal(answer.headers.allow, 'GET, HEAD, POST');
    assert.match(answer.body, /405/);
  });

  it('does not include asking which methods an address takes', async () => {
    const answer = await server.inject({ method: 'OPTIONS', url: '/lab/things/1' });
    assert.equal(answer.statusCode, 204);
    assert.equal(answer.headers.allow, 'GET, HEAD, POST');
    assert.equal((await server.inject({ method: 'OPTIONS', url: '/lab/none' })).statusCode, 404);
  });

  it('is a page for strange addresses too, and no link of it leads elsewhere', async () => {
    const { port } = await server.listen('127.0.0.1', 0);
    for (const url of ['//', '///x', '//evil.test/', '/\\evil.test/', '/lab//evil.test', '/lab/\\evil.test']) {
      const { statusCode, headers, body } = await rawGet(port, url);
      assert.equal(statusCode, 404, url);
      assert.match(String(headers['content-type']), /^text\/html/, url);
      assert.doesNotMatch(body, /href="[/\\]{2}/, url);
    }
  });

  it("is said in the visitor's language, whatever the code", async () => {
    for (const code of ERROR_CODES.filter((one) => one !== 'unauthenticated')) {
      const ask = (language: string) =>
        server.inject({ url: `/lab/fails/${code}`, headers: { 'accept-language': language } });
      assert.match((await ask('en')).body, /An English sentence\.[^]*Another one\./);
      const italian = (await ask('it')).body;
      assert.doesNotMatch(italian, /English|Another/, code);
      assert.match(italian, /<p>[A-ZÈ][^<]{20,}<\/p>/, code);
    }
  });

  it('is 410 for what is gone, by any method, under the prefix and at the root', async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      for (const url of ['/old/secret', '/lab/old/secret/more?x=1', '/old/']) {
        const answer = await server.inject({ method, url });
        assert.equal(answer.statusCode, 410, `${method} ${url}`);
        assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
        if (method === 'HEAD') continue;
        const { requestId, ...problem } = answer.json<Record<string, unknown>>();
        assert.equal(requestId, answer.headers['x-request-id']);
        assert.deepEqual(problem, {
          type: '/lab/api/docs#error-not_found',
          title: 'Gone',
          status: 410,
          detail: 'Use the new address.',
          code: 'not_found',
        });
      }
    }
  });

  it('has a title of its own for a key that was used before', async () => {
    const answer = await server.inject({ url: '/lab/key', headers: { accept: 'application/json' } });
    assert.equal(answer.statusCode, 409);
    assert.equal(answer.json<{ title: string }>().title, 'Key used before');
  });

  it('says in each language which role is missing and which methods an address takes', async () => {
    const ask = async (language: string, method: 'GET' | 'DELETE', url: string) =>
      (await server.inject({ method, url, headers: { 'accept-language': language } })).body;
    assert.match(await ask('en', 'GET', '/lab/role'), /This needs the role &quot;admin&quot;/);
    assert.match(
      await ask('it', 'GET', '/lab/role'),
      /Serve il ruolo &quot;admin&quot;\. Chiedilo a un amministratore\./,
    );
    const method = await ask('it', 'DELETE', '/lab/things/1');
    assert.match(method, /Questo indirizzo accetta GET, HEAD, POST, non DELETE\./);
  });

  it('carries the number of the request', async () => {
    const answer = await server.inject({ url: '/lab/api/nothing' });
    assert.equal(answer.headers['x-request-id'], answer.json<{ requestId: string }>().requestId);
  });
});
