import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { listen } from '../../../../test/support/listen.ts';
import { type Actor, ANONYMOUS, AppError, addMs, MINUTE, type Scope } from '../../../core/index.ts';
import { auditEntries } from '../../../platform/audit/index.ts';
import { html } from '../../../platform/html/index.ts';
import { createHttpServer, type HttpServer } from '../../../platform/http/index.ts';
import { createLogger } from '../../../platform/log/index.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { type ComponentsWorld, componentsWorld, START } from '../actions/components-world.cases.ts';
import { recordOwnDowntime } from '../actions/record-own-downtime.ts';
import { registerStatusMetrics } from '../status-metrics.ts';
import { registerApi } from './routes-api.ts';
import { ComponentStream } from './stream.ts';

const TOKENS: Record<string, readonly Scope[]> = {
  monitor: ['signals:write'],
  builder: ['signals:write', 'components:create'],
  reader: ['read'],
};

function actorOf(authorization: string | undefined): Actor {
  if (authorization === undefined) return ANONYMOUS;
  const name = authorization.replace('Bearer ', '');
  const scopes = TOKENS[name];
  if (scopes === undefined) throw new AppError('unauthenticated', 'This token is not known.');
  return { kind: 'token', id: name, name, scopes };
}

interface Api {
  world: ComponentsWorld;
  server: HttpServer;
  origin: string;
  ask(path: string, as?: string): Promise<Response>;
  send(body: unknown, as?: string, headers?: Record<string, string>): Promise<Response>;
}

