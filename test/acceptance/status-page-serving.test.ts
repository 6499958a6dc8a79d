import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { openIncident } from '../../src/modules/status-page/actions/open-incident.ts';
import { Cable } from '../support/cable.ts';
import { ownAddress } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { declare, statusPageOf } from '../support/status-page-secrets.ts';
import { OPERATOR } from '../support/status-page-world.ts';
import { until } from '../support/until.ts';

const KEY = 'status-page/storage';
const FORMATS = ['rss', 'atom', 'json', 'ics'];

/** Everything that is kept for everybody, and what shows an incident on it. */
const CACHED: readonly [path: string, shows: RegExp][] = [
  ['/', /TITLE/],
  ['/incidents/ID', /TITLE/],
  [`/components/${KEY}`, /TITLE/],
  ['/feeds/all.rss', /TITLE/],
  ['/feeds/all.atom', /TITLE/],
  ['/feeds/all.json', /TITLE/],
  ['/feeds/region/north.rss', /TITLE/],
  ['/feeds/category/disks.atom', /TITLE/],
  [`/feeds/component/${KEY}.json`, /TITLE/],
  ['/rss/', /TITLE/],
  ['/api/v1/component_status', /TITLE/],
  ['/api/v1/incidents', /TITLE/],
  ['/api/v2/summary.json', /TITLE/],
  ['/api/v2/incidents.json', /TITLE/],
  ['/api/v2/incidents/unresolved.json', /TITLE/],
  ['/api/v2/status.json', /"major"/],
  ['/api/v2/components.json', /partial_outage/],
  [`/badges/${KEY}.svg`, /[Pp]artial outage/],
  [`/badges/${KEY}.json`, /[Pp]artial outage/],
];
const OTHERS = ['/history', '/maintenances', '/availability', '/feeds/all.ics', `/badges/${KEY}/uptime-30d.svg`];

async function fill(box: TestApp): Promise<number> {
  const context = statusPageOf(box);
  await declare(context, { key: KEY, name: 'Storage', region: 'north', category: 'Disks' });
  await box.app.journal.drain();
  return await break_(box, 'First TITLE');
}

async function break_(box: TestApp, title: string): Promise<number> {
  const { id } = await openIncident(statusPageOf(box), OPERATOR, { title, impact: 2, components: [KEY] });
  return id;
}

describe('what is kept for everybody', () => {
  let box: TestApp;
  let id: number;
  before(async () => {
    box = await startApp();
    await declare(statusPageOf(box), { key: KEY, name: 'Storage', region: 'north', category: 'Disks' });
    await box.app.journal.drain();
  });
  after(() => box.stop());

  const text = async (path: string) => await (await fetch(box.url + path.replace('ID', String(id)))).text();

  it('shows a change everywhere at once, without anybody clearing anything', async () => {
    const there = CACHED.filter(([path]) => !path.includes('ID'));
    for (const [path, shows] of there) assert.doesNotMatch(await text(path), shows, path);
    id = await break_(box, 'Another TITLE');
    await Promise.all(
      CACHED.map(([path, shows]) => until(`${path} shows it`, async () => shows.test(await text(path)))),
    );
  });

  it('is answered with 304 to who has it, compressed to who takes it, and is asked for again each time', async () => {
    for (const path of [...CACHED.map(([one]) => one), ...OTHERS]) {
      const url = box.url + path.replace('ID', String(id));
      const ask = async (encoding: string, etag = '') =>
        await fetch(url, { headers: { 'accept-encoding': encoding, 'if-none-match': etag } });
      // A page that is just being made anew has another tag than a moment ago.
      await until(`${path} is as it was`, async () => {
        const plain = await ask('identity');
        const { headers } = plain;
        assert.equal(plain.status, 200, path);
        assert.match(headers.get('cache-control') ?? '', /no-cache|max-age=\d/, path);
        assert.match(headers.get('vary') ?? '', /Accept-Encoding.*Accept-Language.*Cookie/, path);
        assert.match(headers.get('etag') ?? '', /^"[\w-]+"$/, path);
        const body = await plain.text();
        const packed = await ask('gzip');
        assert.equal(packed.headers.get('content-encoding'), body.length < 1024 ? null : 'gzip', path);
        assert.equal(await packed.text(), body, path);
        const again = await ask('identity', headers.get('etag') ?? '');
        assert.equal(await again.text(), '', path);
        return again.status === 304;
      });
    }
  });

  it('is neither crowded out nor slowed down by 20,000 addresses that mean the same', {
    timeout: 120_000,
  }, async () => {
    const { pages } = box.app.http;
    const entries = new Set<string>();
    const get = pages.get.bind(pages);
    let renderings = 0;
    pages.get = async (key, render, wanted) => {
      entries.add(key);
      return await get(
        key,
        async () => {
          renderings += 1;
          return await render();
        },
        wanted,
      );
    };
    await text('/');
    for (let at = 0; at < 20_000; at += 200) {
      const asked = Array.from({ length: 200 }, async (_, n) => {
        const path = ['/', '/history', '/feeds/all.rss', '/api/v2/summary.json'][n % 4] ?? '/';
        const answer = await box.app.http.inject({ url: `${path}?x=${Math.random()}&utm_source=${at + n}` });
        assert.equal(answer.statusCode, 200);
      });
      await Promise.all(asked);
    }
    assert.ok(entries.size <= 8, `${entries.size} entries`);
    assert.ok(renderings < 200, `${renderings} renderings of 20,000 requests`);
    pages.get = get;
  });
});

