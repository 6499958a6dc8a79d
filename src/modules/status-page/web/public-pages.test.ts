import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addMs, DAY, HOUR, MINUTE } from '../../../core/index.ts';
import { type PageWorld, pageWorld } from './page-world.cases.ts';

describe('the public pages', () => {
  let world: PageWorld;
  let storage: number;
  let secret: number;

  after(() => world.stop());
  before(async () => {
    world = await pageWorld();
    const { now } = world;
    storage = await world.incident(
      { title: 'Uploads <b>fail</b>', impact: 3, status: 'fixing', contactEmail: 'ops@example.org' },
      ['status-page/obs-reg1', 'status-page/obs-reg2', 'status-page/vault'],
      [
        { at: addMs(now, -2 * HOUR), status: 'detected', system: true, fact: { kind: 'detected' } },
        { at: addMs(now, -HOUR), text: 'We **see** it. <script>alert(1)</script>' },
        {
          at: addMs(now, -30 * MINUTE),
          system: true,
          fact: { kind: 'component_added', component: 'status-page/vault' },
        },
        { at: addMs(now, -20 * MINUTE), status: 'fixing', text: 'A switch is replaced.' },
      ],
    );
    secret = await world.incident({ title: 'The vault is open', impact: 3 }, ['status-page/vault']);
    await world.incident(
      {
        type: 'maintenance',
        title: 'New firmware',
        impact: 0,
        status: 'planned',
        start: addMs(now, DAY),
        end: addMs(now, DAY + HOUR),
      },
      ['status-page/vm-reg1'],
    );
    await world.incident(
      {
        type: 'maintenance',
        title: 'Not yet reviewed',
        impact: 0,
        status: 'pending_review',
        told: false,
        start: addMs(now, DAY),
        end: addMs(now, DAY + HOUR),
      },
      ['status-page/vm-reg1'],
    );
    for (let number = 1; number <= 25; number++) {
      const start = addMs(now, -number * 10 * DAY);
      const region = number % 2 === 0 ? 'reg1' : 'reg2';
      await world.incident(
        { title: `Old trouble ${number}`, impact: 2, status: 'resolved', start, end: addMs(start, HOUR) },
        [`status-page/obs-${region}`],
        [{ at: addMs(start, HOUR), status: 'resolved', text: number === 7 ? 'It was the flux capacitor.' : 'Fixed.' }],
      );
    }
  });

  it('tell on the overview what goes on, with the latest update, and what is planned', async () => {
    const { body } = await world.get('/');
    assert.match(body, /Uploads &lt;b&gt;fail&lt;\/b&gt;/);
    assert.match(body, /A switch is replaced\./);
    assert.match(body, /New firmware/);
    assert.doesNotMatch(body, /vault|Not yet reviewed/i);
    assert.match(body, /Object Storage <small>Reg1<\/small>/);
  });

  it('show a component as the incident that holds it says, and why', async () => {
    const { body } = await world.get('/api/components/status-page/obs-reg1');
    const { level, why } = JSON.parse(body) as { level: string; why: { signals: { evidence: string }[] } };
    assert.equal(level, 'major_outage');
    assert.equal(why.signals[0]?.evidence, `${world.url}/incidents/${storage}`);
  });

  it('tell on the page of a component what was written about it, and offer its feeds', async () => {
    const { body } = await world.get('/components/status-page/obs-reg1');
    assert.match(body, new RegExp(`<a href="/incidents/${storage}">Uploads`));
    assert.match(
      body,
      /rel="alternate" type="text\/calendar"[^>]+href="\/feeds\/component\/status-page\/obs-reg1\.ics"/,
    );
    assert.match(body, /href="\/history\?service=Object%20Storage"/);
    assert.match(
      (await world.get('/')).body,
      /rel="alternate" type="application\/atom\+xml"[^>]+href="\/feeds\/all\.atom"/,
    );
  });

  it('tell an incident with its updates as harmless markup, and nothing that is for staff or members', async () => {
    const { status, body } = await world.get(`/incidents/${storage}`);
    assert.equal(status, 200);
    assert.match(body, /We <strong>see<\/strong> it\./);
    assert.doesNotMatch(body, /<script>alert|ops@example\.org|user:alice|vault/i);
    assert.ok(body.indexOf('A switch is replaced') < body.indexOf('We <strong>see'), 'newest first');
  });

  it('answer 404 for an incident of members, one that does not exist, and odd numbers', async () => {
    for (const id of [secret, 99_999, '0', '-1', '1e3', '9'.repeat(30), 'x']) {
      assert.equal((await world.get(`/incidents/${id}`)).status, 404, String(id));
    }
  });

  it('lead from /index, where the predecessor had its first page too, to / for good', async () => {
    const { status, headers } = await world.get('/index');
    assert.deepEqual([status, headers.get('location')], [308, '/']);
  });

  it('group the history by month, 20 at a time, and keep the filter while turning pages', async () => {
    const first = await world.get('/history');
    assert.equal(first.body.match(/Old trouble \d+/g)?.length, 20);
    assert.match(first.body, /href="\/history\?page=2"/);
    const second = await world.get('/history?page=2&impact=major');
    assert.equal(second.body.match(/Old trouble \d+/g)?.length, 5);
    assert.match(second.body, /href="\/history\?impact=major"/);
  });

  it('filter the history by words, region, service, impact and period', async () => {
    const titles = async (query: string) =>
      ((await world.get(`/history?${query}`)).body.match(/Old trouble \d+/g) ?? []).map((one) => Number(one.slice(12)));
    assert.deepEqual(await titles('q=FLUX+capacitor'), [7]);
    assert.deepEqual(await titles('region=Reg1&size=50'), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
    assert.deepEqual(await titles('service=Virtual+Servers'), []);
    assert.deepEqual(await titles('impact=minor'), []);
    const from = addMs(world.now, -35 * DAY).slice(0, 10);
    const until = addMs(world.now, -15 * DAY).slice(0, 10);
    assert.deepEqual(await titles(`from=${from}&until=${until}`), [2, 3]);
    assert.match((await world.get('/history?q=nowhere')).body, /Nothing matches/);
    assert.equal((await world.get('/history?page=x&size=7&impact=9&from=2026-99-99&status=%00')).status, 200);
  });

  it('offer in the filter of the history only what something over can be', async () => {
    const { body } = await world.get('/history');
    const [, select = ''] = /<select id="f-status"[^>]*>(.*?)<\/select>/s.exec(body) ?? [];
    assert.deepEqual(
      [...select.matchAll(/value="([^"]*)"/g)].map(([, value]) => value),
      ['', 'resolved', 'completed', 'cancelled'],
    );
    assert.match((await world.get('/history?status=fixing')).body, /<option value="fixing" selected/);
  });

  it('find with what is resolved also what was changed since', async () => {
    const start = addMs(world.now, -900 * DAY);
    const about = { title: 'Taken over', status: 'changed', start, end: addMs(start, HOUR) } as const;
    await world.incident(about, ['status-page/obs-reg1']);
    assert.match((await world.get('/history?status=resolved&page=2')).body, /Taken over/);
  });

  it('put what was cancelled into the month in which it was', async () => {
    const monthOf = (at: string) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Rome', month: 'long', year: 'numeric' }).format(
        Date.parse(at),
      );
    const start = addMs(world.now, 200 * DAY);
    const about = { type: 'maintenance', status: 'cancelled', impact: 0, start, end: addMs(start, HOUR) } as const;
    await world.incident({ title: 'Called off', ...about }, ['status-page/obs-reg1'], [{ at: world.now }]);
    const { body } = await world.get('/history?q=called+off');
    assert.match(body, /Called off/);
    assert.ok(body.includes(`<h2>${monthOf(world.now)}`));
    assert.ok(!body.includes(`<h2>${monthOf(start)}`));
  });

  it('offer no service or region of members in the filter', async () => {
    assert.doesNotMatch((await world.get('/history')).body, /Vault|Hidden/);
  });

  it('list planned maintenances, but not those that wait for a review', async () => {
    const { body } = await world.get('/maintenances');
    assert.match(body, /New firmware/);
    assert.doesNotMatch(body, /Not yet reviewed/);
  });
});

