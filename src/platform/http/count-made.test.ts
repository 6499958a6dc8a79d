import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { ANONYMOUS, AppError, addMs, type Instant, MINUTE } from '../../core/index.ts';
import { html } from '../html/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHttpServer, type HttpServer } from './index.ts';

const MOST = 5;

describe('pages of things that do not exist', () => {
  let server: HttpServer;
  let now: Instant = '2026-11-21T12:00:00.000Z';
  let renderings: string[] = [];
  let head = '1';
  let opened = false;

  before(async () => {
    server = await createHttpServer({
      site: () => ({ title: 'Test', publicUrl: 'https://s.example', basePath: '', timezone: 'UTC', demo: false }),
      trustedProxies: [],
      limits: { pages: MOST, forms: 30, denials: 20, streams: 2 },
      authenticator: { authenticate: async () => ({ actor: ANONYMOUS }), verifyCsrf: () => true },
      document: (_visit, page) => html`<title>${page.title}</title>${page.main}`,
      staleNotice: () => html``,
      assets: [],
      head: async () => head,
      clock: { now: () => now },
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      version: '0.0.0',
    });
    const exists = (name = '') => name.startsWith('real') || (name === 'next' && opened);
    server.web.page('/', { cached: { query: ['q'] } }, async () => ({ title: 'Board', main: html`board` }));
    server.web.page('/components/:name', { cached: true }, async ({ params }) => {
      renderings.push(params['name'] ?? '');
      return { title: 'Thing', main: html`it`, ...(exists(params['name']) ? {} : { status: 404 }) };
    });
    server.web.file('/feeds/:name', { cached: true }, async ({ params }) => {
      renderings.push(params['name'] ?? '');
      if (!exists(params['name'])) throw new AppError('not_found', 'There is no such feed.');
      return { type: 'text/plain', body: 'news' };
    });
  });

  after(() => server.close());

  const ask = async (url: string, remoteAddress: string) => await server.inject({ url, remoteAddress });

  for (const [kind, from] of [
    ['components', '192.0.2.1'],
    ['feeds', '192.0.2.2'],
  ] as const) {
    it(`count for the address that asks, and are not rendered beyond its limit: ${kind}`, async () => {
      assert.equal((await ask(`/${kind}/real`, from)).statusCode, 200);
      for (let number = 0; number < MOST; number += 1) {
        assert.equal((await ask(`/${kind}/made-up-${number}`, from)).statusCode, 404);
      }
      renderings = [];
      const refused = await ask(`/${kind}/made-up-one-more`, from);
      assert.equal(refused.statusCode, 429);
      assert.ok(Number(refused.headers['retry-after']) > 0);
      assert.deepEqual(renderings, [], 'refused before any work');
      assert.equal((await ask(`/${kind}/real`, from)).statusCode, 200, 'what is kept is not counted');
      assert.equal((await ask('/', from)).statusCode, 200, 'nor are pages that are always there');
      assert.equal((await ask(`/${kind}/made-up-one-more`, '192.0.2.99')).statusCode, 404, 'others are not concerned');
      now = addMs(now, MINUTE);
      assert.equal((await ask(`/${kind}/made-up-late`, from)).statusCode, 404, 'it passes');
    });
  }

  it('do not count when they are there: a whole catalogue can be read in a minute', async () => {
    for (let number = 0; number < MOST * 4; number += 1) {
      assert.equal((await ask(`/components/real-${number}`, '192.0.2.3')).statusCode, 200);
    }
  });

  it('make no page that is there stale for others by being refused', async () => {
    const from = '192.0.2.4';
    for (let number = 0; number < MOST; number += 1) await ask(`/components/nothing-${number}`, from);
    assert.equal((await ask('/components/real', '192.0.2.5')).statusCode, 200);
    server.pages.invalidate();
    now = addMs(now, 2000);
    const own = await ask('/components/real', from);
    assert.deepEqual([own.statusCode, own.headers['warning']], [200, undefined]);
    const others = await ask('/components/real', '192.0.2.6');
    assert.deepEqual([others.statusCode, others.headers['warning']], [200, undefined]);
  });

  it('are refused beyond the limit also when all are asked for at once', async () => {
    renderings = [];
    const paths = Array.from({ length: MOST * 20 }, (_, number) => `/components/at-once-${number}`);
    const answers = await Promise.all(paths.map((path) => ask(path, '192.0.2.7')));
    const counted = (status: number) => answers.filter(({ statusCode }) => statusCode === status).length;
    assert.deepEqual([counted(404), counted(429), renderings.length], [MOST, MOST * 19, MOST]);
  });

  it('are there for everybody as soon as they exist, whoever keeps asking beyond his limit', async () => {
    const from = '192.0.2.8';
    for (let number = 0; number < MOST; number += 1) await ask(`/components/gone-${number}`, from);
    assert.equal((await ask('/components/next', '192.0.2.9')).statusCode, 404);
    [opened, head] = [true, '2'];
    server.pages.invalidate();
    now = addMs(now, 2000);
    for (let number = 0; number < 5; number += 1) await ask(`/components/again-${number}`, from);
    const [refused, other] = await Promise.all([ask('/components/next', from), ask('/components/next', '192.0.2.10')]);
    assert.equal(other.statusCode, 200);
    assert.ok([200, 429].includes(refused.statusCode));
  });

  it('and searches refused to one are no answer to another who asks for the same at once', async () => {
    const from = '192.0.2.11';
    for (let number = 0; number < MOST; number += 1) await ask(`/?q=${number}`, from);
    const [first, second] = await Promise.all([ask('/?q=same', from), ask('/?q=same', '192.0.2.12')]);
    assert.deepEqual([first.statusCode, second.statusCode], [429, 200]);
  });
});