const GONE = [...CACHED.map(([path]) => path), ...OTHERS, ...FORMATS.map((format) => `/feeds/all.${format}`)];

/** Ten times what there was, on every kept page, none of which may be rendered. */
async function flood(box: TestApp, id: number): Promise<void> {
  for (const path of GONE) {
    const url = box.url + path.replace('ID', String(id));
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).status));
    assert.deepEqual(new Set(statuses), new Set([200]), path);
  }
}

describe('attack 29: the status page while another process holds the database', () => {
  let box: TestApp;
  let id: number;
  before(async () => {
    box = await startApp();
    id = await fill(box);
  });
  after(() => box.stop());

  it('stays up for everybody', async () => {
    await flood(box, id);
    const other = new DatabaseSync(join(box.folder, 'signalbox.db'));
    other.exec('BEGIN EXCLUSIVE');
    try {
      box.app.http.pages.invalidate();
      await flood(box, id);
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
  });
});

const withoutPostgres =
  process.env['SIGNALBOX_TEST_POSTGRES'] === undefined && process.env['CI'] !== 'true' && 'no PostgreSQL';

describe('attack 29: the status page while its database is gone', { skip: withoutPostgres }, () => {
  let box: TestApp;
  let cable: Cable;
  let remove: () => Promise<void>;
  let id: number;
  before(async () => {
    const address = await ownAddress('postgres');
    const url = new URL(address.url);
    remove = address.remove;
    cable = new Cable({ host: url.hostname, port: Number(url.port) });
    const port = await freePort();
    await cable.listen(port);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    box = await startApp({ databaseUrl: url.href });
    id = await fill(box);
  });
  after(async () => {
    cable.mend();
    await box.stop();
    cable.close();
    await remove();
  });

  it('serves the last good bytes of pages, feeds, badges and APIs, marked with their age, whoever asks for what', async () => {
    const bodies = new Map<string, string>();
    for (const path of GONE) {
      const url = box.url + path.replace('ID', String(id));
      await until(`${path} is settled`, async () => {
        const body = await (await fetch(url)).text();
        return bodies.get(path) === body || (bodies.set(path, body), false);
      });
    }
    cable.cut();
    await until('it is not ready', async () => (await fetch(`${box.url}/readyz`)).status === 503);
    box.app.http.pages.invalidate();
    for (const path of GONE) {
      const url = box.url + path.replace('ID', String(id));
      const answer = await until(`${path} is known to be old`, async () => {
        const kept = await fetch(url);
        assert.equal(kept.status, 200, path);
        return /^\d{4}-/.test(kept.headers.get('x-signalbox-as-of') ?? '') ? kept : null;
      });
      assert.equal(answer.headers.get('cache-control'), 'no-store', path);
      const body = await answer.text();
      if ((answer.headers.get('content-type') ?? '').startsWith('text/html')) {
        assert.match(body, /The database does not answer at the moment/, path);
      } else assert.equal(body, bodies.get(path), path);
    }
    await flood(box, id);
    // What nobody had asked for before cannot be made now, and says so.
    assert.ok((await fetch(`${box.url}/history?q=never`)).status >= 500);
    await flood(box, id);

    cable.mend();
    await until('it is ready', async () => (await fetch(`${box.url}/readyz`)).ok);
    await until('pages are new again', async () => !(await fetch(`${box.url}/`)).headers.has('x-signalbox-as-of'));
  });
});
