import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, beforeEach, describe, it } from 'node:test';
import { type Actor, ANONYMOUS, AppError, systemClock } from '../../core/index.ts';
import { html } from '../html/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics, type Metrics } from '../metrics/index.ts';
import { createHttpServer, type HttpServer } from './index.ts';

const ALICE: Actor = { kind: 'user', id: '1', name: 'alice', role: 'operator' };

describe('a request like one before', () => {
  let server: HttpServer;
  let metrics: Metrics;
  let origin = '';
  let port = 0;
  let said = '';
  let head = '';
  let isGone = false;
  let rendered = 0;

  beforeEach(async () => {
    await server?.close();
    [said, head, isGone, rendered] = ['first', '5', false, 0];
    metrics = createMetrics();
    server = await createHttpServer({
      site: () => ({ title: '', publicUrl: 'http://127.0.0.1', basePath: '', timezone: 'UTC', demo: false }),
      trustedProxies: [],
      limits: { pages: 1000, forms: 10, denials: 10, streams: 2 },
      authenticator: {
        authenticate: async ({ cookies }) => ({ actor: cookies['signalbox_session'] === 'alice' ? ALICE : ANONYMOUS }),
        verifyCsrf: () => false,
      },
      document: (_visit, page) => page.main,
      staleNotice: () => html``,
      assets: [],
      head: async () => head,
      clock: systemClock,
      log: createLogger('silent'),
      metrics,
      version: '0.0.0',
    });
    server.web.page('/board/:name', { cached: { query: ['q'] } }, async (visit) => {
      if (isGone) throw new AppError('not_found', 'Gone.');
      rendered++;
      const { language, theme, actor, query } = visit;
      const about = `${visit.params['name']} ${said} ${actor.kind} ${language} ${theme} ${query.get('q') ?? ''}`;
      return { title: '', main: html`<p>${about}</p>${'x'.repeat(2000)}` };
    });
    ({ port } = await server.listen('127.0.0.1', 0));
    origin = `http://127.0.0.1:${port}`;
  });

  after(() => server.close());

  async function read(headers: Record<string, string> = {}, path = '/board/a'): Promise<string> {
    const answer = await fetch(origin + path, { headers });
    return /<p>(.*?)<\/p>/.exec(await answer.text())?.[1] ?? `${answer.status}`;
  }

  it('gets the same bytes and headers as the first one, in each encoding', async () => {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const headers = { 'accept-encoding': encoding };
      const [first, second] = [
        await fetch(`${origin}/board/a`, { headers }),
        await fetch(`${origin}/board/a`, { headers }),
      ];
      assert.equal(await second.text(), await first.text());
      const [before, now] = [Object.fromEntries(first.headers), Object.fromEntries(second.headers)];
      const own = { date: '', 'x-request-id': '' };
      assert.deepEqual({ ...now, ...own }, { ...before, ...own });
      const etag = second.headers.get('etag') ?? '';
      const unchanged = await fetch(`${origin}/board/a`, { headers: { ...headers, 'if-none-match': etag } });
      assert.equal(unchanged.status, 304);
    }
    assert.equal(rendered, 1);
  });

  it('gets another page when it differs in address, language, theme or session', async () => {
    for (let round = 0; round < 3; round++) {
      assert.equal(await read(), 'a first anonymous en auto ');
      assert.equal(await read({}, '/board/b'), 'b first anonymous en auto ');
      assert.equal(await read({}, '/board/a?q=1'), 'a first anonymous en auto 1');
      assert.equal(await read({ 'accept-language': 'it' }), 'a first anonymous it auto ');
      assert.equal(await read({ cookie: 'signalbox_theme=dark' }), 'a first anonymous en dark ');
      assert.equal(await read({ cookie: 'signalbox_session=alice' }), 'a first user en auto ');
      assert.equal(await read({ authorization: 'Bearer x' }), 'a first anonymous en auto ');
    }
  });

  it('gets what was committed meanwhile as soon as it has heard of it', async () => {
    await read();
    await read();
    [said, head] = ['second', '6'];
    server.pages.invalidate();
    assert.equal(await read({ 'x-signalbox-after': '5' }), 'a first anonymous en auto ', 'that was in it');
    assert.equal(await read({ 'x-signalbox-after': '6' }), 'a second anonymous en auto ');
    assert.equal(await read(), 'a second anonymous en auto ');
  });

  it('is told that a page is gone', async () => {
    await read();
    await read();
    [isGone, head] = [true, '6'];
    server.pages.invalidate();
    assert.equal((await fetch(`${origin}/board/a`, { headers: { 'x-signalbox-after': '6' } })).status, 404);
  });

  it('is answered ahead of the framework, which counts the others', async () => {
    const counted = async (): Promise<number> => {
      const id = (await fetch(`${origin}/livez`)).headers.get('x-request-id') ?? '';
      return Number.parseInt(id.slice(id.lastIndexOf('-') + 1), 36);
    };
    await read();
    const before = await counted();
    for (let round = 0; round < 5; round++) assert.equal(await read(), 'a first anonymous en auto ');
    assert.equal(await read({ cookie: 'other=secret' }), 'a first anonymous en auto ', 'cookies of others');
    assert.equal((await counted()) - before, 1);
    await read({}, '/board/a?unknown=1');
    await read({}, '/board/a?unknown=1');
    assert.equal((await counted()) - before, 4, 'there is no end of unknown parameters');
    server.pages.invalidate();
    assert.equal(await read({ cookie: 'signalbox_theme =dark' }), 'a first anonymous en dark ');
    assert.equal(await read(), 'a first anonymous en auto ');
  });

  it('has a number of its own like every other answer, when nothing has changed too', async () => {
    const ids: (string | null)[] = [];
    const ask = async (headers = {}, path = '/board/a') => {
      const answer = await fetch(origin + path, { headers });
      ids.push(answer.headers.get('x-request-id'));
      await answer.text();
      return answer;
    };
    const etag = (await ask()).headers.get('etag') ?? '';
    await ask();
    assert.equal((await ask()).headers.get('etag'), etag);
    assert.equal((await ask({ 'if-none-match': etag })).status, 304);
    await ask({}, '/livez');
    const unreadable = await fetch(`${origin}/%E0%A4%A`);
    assert.equal(unreadable.status, 400);
    const { requestId } = (await unreadable.json()) as { requestId: string };
    assert.equal(unreadable.headers.get('x-request-id'), requestId);
    assert.equal(new Set([...ids, requestId]).size, 6);
    for (const id of [...ids, requestId]) assert.match(id ?? '', /^[0-9a-f-]{36}-[0-9a-z]+$/);
  });

  it('counts in the metrics under its route', async () => {
    await read();
    await read();
    await read();
    const line = 'signalbox_http_request_duration_seconds_count{method="GET",route="/board/:name",status="200"} 3';
    assert.ok((await metrics.render()).includes(line));
  });

  it('is answered in its turn when several come at once on one connection, and at HEAD without a body', async () => {
    await read();
    await read({}, '/board/b');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const ask = (method: string, path: string, more = '') => `${method} ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    socket.write(ask('GET', '/board/a') + ask('HEAD', '/board/a') + ask('GET', '/board/b', 'Connection: close\r\n'));
    await once(socket, 'end');
    assert.deepEqual(text.match(/<p>\w+/g), ['<p>a', '<p>b']);
    assert.equal(text.match(/HTTP\/1.1 200/g)?.length, 3);
  });
});
