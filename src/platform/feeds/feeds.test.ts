import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { anyText, entry, expectedLine, expectedText, feed, HOSTILE } from './hostile.cases.ts';
import { atom, type Feed, type FeedEntry, jsonFeed, rss, tagId } from './index.ts';
import { child, children, parseXml, textOf } from './read-xml.cases.ts';

const channelOf = (content: Feed) => child(parseXml(rss(content)), 'channel');
const atomOf = (content: Feed) => parseXml(atom(content));
/** Markup's text, as a reader that shows markup would. */
const shown = (markup: string) => parseXml(`<a>${markup.replaceAll('<br>', '\n')}</a>`).text;

/** What a reader of each format gets for an entry: id, title, text, markup. */
const READERS: Record<string, (content: Feed) => { id: string; title: string; text: string; categories: string[] }[]> =
  {
    rss: (content) =>
      children(channelOf(content), 'item').map((item) => ({
        id: textOf(item, 'guid'),
        title: textOf(item, 'title'),
        text: shown(textOf(item, 'description')),
        categories: children(item, 'category').map(({ text }) => text),
      })),
    atom: (content) =>
      children(atomOf(content), 'entry').map((one) => ({
        id: textOf(one, 'id'),
        title: textOf(one, 'title'),
        text: textOf(one, 'content'),
        categories: children(one, 'category').map((category) => String(category.attributes['term'])),
      })),
    jsonFeed: (content) =>
      (JSON.parse(jsonFeed(content)) as { items: Record<string, string & string[]>[] }).items.map((item) => ({
        id: String(item['id']),
        title: String(item['title']),
        text: String(item['content_text']),
        categories: item['tags'] ?? [],
      })),
  };

const plain = (changes: Partial<FeedEntry>) => entry({ html: undefined, ...changes });

for (const [format, read] of Object.entries(READERS)) {
  describe(`hostile text in ${format}`, () => {
    for (const [name, text] of Object.entries(HOSTILE)) {
      it(`${name} reaches the reader as text`, () => {
        const [got, next] = read(feed({ entries: [plain({ title: text, text, categories: [text] }), plain({})] }));
        const line = expectedLine(text);
        assert.deepEqual(got, { id: entry().id, title: line, text: expectedText(text), categories: [line] });
        assert.equal(next?.title, 'Storage is slow');
      });
    }

    it('titles and texts come back as they were, whatever they are', () => {
      fc.assert(
        fc.property(anyText, anyText, (title, text) => {
          const [got] = read(feed({ title, description: text, entries: [plain({ title, text, author: title })] }));
          assert.equal(got?.title, expectedLine(title));
          assert.equal(got.text, expectedText(text));
        }),
        { numRuns: 200 },
      );
    });

    it('has no entries when nothing happened', () => {
      assert.deepEqual(read(feed({ entries: [] })), []);
    });

    it('keeps the order of the entries', () => {
      const ids = ['urn:uuid:2', 'urn:uuid:1', 'urn:uuid:3'] as const;
      assert.deepEqual(
        read(feed({ entries: ids.map((id) => entry({ id })) })).map(({ id }) => id),
        ids,
      );
    });
  });
}

describe('rss', () => {
  it('has all that RSS 2.0 and its readers ask of a channel', () => {
    const channel = channelOf(feed());
    assert.equal(parseXml(rss(feed())).attributes['version'], '2.0');
    assert.equal(textOf(channel, 'title'), 'Status of Example');
    assert.equal(textOf(channel, 'link'), 'https://status.example.org/');
    assert.equal(textOf(channel, 'description'), 'Incidents and maintenances');
    assert.equal(textOf(channel, 'language'), 'en');
    assert.equal(textOf(channel, 'lastBuildDate'), 'Sat, 28 Nov 2026 22:05:09 GMT');
    assert.equal(textOf(channel, 'ttl'), '5');
    const self = child(channel, 'atom:link');
    assert.deepEqual(
      [self.attributes['rel'], self.attributes['type'], self.attributes['href']],
      ['self', 'application/rss+xml', 'https://status.example.org/feeds/all.xml'],
    );
  });

  it('has items whose id is no address and whose time is in GMT', () => {
    const [item] = children(channelOf(feed({ entries: [entry({ author: 'Ann <a@b.example>' })] })), 'item');
    assert.ok(item);
    assert.equal(child(item, 'guid').attributes['isPermaLink'], 'false');
    assert.equal(textOf(item, 'link'), 'https://status.example.org/incidents/7?view=all&from=feed');
    assert.equal(textOf(item, 'pubDate'), 'Fri, 27 Nov 2026 09:40:00 GMT');
    assert.equal(textOf(item, 'description'), '<p>Since <em>10:40</em> &amp; still</p>');
    assert.equal(textOf(item, 'dc:creator'), 'Ann <a@b.example>');
  });
});

