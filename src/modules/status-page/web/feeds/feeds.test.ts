import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import ICAL from 'ical.js';
import { addMs, DAY, HOUR } from '../../../../core/index.ts';
import { children, type Element, parseXml } from '../../../../platform/feeds/read-xml.cases.ts';
import { type PageWorld, pageWorld } from '../page-world.cases.ts';

function texts(element: Element, name: string): string[] {
  return children(element, name).map(({ text }) => text);
}

describe('the feeds', () => {
  let world: PageWorld;
  let first: number;

  after(() => world.stop());
  before(async () => {
    world = await pageWorld();
    const { now } = world;
    first = await world.incident(
      { title: 'Uploads fail ]]> <x>', impact: 1 },
      ['status-page/obs-reg1'],
      [
        { at: addMs(now, -2 * HOUR), status: 'detected', system: true, fact: { kind: 'detected' } },
        { at: addMs(now, -HOUR), text: 'See [the page](/incidents/1).' },
      ],
    );
    await world.incident(
      { title: 'Servers are gone', impact: 3, start: addMs(now, -3 * HOUR) },
      ['status-page/vm-reg1'],
      [{ at: addMs(now, -3 * HOUR), status: 'detected', system: true, fact: { kind: 'detected' } }],
    );
    await world.incident({ title: 'The vault is open', impact: 3 }, ['status-page/vault'], [{ at: now, text: 'psst' }]);
    const window = { start: addMs(now, DAY), end: addMs(now, DAY + HOUR), impact: 0 as const };
    await world.incident(
      { type: 'maintenance', title: 'Firmware; part, one', status: 'planned', version: 3, ...window },
      ['status-page/obs-reg2'],
    );
    await world.incident({ type: 'maintenance', title: 'Called off', status: 'cancelled', ...window }, [
      'status-page/obs-reg2',
    ]);
    await world.incident(
      { type: 'maintenance', title: 'In review', status: 'pending_review', told: false, ...window },
      ['status-page/obs-reg2'],
    );
  });

  it('give RSS with one item per update, each with an id of its own that stays', async () => {
    const { body, headers } = await world.get('/feeds/all.rss');
    assert.equal(headers.get('content-type'), 'application/rss+xml; charset=utf-8');
    const [channel] = children(parseXml(body), 'channel');
    assert.ok(channel);
    const items = children(channel, 'item');
    assert.equal(items.length, 3);
    assert.deepEqual(texts(items[0] as Element, 'title'), ['Uploads fail ]]> <x>: Analysing']);
    const ids = items.map((item) => texts(item, 'guid')[0]);
    assert.equal(new Set(ids).size, 3);
    assert.match(texts(items[0] as Element, 'description')[0] ?? '', new RegExp(`href="${world.url}/incidents/1"`));
    assert.doesNotMatch(body, /vault|psst|In review/);
  });

  it('give Atom and JSON Feed with one entry per incident', async () => {
    const atom = parseXml((await world.get('/feeds/all.atom')).body);
    assert.equal(children(atom, 'entry').length, 4);
    const { body, headers } = await world.get('/feeds/all.json');
    assert.equal(headers.get('content-type'), 'application/feed+json; charset=utf-8');
    const feed = JSON.parse(body) as { version: string; items: { url: string }[]; feed_url: string };
    assert.equal(feed.version, 'https://jsonfeed.org/version/1.1');
    assert.equal(feed.feed_url, `${world.url}/feeds/all.json`);
    assert.ok(feed.items.some(({ url }) => url === `${world.url}/incidents/${first}`));
  });

  it('are there for a region, a category and a component, and hold only what concerns it', async () => {
    const titlesOf = async (path: string) => {
      const feed = JSON.parse((await world.get(path)).body) as { items: { title: string }[] };
      return feed.items.map(({ title }) => title.split(':')[0]).sort();
    };
    assert.deepEqual(await titlesOf('/feeds/region/Reg1.json'), ['Servers are gone', 'Uploads fail ]]> <x>']);
    assert.deepEqual(await titlesOf('/feeds/region/reg2.json'), ['Called off', 'Firmware; part, one']);
    assert.deepEqual(await titlesOf('/feeds/category/compute-co.json'), ['Servers are gone']);
    assert.deepEqual(await titlesOf('/feeds/category/Compute%20%26%20Co.json'), ['Servers are gone']);
    assert.deepEqual(await titlesOf('/feeds/component/status-page/obs-reg1.json'), ['Uploads fail ]]> <x>']);
  });

  it('are not there for what does not exist or is for members', async () => {
    for (const path of [
      'nothing.rss',
      'all.exe',
      'region/Hidden.rss',
      'category/secret.rss',
      'component/status-page/vault.ics',
      'component/a/b.rss',
    ]) {
      assert.equal((await world.get(`/feeds/${path}`)).status, 404, path);
    }
  });

  it('give a calendar of maintenances with cancelled ones marked, and nothing that is not public', async () => {
    const { body, headers } = await world.get('/feeds/all.ics');
    assert.equal(headers.get('content-type'), 'text/calendar; charset=utf-8');
    const events = new ICAL.Component(ICAL.parse(body) as unknown[]).getAllSubcomponents('vevent');
    const read = events.map((event) => [
      event.getFirstPropertyValue('summary'),
      event.getFirstPropertyValue('status'),
      event.getFirstPropertyValue('sequence'),
    ]);
    assert.deepEqual(read.sort(), [
      ['Called off', 'CANCELLED', 0],
      ['Firmware; part, one', 'CONFIRMED', 0],
    ]);
  });

  it('answer 304 to who has them', async () => {
    const { headers } = await world.get('/feeds/all.atom');
    const again = await world.get('/feeds/all.atom', { 'if-none-match': headers.get('etag') ?? '' });
    assert.equal(again.status, 304);
  });

  describe('of the predecessor, at /rss/', () => {
    const channelOf = async (query: string): Promise<Element> => {
      const { body } = await world.get(`/rss/${query}`);
      const [channel] = children(parseXml(body), 'channel');
      assert.ok(channel);
      return channel;
    };

    it('are about a component of a region: both are named, with the impact, and no other component', async () => {
      const { body } = await world.get('/rss/?mt=Reg1&srv=Object+Storage');
      assert.match(body, /Object Storage \(Reg1\) - Incidents/);
      assert.match(body, /Minor issue/);
      assert.doesNotMatch(body, /Virtual Servers|Outage/);
    });

    it('are about a region, with the address of the incident as its id', async () => {
      const channel = await channelOf('?mt=Reg1');
      assert.deepEqual(texts(channel, 'description'), ['Reg1 - Incidents']);
      const ids = children(channel, 'item').map((item) => texts(item, 'guid')[0]);
      assert.ok(ids.includes(`${world.url}/incidents/${first}`));
    });

    it('are about everything without parameters', async () => {
      assert.equal(children(await channelOf(''), 'item').length, 4);
    });

    it('say 404 in the predecessor’s words for what is not there', async () => {
      for (const [query, text] of [
        ['?mt=%3Cscript%3E', '<script> is not a supported region'],
        ['?mt=Hidden', 'Hidden is not a supported region'],
        ['?mt=Reg1&srv=Nope', 'Component: Nope is not found'],
        ['?srv=Nope', 'make the correct request'],
      ]) {
        const { status, body, headers } = await world.get(`/rss/${query}`);
        assert.equal(status, 404);
        assert.ok(body.includes(text ?? ''), query);
        assert.match(headers.get('content-type') ?? '', /^text\/plain/);
      }
    });

    it('move from /rss to /rss/ with their parameters', async () => {
      const { status, headers } = await world.get('/rss?mt=Reg1');
      assert.equal(status, 308);
      assert.equal(headers.get('location'), '/rss/?mt=Reg1');
    });
  });

  it('tell names apart that have no letters of ours, or the same ones', async () => {
    const names = ['Сети', '网络', 'Net/Work', 'Net Work'];
    for (const [index, category] of names.entries()) {
      const key = `status-page/net-${index}`;
      await world.component(key, { name: `Net ${index}`, region: index === 0 ? 'EU-DE' : 'EU DE', category });
      await world.incident({ title: `Trouble ${index}` }, [key], [{ at: world.now, text: 'It burns.' }]);
    }
    const links = [
      ...(await world.get('/subscribe')).body.matchAll(/href="(\/feeds\/(?:region|category)\/[^"]+)\.atom"/g),
    ];
    const paths = links.map(([, path = '']) => path);
    assert.ok(paths.includes('/feeds/category/%D0%A1%D0%B5%D1%82%D0%B8'), paths.join(' '));
    assert.ok(paths.includes('/feeds/category/compute-co'), 'short where that is enough');
    const ids = new Set<string>();
    const selves: string[] = [];
    for (const path of paths) {
      const { status, body } = await world.get(`${path}.atom`);
      assert.equal(status, 200, path);
      const atom = parseXml(body);
      ids.add(texts(atom, 'id')[0] ?? '');
      selves.push(
        ...children(atom, 'link').flatMap(({ attributes }) =>
          attributes['rel'] === 'self' ? (attributes['href'] ?? []) : [],
        ),
      );
    }
    assert.equal(ids.size, paths.length);
    assert.deepEqual(
      selves,
      paths.map((path) => `${world.url}${path}.atom`),
    );
    const titles = async (path: string) => (await world.get(path)).body.match(/Trouble \d/g)?.[0];
    for (const [index, name] of names.entries()) {
      assert.equal(await titles(`/feeds/category/${encodeURIComponent(name)}.json`), `Trouble ${index}`);
    }
    assert.equal((await world.get('/feeds/category/net-work.json')).status, 404, 'nobody can say which one is meant');
    assert.equal(await titles('/feeds/region/EU-DE.json'), 'Trouble 0');
  });
});
