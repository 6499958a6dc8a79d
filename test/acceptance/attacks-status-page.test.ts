import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import ICAL from 'ical.js';
import { announceMaintenance } from '../../src/modules/status-page/actions/announce-maintenance.ts';
import { openIncident } from '../../src/modules/status-page/actions/open-incident.ts';
import { postUpdate } from '../../src/modules/status-page/actions/post-update.ts';
import { saveSeries } from '../../src/modules/status-page/actions/save-series.ts';
import { writePostmortem } from '../../src/modules/status-page/actions/write-postmortem.ts';
import { parseXml } from '../../src/platform/feeds/read-xml.cases.ts';
import { type Person, signIn } from '../support/people.ts';
import { promtoolComplaints, withoutPromtool } from '../support/promtool.ts';
import { representationsOf } from '../support/representations.ts';
import { fill, type Route, withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { declare, KEYS, retire, statusPageOf } from '../support/status-page-secrets.ts';
import { person } from '../support/status-page-world.ts';
import { type Asked, askAll } from '../support/surface.ts';

let box: TestApp;
let routes: readonly Route[];
let admin: Person;

before(async () => {
  ({ started: box, routes } = await withRoutes(() => startApp({ scheduled: false })));
  admin = await signIn(box, 'admin');
});
after(() => box.stop());

const MARKUP = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg/onload=alert(3)>',
  "' onmouseover='alert(4)",
  ']]><script>alert(5)</script>',
  '<!--<iframe srcdoc="<script>alert(6)</script>">',
  '</textarea></title><base href=//evil.test>',
];
const MARKDOWN = [
  ...MARKUP,
  '[a](javascript:alert(7))',
  '[b](JaVaScRiPt&colon;alert(8))',
  '![c](data:text/html,<script>alert(9)</script>)',
  '<javascript:alert(10)>',
  '[d]: vbscript:alert(11)\n[d]',
  '```mermaid\ngraph TD; A[<img src=x onerror=alert(12)>]\n```',
  '<details open ontoggle=alert(13)>x</details>',
  '[e](//evil.test "title\" onclick=\"alert(14)")',
  '<a href="data:text/html,x">f</a>',
].join('\n\n');