describe('pages of incidents', async () => {
  const world = await pageWorld();
  after(() => world.stop());

  it('say of a maintenance that it is planned until it has begun, and of one that was called off for ever', async () => {
    const hours = (from: number, until: number) => ({
      ...({ type: 'maintenance', impact: 0 } as const),
      ...{ start: addMs(world.now, from * HOUR), end: addMs(world.now, until * HOUR) },
    });
    const facts = async (about: Parameters<PageWorld['incident']>[0], language = 'en') => {
      const id = await world.incident(about, ['status-page/vm-reg1']);
      const { body } = await world.get(`/incidents/${id}`, { 'accept-language': language });
      return /<dl class="facts">.*?<\/dl>/s.exec(body)?.[0] ?? '';
    };
    const planned = { ...hours(5, 6), title: 'New cables', status: 'planned' } as const;
    assert.match(await facts(planned), /<dt>Planned from<\/dt>.*<dt>Planned until<\/dt>/s);
    assert.match(await facts(planned, 'it'), /<dt>Previsto da<\/dt>.*<dt>Previsto fino a<\/dt>/s);
    const running = await facts({ ...hours(-1, 6), title: 'Newer cables', status: 'in_progress' });
    assert.match(running, /<dt>Began<\/dt>.*<dt>Planned until<\/dt>/s);
    const over = await facts({ ...hours(-3, -2), title: 'Old cables', status: 'completed' });
    assert.match(over, /<dt>Began<\/dt>.*<dt>Ended<\/dt>.*<dt>Lasted<\/dt>/s);
    const cancelled = await facts({ ...hours(-3, -2), title: 'No cables', status: 'cancelled' });
    assert.match(cancelled, /<dt>Planned from<\/dt>.*<dt>Planned until<\/dt>/s);
    assert.doesNotMatch(cancelled, /Began|Lasted/);
  });

  it('stand in the navigation where they are found: what lasts on the overview, what is over in the history', async () => {
    const storage = await world.incident({ title: 'Uploads fail' }, ['status-page/obs-reg1']);
    const span = { start: addMs(world.now, -3 * HOUR), end: addMs(world.now, -2 * HOUR) };
    const closed = await world.incident({ title: 'Over and done', status: 'resolved', ...span }, [
      'status-page/vm-reg1',
    ]);
    const coming = { start: addMs(world.now, DAY), end: addMs(world.now, DAY + HOUR), impact: 0 } as const;
    const planned = await world.incident({ type: 'maintenance', title: 'To come', status: 'planned', ...coming }, [
      'status-page/vm-reg1',
    ]);
    for (const [id, current] of [
      [storage, '/'],
      [closed, '/history'],
      [planned, '/maintenances'],
    ] as const) {
      const { body } = await world.get(`/incidents/${id}`);
      const [, navigation = ''] = /<nav class="main"[^>]*>(.*?)<\/nav>/s.exec(body) ?? [];
      const marked = [...navigation.matchAll(/href="([^"]*)" aria-current/g)].map(([, path]) => path);
      assert.deepEqual(marked, [current], `incident ${id}`);
      const [, crumbs = ''] = /<nav[^>]*class="[^"]*crumbs[^"]*"[^>]*>(.*?)<\/nav>/s.exec(body) ?? [];
      assert.deepEqual(
        [...crumbs.matchAll(/href="([^"]*)"/g)].map(([, path]) => path),
        current === '/' ? ['/'] : ['/', current],
      );
    }
  });
});
