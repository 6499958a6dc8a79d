import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { ANONYMOUS, systemClock } from '../../core/index.ts';
import { html } from '../html/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHttpServer, type HttpServer, type Web } from './index.ts';

async function start(
  drainMs: number,
  register: (web: Web) => void = () => undefined,
): Promise<{ server: HttpServer; port: number }> {
  const server = await createHttpServer({
    site: () => ({ title: '', publicUrl: 'http://127.0.0.1', basePath: '', timezone: 'UTC', demo: false }),
    trustedProxies: [],
    limits: { pages: 10, forms: 10, denials: 10, streams: 2 },
    authenticator: { authenticate: async () => ({ actor: ANONYMOUS }), verifyCsrf: () => false },
    document: (_visit, page) => page.main,
    staleNotice: () => html``,
    assets: [],
    head: async () => '1',
    clock: systemClock,
    log: createLogger('silent'),
    metrics: createMetrics(),
    version: '0.0.0',
    drainMs,
  });
  register(server.web);
  const { port } = await server.listen('127.0.0.1', 0);
  return { server, port };
}

it('the end does not wait for connections that were opened ahead of need', async () => {
  const { server, port } = await start(60_000);
  const spare = connect(port, '127.0.0.1');
  await once(spare, 'connect');
  await fetch(`http://127.0.0.1:${port}/livez`);
  const cut = once(spare, 'close');
  spare.on('error', () => undefined);
  await server.close();
  await cut;
});

it('the end waits for answers under way, but not for clients that never finish', async () => {
  const begun = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const { server, port } = await start(300, (web) => {
    web.page('/slow', {}, async () => {
      begun.resolve(undefined);
      await goOn.promise;
      return { title: '', main: html`done` };
    });
    web.form('/form', {}, async () => ({ redirect: '/' }));
    web.stream('/api/stream', { operationId: 'follow', summary: 'News', tag: 'things' }, async (_visit, stream) => {
      await new Promise((resolve) => stream.closed.addEventListener('abort', resolve));
    });
  });
  const dripping = connect(port, '127.0.0.1');
  dripping.write('POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nname=a');
  const stream = await fetch(`http://127.0.0.1:${port}/api/stream`);
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  await begun.promise;
  const closing = server.close();
  goOn.resolve(undefined);
  assert.equal(await (await slow).text(), 'done');
  assert.match(await stream.text(), /^retry/, 'the stream ends as it should');
  const cut = once(dripping, 'close');
  dripping.on('error', () => undefined).resume();
  await closing;
  await cut;
});