/** What a browser would act on and is not ours; null: nothing. */
function activeIn(markup: string): string | null {
  const address = /<[a-z][^<>]*\s(?:href|src|action|data|formaction)\s*=\s*["']?\s*(?:javascript|data|vbscript):[^>]*/i;
  const link = address.exec(markup);
  // What is quoted is text, whatever it says.
  const bare = markup.replaceAll(/"[^"<>]*"/g, '""');
  const script = /<script(?! type="" src=""| src="")[^>]*>/i.exec(bare);
  const element = /<(?:iframe|object|embed|base|details open ontoggle|meta http-equiv|svg\/|img\s+src=x)[^>]*/i.exec(
    bare,
  );
  const handler = /<[a-z][^<>]*\s(?:on[a-z]+|style)\s*=[^>]*/i.exec(bare);
  return (link ?? script ?? element ?? handler)?.[0] ?? null;
}

describe('attack 13: markup in everything that people, machines and catalogues write', () => {
  let answers: Asked[];

  before(async () => {
    const context = statusPageOf(box);
    const ids: number[] = [];
    const author = person('operator', MARKUP.join(' '));
    let n = 0;
    for (const markup of MARKUP) {
      n += 1;
      const key = `status-page/hostile${n}`;
      await declare(context, { key, name: markup, region: markup, category: markup, secret: markup });
      await box.app.journal.drain();
      const about = { description: MARKDOWN.slice(0, 1400), components: [key] };
      const title = `Title ${markup}`;
      const closed = await openIncident(context, author, { title, impact: 3, ...about, text: MARKDOWN });
      await postUpdate(context, author, closed.id, { status: 'resolved', text: MARKDOWN });
      await writePostmortem(context, author, closed.id, { text: MARKDOWN, publish: true });
      const open = await openIncident(context, author, { title, impact: 2, ...about, text: MARKDOWN });
      // It takes the component out of the one before, and both say so.
      const taking = await openIncident(context, author, { title, impact: 1, ...about, text: MARKDOWN });
      const { id } = await announceMaintenance(context, author, {
        ...{ title, ...about, text: MARKDOWN, confirmed: true },
        ...{ start: '2030-01-01T10:00:00Z', end: '2030-01-01T12:00:00Z' },
      });
      ids.push(closed.id, open.id, taking.id, id ?? 0);
    }
    const token = await box.token('signals:write');
    const report = { name: MARKUP[0], impact: 1, text: MARKUP[1] };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(`${box.url}/api/v1/component_status`, { method: 'POST', headers, body: JSON.stringify(report) });
    await retire(context, 'status-page/hostile7');
    await box.app.journal.drain();
    const addresses = representationsOf({
      keys: [1, 2, 3, 4, 5, 6, 7].map((at) => `status-page/hostile${at}`),
      incidents: ids,
      regions: ['script-alert-1-script', 'img-src-x-onerror-alert-2'],
      categories: ['script-alert-1-script', 'svg-onload-alert-3'],
    }).map(({ address }) => address);
    answers = [
      ...(await askAll(box.url, addresses)),
      ...(await askAll(box.url, addresses, { headers: admin.headers, languages: ['en'] })),
    ];
  });

  const ofType = (type: RegExp) => answers.filter((answer) => type.test(answer.type));

  it('never becomes markup of a page or of a picture', () => {
    // The page of the design system shows pictures of its own, and nothing that anybody wrote.
    const pages = ofType(/html|svg/).filter(({ path }) => path !== '/design');
    assert.ok(pages.length > 100);
    for (const { path, body } of pages) assert.equal(activeIn(body), null, path);
    assert.ok(pages.some(({ body }) => body.includes('&lt;script&gt;alert(1)')));
  });

  it('never becomes markup of a feed, nor of what feed readers show', () => {
    const feeds = ofType(/(rss|atom)\+xml/);
    assert.ok(feeds.length > 10);
    for (const { path, body } of feeds) {
      parseXml(body);
      assert.equal(activeIn(body), null, path);
      // Titles are text: only what is declared as HTML is shown as such.
      for (const shown of htmlIn(body)) assert.equal(activeIn(shown), null, path);
    }
    const lists = ofType(/feed\+json/);
    assert.ok(lists.length > 5);
    for (const { path, body } of lists) {
      const { items } = JSON.parse(body) as { items: { content_html?: string }[] };
      for (const { content_html = '' } of items) assert.equal(activeIn(content_html), null, path);
    }
  });

  it('never becomes a line of a calendar', () => {
    const calendars = ofType(/calendar/);
    assert.ok(calendars.length > 5);
    for (const { body } of calendars) {
      const names = new ICAL.Component(ICAL.parse(body) as unknown[]).getAllSubcomponents().map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => name !== 'vevent' && name !== 'vtimezone'),
        [],
      );
    }
  });

  it('is JSON for programs under a type that no browser renders, and anchors of version 1 hold no name as markup', () => {
    for (const { path, body, headers } of ofType(/json/)) {
      JSON.parse(body);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    }
    const list = answers.find(({ path }) => path === '/api/v1/incidents')?.body ?? '[]';
    const rows = (JSON.parse(list) as { updates: { status: string; text: string }[] }[]).flatMap((one) => one.updates);
    const system = rows.filter(({ status }) => status === 'SYSTEM');
    assert.ok(system.length > 0);
    for (const { text } of system)
      assert.doesNotMatch(text.replaceAll(/<a href='\/incidents\/\d+'>|<\/a>/g, ''), /[<>]/);
  });
});

/** What readers render: the HTML of each entry. */
function htmlIn(feed: string): string[] {
  const entries = feed.slice(Math.max(feed.search(/<(item|entry)>/), 0));
  const found = [
    ...entries.matchAll(/<(description|content|content:encoded)\b(?! type="text")[^>]*>([\s\S]*?)<\/\1>/g),
  ];
  return found.map(([, , escaped = '']) =>
    escaped
      .replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );
}