describe('atom', () => {
  it('has all that RFC 4287 asks of a feed', () => {
    const document = atomOf(feed());
    assert.equal(document.attributes['xmlns'], 'http://www.w3.org/2005/Atom');
    assert.equal(document.attributes['xml:lang'], 'en');
    assert.equal(textOf(document, 'id'), 'tag:status.example.org,2026-01-01:feed/all');
    assert.equal(textOf(document, 'updated'), '2026-11-28T22:05:09.000Z');
    assert.equal(textOf(child(document, 'author'), 'name'), 'Status of Example');
    assert.deepEqual(
      children(document, 'link').map((link) => [link.attributes['rel'], link.attributes['href']]),
      [
        ['self', 'https://status.example.org/feeds/all.xml'],
        ['alternate', 'https://status.example.org/'],
      ],
    );
  });

  it('has entries with both their times, plain titles, and text beside markup', () => {
    const [one] = children(atomOf(feed({ entries: [entry({ author: 'Ann' })] })), 'entry');
    assert.ok(one);
    assert.equal(textOf(one, 'published'), '2026-11-27T09:40:00.000Z');
    assert.equal(textOf(one, 'updated'), '2026-11-28T22:05:09.000Z');
    assert.equal(child(one, 'title').attributes['type'], 'text');
    assert.deepEqual(
      [child(one, 'summary').attributes['type'], textOf(one, 'summary')],
      ['text', 'Since 10:40 & still'],
    );
    assert.deepEqual(
      [child(one, 'content').attributes['type'], textOf(one, 'content')],
      ['html', '<p>Since <em>10:40</em> &amp; still</p>'],
    );
    assert.equal(textOf(child(one, 'author'), 'name'), 'Ann');
  });
});

describe('jsonFeed', () => {
  it('is JSON Feed 1.1', () => {
    assert.deepEqual(JSON.parse(jsonFeed(feed({ entries: [entry({ author: 'Ann' })] }))), {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Status of Example',
      home_page_url: 'https://status.example.org/',
      feed_url: 'https://status.example.org/feeds/all.xml',
      description: 'Incidents and maintenances',
      language: 'en',
      items: [
        {
          id: 'tag:status.example.org,2026-01-01:incident/7',
          url: 'https://status.example.org/incidents/7?view=all&from=feed',
          title: 'Storage is slow',
          content_html: '<p>Since <em>10:40</em> &amp; still</p>',
          content_text: 'Since 10:40 & still',
          date_published: '2026-11-27T09:40:00.000Z',
          date_modified: '2026-11-28T22:05:09.000Z',
          authors: [{ name: 'Ann' }],
          tags: ['Storage', 'EU-1'],
        },
      ],
    });
  });
});

describe('addresses of feeds', () => {
  it('are ASCII and hold nothing that ends an attribute or a line', () => {
    const url = 'https://status.example.org/a b/"<>\u{1f6a8}\r\n?c=d&e=\u00e9';
    const expected = 'https://status.example.org/a%20b/%22%3C%3E%F0%9F%9A%A8?c=d&e=%C3%A9';
    const [item] = children(channelOf(feed({ entries: [entry({ url })] })), 'item');
    assert.equal(item && textOf(item, 'link'), expected);
    const [one] = children(atomOf(feed({ entries: [entry({ url })] })), 'entry');
    assert.equal(child(one, 'link').attributes['href'], expected);
  });

  it('lead to web pages and nowhere else', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,a', '/incidents/7', '']) {
      assert.throws(() => rss(feed({ entries: [entry({ url })] })), TypeError, url);
    }
  });
});

describe('tagId', () => {
  it('makes ids that last longer than addresses', () => {
    assert.equal(
      tagId('Status.Example.org', '2026-01-01', 'incident/7'),
      'tag:status.example.org,2026-01-01:incident/7',
    );
    assert.equal(
      tagId('a.example', '2026-01-01', 'c\u00e4 <b>#\ud800'),
      'tag:a.example,2026-01-01:c%C3%A4%20%3Cb%3E%23%EF%BF%BD',
    );
  });
});