async function startApi(): Promise<Api> {
  const world = await componentsWorld(openTestDatabase, { signal_life: '10m' });
  const { db, journal, reads, clock, context } = world;
  const log = createLogger('silent');
  const server = await createHttpServer({
    site: () => ({ title: 'Test', publicUrl: 'https://s.example', basePath: '', timezone: 'UTC', demo: false }),
    trustedProxies: [],
    limits: { pages: 1000, forms: 100, denials: 1000, streams: 100 },
    authenticator: {
      authenticate: async ({ authorization }) => ({ actor: actorOf(authorization) }),
      verifyCsrf: () => true,
    },
    document: (_visit, page) => html`${page.main}`,
    staleNotice: () => html``,
    assets: [],
    head: () => journal.head(db),
    clock,
    log,
    metrics: createMetrics(),
    version: '0.0.0',
  });
  const stream = new ComponentStream({ db, journal, reads, log, areas: () => [] });
  registerApi(server.web, { reads, clock, head: () => journal.head(db), context, stream });
  await journal.start();
  const { port } = await server.listen('127.0.0.1', 0);
  const origin = `http://127.0.0.1:${port}`;
  const bearer = (as?: string): Record<string, string> => (as === undefined ? {} : { authorization: `Bearer ${as}` });
  after(async () => {
    stream.stop();
    await server.close();
    await journal.stop();
  });
  return {
    world,
    server,
    origin,
    ask: (path, as) => fetch(origin + path, { headers: bearer(as) }),
    send: (body, as = 'monitor', headers = {}) =>
      fetch(`${origin}/api/signals`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(as), ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

async function json(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>;
}

describe('POST /api/signals', async () => {
  const api = await startApi();
  for (const key of ['net/a', 'net/b']) await api.world.declare({ key });

  it('answers 401 before it looks at anything, and 403 to a token without the scope', async () => {
    const nobody = await fetch(`${api.origin}/api/signals`, { method: 'POST', body: '{ not json' });
    assert.equal(nobody.status, 401);
    assert.equal((await api.send('{ not json', 'forged')).status, 401);
    assert.equal((await api.send({ component: 'net/a', level: 'degraded' }, 'reader')).status, 403);
  });

  it('takes one signal and shows it', async () => {
    const answer = await api.send({
      component: 'net/a',
      level: 'degraded',
      summary: 'packet loss',
      evidence: 'https://grafana.example/d/1',
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(await json(answer), { results: [{ status: 200, outcome: 'recorded', component: 'net/a' }] });
    const row = await json(await api.ask('/api/components/net/a'));
    assert.equal(row['level'], 'degraded');
    const why = row['why'] as { signals: Record<string, unknown>[] };
    assert.equal(why.signals[0]?.['source'], 'api/monitor');
    assert.equal(why.signals[0]['expiresAt'], addMs(START, 10 * MINUTE));
  });

  it('answers a list item by item', async () => {
    const answer = await api.send([
      { component: 'net/b', level: 'operational', observedAt: '2026-11-21T12:59:00+01:00' },
      { component: 'net/b', level: 'operational', observedAt: '2026-11-21T11:59:00Z' },
      { component: 'net/b', level: 'broken' },
      { component: 'net/none', level: 'degraded' },
      { component: 'NET/../x', level: 'degraded' },
      'nonsense',
      { component: 'net/b', level: 'degraded', levle: 1 },
      { component: 'net/b', level: 'degraded', evidence: 'javascript:alert(1)' },
      { component: 'net/b', level: 'degraded', observedAt: addMs(START, 5 * MINUTE) },
    ]);
    assert.equal(answer.status, 200);
    const { results } = (await json(answer)) as { results: { status: number; outcome: string; detail?: string }[] };
    assert.deepEqual(
      results.map(({ status, outcome }) => `${status} ${outcome}`),
      [
        '200 recorded',
        '200 duplicate',
        '400 invalid',
        '404 unknown_component',
        '400 invalid',
        '400 invalid',
        '400 invalid',
        '400 invalid',
        '400 invalid',
      ],
    );
    assert.match(results[8]?.detail ?? '', /ahead of our time/);
    assert.equal((await json(await api.ask('/api/components/net/b')))['level'], 'operational');
  });

  it('answers a single refused signal with a problem', async () => {
    assert.equal((await api.send({ component: 'net/none', level: 'degraded' })).status, 404);
    const answer = await api.send({ component: 'net/a', level: 'terrible' });
    assert.equal(answer.status, 400);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  });

  it('takes at most 1,000 and at least one', async () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ component: 'net/a', level: 'notice' }));
    assert.equal((await api.send(many(1001))).status, 400);
    assert.equal((await api.send([])).status, 400);
    assert.equal((await api.send(many(1000))).status, 200);
  });

  it('answers a repeated Idempotency-Key as before and refuses it for something else', async () => {
    const { clock, told } = api.world;
    const key = { 'idempotency-key': 'run-1' };
    const body = { component: 'net/b', level: 'major_outage' };
    const first = await json(await api.send(body, 'monitor', key));
    const events = (await told()).length;
    clock.go(MINUTE);
    assert.deepEqual(await json(await api.send(body, 'monitor', key)), first);
    assert.equal((await told()).length, events);
    assert.equal((await api.send({ ...body, level: 'notice' }, 'monitor', key)).status, 409);
    assert.equal((await api.send(body, 'builder', key)).status, 200, 'another token has keys of its own');
    const both = await Promise.all([1, 2, 3].map(() => api.send([body], 'monitor', { 'idempotency-key': 'run-2' })));
    const texts = await Promise.all(both.map((answer) => answer.text()));
    assert.equal(new Set(texts).size, 1);
  });

  it('creates a component only with the scope for it', async () => {
    const answer = await api.send([{ component: 'jobs/backup', level: 'operational' }], 'builder');
    assert.deepEqual(await json(answer), {
      results: [{ status: 200, outcome: 'recorded', component: 'jobs/backup', created: true }],
    });
    const row = await json(await api.ask('/api/components/jobs/backup'));
    assert.deepEqual([row['name'], row['level']], ['backup', 'operational']);
  });

  it('leaves an audit row for what changes and none for a repetition', async () => {
    const { db, clock } = api.world;
    const count = async () =>
      (await auditEntries(db, {}, { limit: 100 })).filter(({ action }) => action === 'components.signals_reported')
        .length;
    clock.go(MINUTE);
    const before = await count();
    await api.send({ component: 'net/a', level: 'partial_outage', summary: 'again' });
    assert.equal(await count(), before + 1);
    clock.go(MINUTE);
    await api.send({ component: 'net/a', level: 'partial_outage', summary: 'again' });
    assert.equal(await count(), before + 1);
    const [entry] = await auditEntries(db, {}, { limit: 100 });
    assert.deepEqual([entry?.actor, entry?.subject], ['token:monitor', 'component:net/a']);
  });

  it('takes words with nothing to see in them for none', async () => {
    api.world.clock.go(MINUTE);
    await api.send({ component: 'net/a', level: 'degraded', state: ' \u200b\u202e', summary: '' });
    const { state, why } = (await json(await api.ask('/api/components/net/a'))) as {
      state: string | null;
      why: { signals: { summary: string | null }[] };
    };
    assert.deepEqual([state, why.signals[0]?.summary], [null, null]);
  });

  it('makes one line of hostile text', async () => {
    api.world.clock.go(MINUTE);
    await api.send({
      component: 'net/a',
      level: 'degraded',
      summary: ' a\u0000b\r\nSet-Cookie: x\u001b[2J ',
      state: '\ud800',
    });
    const { why } = (await json(await api.ask('/api/components/net/a'))) as {
      why: { signals: { summary: string; state: string }[] };
    };
    assert.equal(why.signals[0]?.summary, 'a b Set-Cookie: x [2J');
    assert.equal(why.signals[0].state, '\ufffd');
  });
});

describe('GET /api/components', async () => {
  const api = await startApi();
  const { declare, report } = api.world;
  await declare({ key: 'lab/krios', name: '=HYPERLINK("x")', group: 'Cryo' });
  await declare({ key: 'lab/talos', name: 'Talos', group: 'Cryo', position: 1 });
  await declare({ key: 'lab/secret', name: 'Hidden prototype', visibility: 'members' });
  await declare({ key: 'net/edge', name: 'Edge' });
  await report(
    { component: 'lab/krios', level: 'major_outage', summary: '=cmd|calc', confidential: false },
    {
      component: 'lab/talos',
      level: 'degraded',
      confidential: true,
      summary: 'stolen detector',
      evidence: 'https://gitlab/7',
      state: 'LIMITED by #7',
    },
    { component: 'lab/secret', level: 'major_outage', summary: 'prototype burns' },
    { component: 'net/edge', level: 'operational' },
  );

  const keys = async (path: string, as?: string) => {
    const page = (await json(await api.ask(path, as))) as {
      components: { key: string }[];
      total: number;
      next: string | null;
    };
    return [page.components.map(({ key }) => key), page.total, page.next];
  };

  it('lists, filters and turns pages', async () => {
    assert.deepEqual(await keys('/api/components'), [['lab/krios', 'lab/talos', 'net/edge'], 3, null]);
    assert.deepEqual(await keys('/api/components?area=net'), [['net/edge'], 1, null]);
    assert.deepEqual(await keys('/api/components?level=degraded'), [['lab/talos'], 1, null]);
    assert.deepEqual(await keys('/api/components?q=CRYO'), [['lab/krios', 'lab/talos'], 2, null]);
    assert.deepEqual(await keys('/api/components?limit=2'), [['lab/krios', 'lab/talos'], 3, 'lab/talos']);
    assert.deepEqual(await keys('/api/components?limit=2&after=lab/talos'), [['net/edge'], 3, null]);
    assert.equal((await api.ask('/api/components?level=fine')).status, 400);
  });

  it('hides what is for members in every representation', async () => {
    const paths = [
      '/api/components/lab/secret',
      '/api/components/lab/secret/history',
      '/api/components/lab/secret/history?format=csv',
    ];
    const none = await (await api.ask('/api/components/lab/none')).text();
    for (const path of paths) {
      const answer = await api.ask(path);
      assert.equal(answer.status, 404);
      assert.equal(
        (await answer.text()).replace('lab/secret', 'lab/none').length,
        none.length,
        'no other answer than for nothing',
      );
      assert.equal((await api.ask(path, 'reader')).status, 200);
    }
    assert.doesNotMatch(await (await api.ask('/api/components?q=prototype')).text(), /secret|prototype burns/);
    assert.deepEqual((await keys('/api/components?q=prototype', 'reader'))[0], ['lab/secret']);
  });

  it('tells of a confidential report its level and nothing else', async () => {
    api.world.clock.go(MINUTE);
    for (const path of ['', '/history', '/history?format=csv']) {
      const text = await (await api.ask(`/api/components/lab/talos${path}`)).text();
      assert.doesNotMatch(text, /stolen|gitlab|#7|LIMITED/);
      assert.match(text, /degraded/);
      assert.match(text, /confidential/);
      assert.match(
        await (await api.ask(`/api/components/lab/talos${path}`, 'reader')).text(),
        /stolen|confidential report/,
      );
    }
  });

  it('gives the history as JSON and as CSV that no spreadsheet runs', async () => {
    const history = await json(await api.ask('/api/components/lab/krios/history'));
    assert.deepEqual(
      (history['transitions'] as { from: string; to: string }[]).map(({ from, to }) => [from, to]),
      [['unknown', 'major_outage']],
    );
    assert.deepEqual(history['next'], null);
    const answer = await api.ask('/api/components/lab/krios/history?format=csv');
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="lab-krios-history\.csv"$/);
    const lines = (await answer.text()).split('\r\n');
    assert.equal(lines.length, 4);
    assert.ok(lines[1]?.includes(",'=cmd|calc,"));
    assert.match(lines[2] ?? '', /,unknown,,,,,,$/, 'what was before anybody watched');
  });

  it('gives time that nobody watched a row of its own in the CSV, as the JSON does', async () => {
    const own = await startApi();
    const { world } = own;
    const minute = (count: number) => addMs(START, count * MINUTE);
    await world.declare({ key: 'lab/saw' });
    await world.report({ component: 'lab/saw', level: 'operational', summary: 'cuts', expiresAt: undefined });
    await recordOwnDowntime(world.context);
    world.clock.go(10 * MINUTE);
    await recordOwnDowntime(world.context);
    world.clock.go(5 * MINUTE);
    const path = `/api/components/lab/saw/history?from=${START}`;
    const csv = await (await own.ask(`${path}&format=csv`)).text();
    const rows = csv.trim().split('\r\n').slice(1);
    assert.deepEqual(
      rows.map((row) => row.split(',').slice(1, 6)),
      [
        [minute(10), '', '', 'unknown', 'operational'],
        [START, minute(10), '600', '', 'unknown'],
      ],
    );
    assert.deepEqual(
      rows.map((row) => row.split(',')[10]),
      ['cuts', ''],
      'of our own downtime nothing is said',
    );
    const { periods } = (await json(await own.ask(path))) as { periods: { from: string; level: string }[] };
    assert.deepEqual(
      rows.map((row) => [row.split(',')[1], row.split(',')[5]]),
      periods.reverse().map(({ from, level }) => [from, level]),
    );
  });

  it('describes its operations', async () => {
    const { paths } = (await json(await api.ask('/api/openapi.json'))) as {
      paths: Record<string, Record<string, { responses: Record<string, { content: object }> }>>;
    };
    assert.ok(paths['/api/signals']?.['post']);
    const history = paths['/api/components/{area}/{name}/history']?.['get'];
    assert.deepEqual(Object.keys(history?.responses['200']?.content ?? {}), ['application/json', 'text/csv']);
  });

  it('tells Prometheus the status of public components only', async () => {
    const metrics = createMetrics();
    registerStatusMetrics(metrics, api.world.reads, api.world.context.config);
    const text = await metrics.render();
    assert.match(text, /signalbox_component_status\{component="lab\/krios",level="major_outage"\} 1/);
    assert.match(text, /signalbox_component_status\{component="lab\/krios",level="operational"\} 0/);
    assert.doesNotMatch(text, /secret/);
    await api.world.declare({ key: 'lab/krios', visibility: 'members' });
    assert.doesNotMatch(await metrics.render(), /krios/, 'nor of one that was public before');
  });
});

describe('/api/stream', async () => {
  const api = await startApi();
  await api.world.declare({ key: 'net/a' });
  await api.world.declare({ key: 'net/hidden', visibility: 'members' });
  await api.world.report(
    { component: 'net/a', level: 'operational' },
    { component: 'net/hidden', level: 'operational' },
  );

  it('tells changes as they happen, to each what they may see, and resumes', async () => {
    const { report, clock } = api.world;
    const everybody = listen(api.origin);
    const member = listen(api.origin, { token: 'reader' });
    const { event, id } = await everybody.next();
    assert.equal(event, 'ready');
    await member.next();
    clock.go(MINUTE);
    await report({ component: 'net/hidden', level: 'degraded' });
    await report({ component: 'net/a', level: 'major_outage', summary: 'fire' });
    const heard = await everybody.next();
    assert.equal(heard.event, 'component.status_changed');
    assert.deepEqual(JSON.parse(heard.data), {
      key: 'net/a',
      name: 'net/a',
      from: 'operational',
      to: 'major_outage',
      state: null,
      since: clock.now(),
    });
    assert.equal((JSON.parse((await member.next()).data) as { key: string }).key, 'net/hidden');
    everybody.stop();
    member.stop();
    const resumed = listen(api.origin, { after: id });
    assert.deepEqual(await resumed.next(), heard);
    resumed.stop();
    const late = listen(api.origin, { after: heard.id });
    clock.go(MINUTE);
    await report({ component: 'net/a', level: 'major_outage', summary: 'still fire' });
    assert.equal((await late.next()).event, 'change', 'another sentence under the same light');
    late.stop();
  });

  it('does not tell what has become hidden since', async () => {
    const { report, declare, clock } = api.world;
    const before = listen(api.origin);
    const { id } = await before.next();
    before.stop();
    clock.go(MINUTE);
    await declare({ key: 'net/b' });
    await report({ component: 'net/b', level: 'degraded' });
    await declare({ key: 'net/b', visibility: 'members' });
    await report({ component: 'net/a', level: 'notice' });
    const resumed = listen(api.origin, { after: id });
    assert.equal((JSON.parse((await resumed.next()).data) as { key: string }).key, 'net/a');
    resumed.stop();
  });

  it('tells who comes with an unknown id to look at everything again', async () => {
    const lost = listen(api.origin, { after: 'not-a-cursor' });
    assert.equal((await lost.next()).event, 'reset');
    lost.stop();
  });

  it('gives many listeners every event once', async () => {
    const { report, clock } = api.world;
    const listeners = Array.from({ length: 40 }, () => listen(api.origin));
    await Promise.all(listeners.map((one) => one.next()));
    const levels = ['degraded', 'operational', 'major_outage', 'notice'] as const;
    for (const level of levels) {
      clock.go(MINUTE);
      await report({ component: 'net/a', level });
    }
    for (const listener of listeners) {
      const heard: string[] = [];
      for (const _ of levels) heard.push((JSON.parse((await listener.next()).data) as { to: string }).to);
      assert.deepEqual(heard, [...levels]);
      listener.stop();
    }
  });
});