describe('attack 15: a foreign page that uses the cookie of an operator at the API', () => {
  it('changes nothing through any POST, whatever it says it is', async () => {
    const posts = routes.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'));
    assert.ok(posts.length >= 6);
    const entries = async () => {
      const log = box.app.db.for<{ audit_entry: { position: number } }>();
      return (await log.selectFrom('audit_entry').select('position').execute()).length;
    };
    const before = await entries();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
      {},
    ];
    const body = JSON.stringify({
      ...{ type: 'incident', title: 'By a foreign page', impact: 3, components: ['status-page/hostile1'] },
      ...{ status: 'resolved', text: 'By a foreign page', others: [1] },
    });
    for (const { path } of posts) {
      for (const headers of foreign) {
        const sent = { 'content-type': 'application/json', ...admin.headers, ...headers };
        const { status } = await fetch(box.url + fill(path, { id: '1' }), { method: 'POST', headers: sent, body });
        assert.ok(status === 403 || status === 401, `${path} ${JSON.stringify(headers)}: ${status}`);
      }
      const sent = { 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin', ...admin.headers };
      const { status } = await fetch(box.url + fill(path, { id: '1' }), { method: 'POST', headers: sent, body });
      assert.ok(status === 400 || status === 415 || status === 403, `${path} as text: ${status}`);
    }
    assert.equal(await entries(), before);
  });
});

describe('attack 25: tokens and roles beyond what they are for', () => {
  const incident = { type: 'incident', title: 'Beyond its scope', impact: 1 };
  const METHODS: Record<string, string> = { 1: 'PATCH', postmortem: 'PUT' };
  const post = async (headers: Record<string, string>, path: string, body: unknown) =>
    await fetch(box.url + path, {
      method: METHODS[path.split('/').at(-1) ?? ''] ?? 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
      body: JSON.stringify(body),
    });
  const bearer = async (...scopes: Parameters<TestApp['token']>) => ({
    authorization: `Bearer ${await box.token(...scopes)}`,
  });
  let shut: number;

  before(async () => {
    const context = statusPageOf(box);
    await declare(context, { key: KEYS.shut, name: 'Shut', region: 'r', category: 'c', visibility: 'members' });
    await declare(context, { key: KEYS.open, name: 'Open', region: 'r', category: 'c' });
    await box.app.journal.drain();
    ({ id: shut } = await openIncident(context, person('operator'), {
      ...{ title: 'For members alone', impact: 2, components: [KEYS.shut] },
    }));
  });

  it('let a token that reports write no incident, and one that writes report nothing', async () => {
    const writes = [
      ['/api/incidents', { ...incident, components: [KEYS.open] }],
      ['/api/incidents/1/updates', { status: 'resolved', text: 'Done.' }],
      ['/api/incidents/1/extract', { components: [KEYS.open] }],
      ['/api/incidents/1/merge', { others: [2] }],
      ['/api/incidents/1/back-date', { start: '2026-01-01T00:00:00Z' }],
      ['/api/incidents/1/review', { version: 1, verdict: 'approve' }],
      ['/api/incidents/1/updates/1', { text: 'Not so.' }],
      ['/api/incidents/1/postmortem', { text: 'A cable.', publish: true }],
    ] as const;
    for (const [path, body] of writes) {
      for (const headers of [await bearer('signals:write', 'components:create', 'read'), await bearer('read')]) {
        assert.equal((await post(headers, path, body)).status, 403, path);
      }
      assert.equal((await post({}, path, body)).status, 401, path);
      for (const role of ['viewer', 'reporter'] as const) {
        assert.equal((await post((await signIn(box, role)).headers, path, body)).status, 403, `${path} as ${role}`);
      }
    }
    const headers = await bearer('incidents:write', 'read');
    assert.equal((await post(headers, '/api/v1/component_status', { name: 'Open', impact: 1 })).status, 403);
    assert.equal((await post(headers, '/api/signals', [])).status, 403);
  });

  it('let a token that may not read about members write nothing there, and learn nothing by trying', async () => {
    const headers = await bearer('incidents:write');
    const never = 999_999;
    for (const [path, body] of [
      ['updates', { status: 'analysing', text: 'We look.' }],
      ['extract', { components: [KEYS.shut] }],
      ['merge', { others: [1] }],
      ['back-date', { start: '2026-01-01T00:00:00Z' }],
      ['review', { version: 1, verdict: 'approve' }],
      ['updates/1', { text: 'Not so.' }],
      ['postmortem', { text: 'A cable.', publish: true }],
    ] as const) {
      const answers = [];
      for (const id of [shut, never]) {
        const answer = await post(headers, `/api/incidents/${id}/${path}`, body);
        const text = (await answer.text()).replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(String(id), 'ID');
        answers.push(`${answer.status} ${text}`);
      }
      assert.equal(answers[0], answers[1], path);
      assert.match(answers[0] ?? '', /^404 /, path);
    }
    const opened = await post(headers, '/api/incidents', { ...incident, components: [KEYS.shut] });
    const unknown = await post(headers, '/api/incidents', { ...incident, components: ['status-page/never-was'] });
    assert.deepEqual([opened.status, unknown.status], [400, 400]);
    const own = await post(headers, '/api/incidents', { ...incident, components: [KEYS.open] });
    assert.equal(own.status, 201);
    const { id } = (await own.json()) as { id: number };
    assert.equal((await post(headers, `/api/incidents/${id}/merge`, { others: [shut] })).status, 404);
    assert.equal((await post(headers, `/api/incidents/${id}/extract`, { components: [KEYS.shut] })).status, 404);
    const known = await fetch(`${box.url}/api/incidents/${shut}`, { headers: await bearer('read') });
    assert.equal(((await known.json()) as { status: string }).status, 'detected', 'nothing was written there');
  });
});

describe('attack 31: absurd times, zones, recurrences and pages', () => {
  const operator = person('operator');
  const series = {
    ...{ title: 'Again and again', description: 'Work.', components: ['status-page/hostile1'], durationMinutes: 60 },
    ...{ zone: 'Europe/Rome', startLocal: '2030-01-01T08:00' },
  };

  it('are refused as recurrences, at once and before anything is stored', { timeout: 30_000 }, async () => {
    const context = statusPageOf(box);
    const bombs: Record<string, unknown>[] = [
      ...[
        'FREQ=SECONDLY',
        'FREQ=MINUTELY;INTERVAL=1',
        'FREQ=HOURLY',
        'FREQ=DAILY;BYSECOND=0,1,2',
        'FREQ=DAILY;FREQ=DAILY',
      ],
      ...[
        'FREQ=DAILY;COUNT=999999999',
        'FREQ=DAILY;INTERVAL=0',
        'FREQ=DAILY;INTERVAL=-1',
        `FREQ=DAILY;${'X'.repeat(500)}`,
      ],
      ...['FREQ=DAILY;UNTIL=99999999T999999Z', ''],
    ].map((rule) => ({ ...series, rule }));
    for (const zone of ['Mars/Base', '../../etc/passwd', 'UTC+99', '__proto__', 'x'.repeat(64), '']) {
      bombs.push({ ...series, rule: 'FREQ=DAILY', zone });
    }
    for (const startLocal of ['9999-99-99T99:99', '0000-00-00T00:00', '+10000-01-01T00:00', '2030-02-31T10:00']) {
      bombs.push({ ...series, rule: 'FREQ=DAILY', startLocal });
    }
    bombs.push({ ...series, rule: 'FREQ=DAILY', durationMinutes: 1e9 });
    for (const bomb of bombs) {
      await assert.rejects(
        saveSeries(context, operator, bomb),
        { name: 'AppError', code: 'invalid' },
        JSON.stringify(bomb),
      );
    }
    const stored = box.app.db.for<{ status_page_series: { id: string } }>().selectFrom('status_page_series');
    assert.deepEqual(await stored.select('id').execute(), []);
    // These are possible and come never, or so late that nobody can say when.
    for (const [rule, startLocal] of [
      ['FREQ=DAILY', '9999-12-31T23:30'],
      ['FREQ=DAILY', '9998-01-01T00:00'],
      ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2030-01-01T08:00'],
    ] as const) {
      await saveSeries(context, operator, { ...series, rule, startLocal }).catch((error: unknown) => {
        assert.equal((error as { code?: string }).code, 'invalid', startLocal);
      });
    }
  });

  it('are taken as they are, or refused, in the API: no answer is an error of ours', async () => {
    const headers = { authorization: `Bearer ${await box.token('incidents:write', 'read')}` };
    const sent = { ...headers, 'content-type': 'application/json' };
    const times = [
      '9999-12-31T23:59:59Z',
      '9999-12-31T23:59:59-14:00',
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00+14:00',
    ];
    const odd = ['+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-02-31T00:00:00Z', '1e9', 'now', ''];
    for (const start of [...times, ...odd]) {
      for (const end of ['9999-12-31T23:59:59Z', '2030-01-01T00:00:00Z']) {
        const body = {
          type: 'maintenance',
          title: 'Far away in time',
          description: 'x',
          components: ['status-page/hostile1'],
        };
        const answer = await fetch(`${box.url}/api/incidents`, {
          method: 'POST',
          headers: sent,
          body: JSON.stringify({ ...body, start, end, contactEmail: 'a@example.org' }),
        });
        assert.ok(answer.status === 201 || answer.status === 400, `${start}: ${answer.status} ${await answer.text()}`);
      }
    }
    await box.app.journal.drain();
    for (const path of [
      '/',
      '/maintenances',
      '/history',
      '/availability',
      '/feeds/all.ics',
      '/feeds/all.atom',
      '/feeds/all.rss',
    ]) {
      assert.equal((await fetch(box.url + path)).status, 200, path);
    }
    for (const path of [
      '/api/v1/incidents',
      '/api/v2/scheduled-maintenances.json',
      '/components/status-page/hostile1',
    ]) {
      assert.equal((await fetch(box.url + path)).status, 200, path);
    }
  });

  it('make no filter and no page number an error of ours, and show what they include', {
    timeout: 60_000,
  }, async () => {
    const values = [
      '9999-12-31',
      '0000-01-01',
      '0001-01-01',
      '9999-12-31T23:59:59Z',
      '-1',
      '1e9',
      '%00',
      'x'.repeat(3000),
    ];
    const paths = [
      '/history',
      '/api/incidents',
      '/api/v1/incidents',
      '/availability',
      '/',
      '/components/status-page/hostile1',
    ];
    for (const path of paths) {
      for (const name of [
        'from',
        'until',
        'before',
        'page',
        'limit',
        'size',
        'region',
        'service',
        'q',
        'impact',
        'status',
      ]) {
        for (const value of values) {
          const { status } = await fetch(`${box.url}${path}?${name}=${value}`);
          assert.ok(status < 500, `${path}?${name}=${value.slice(0, 30)}: ${status}`);
        }
      }
    }
    for (const page of ['1000000000', '999999999999999999999', '-1', '0', '1.5', 'NaN', 'Infinity']) {
      for (const path of ['/history', '/api/incidents', '/api/v1/incidents']) {
        const { status } = await fetch(`${box.url}${path}?page=${page}`);
        assert.ok(status < 500, `${path} page ${page}: ${status}`);
      }
    }
    const all = async (query: string) =>
      ((await (await fetch(`${box.url}/api/v1/incidents?limit=100&${query}`)).json()) as unknown[]).length;
    assert.ok((await all('until=9999-12-30')) > 0);
    assert.equal(
      await all('until=9999-12-31'),
      await all('until=9999-12-30'),
      'the last day of all is one like others',
    );
    const history = async (query: string) => {
      const page = await (await fetch(`${box.url}/history?${query}`)).text();
      return /data-live="count">([^<]*)</.exec(page)?.[1];
    };
    const everything = await history('');
    assert.match(everything ?? '', /^[1-9]/);
    for (const query of [
      'until=9999-12-31',
      'until=9998-12-31',
      'from=0000-01-01',
      'from=1969-12-31&until=9999-99-99',
    ]) {
      assert.equal(await history(query), everything, query);
    }
  });
});

describe('the metrics after all that', { skip: withoutPromtool }, () => {
  it('are what promtool accepts, count incidents and reports, and name no component for members', async () => {
    const text = await (await fetch(`${box.url}/metrics`)).text();
    assert.equal(await promtoolComplaints(text), '');
    assert.match(text, /^signalbox_status_page_\w+/m);
    assert.doesNotMatch(text, /shut-svc|Shut/);
  });
});
