import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { AppError, toInstant } from '../../core/index.ts';
import { PageCache, type Rendered } from './page-cache.ts';

const page = (body: string): Rendered => ({ status: 200, type: 'text/html', headers: {}, body });

describe('the page cache', () => {
  let now = 0;
  let head = '1';
  let renders = 0;
  let cache: PageCache;
  const render = async () => page(`rendering ${++renders}`);
  const shown = async (after?: string) => (await cache.get('/', render, { after })).kept.plain.toString();

  beforeEach(() => {
    now = Date.parse('2026-01-01T00:00:00Z');
    head = '1';
    renders = 0;
    cache = new PageCache({
      head: async () => head,
      clock: { now: () => toInstant(now) },
      log: pino({ level: 'silent' }),
    });
  });

  it('renders once while nothing changes', async () => {
    assert.equal(await shown(), 'rendering 1');
    assert.equal(await shown(), 'rendering 1');
  });

  it('goes on sending the same bytes when nothing but the time of making differs, for a minute', async () => {
    const timed = async (): Promise<Rendered> => {
      const asOf = toInstant(now);
      const body = `<html data-as-of="${asOf}" lang="en"><p>board ${renders}</p><time datetime="${asOf}">${now}</time>`;
      return { ...page(body), asOf };
    };
    const etag = async () => (await cache.get('/', timed)).kept.etag;
    const first = await etag();
    for (let step = 0; step < 10; step++) {
      now += 5000;
      cache.invalidate();
      assert.equal(await etag(), first, 'an event that the page does not tell');
    }
    renders += 1;
    now += 5000;
    cache.invalidate();
    const changed = await etag();
    assert.notEqual(changed, first, 'one that it tells');
    now += 61_000;
    assert.notEqual(await etag(), changed, 'and after a minute without any');
  });

  it('renders once for everybody who asks at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => shown()));
    assert.deepEqual(new Set(all), new Set(['rendering 1']));
  });

  it('renders anew after a change', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    assert.equal(await shown(), 'rendering 2');
  });

  it('shows a change within a second even when changes never stop, without rendering for each', async () => {
    await shown();
    const before = renders;
    for (let step = 0; step < 100; step++) {
      now += 10;
      cache.invalidate();
      await shown();
    }
    assert.ok(renders - before >= 1 && renders - before <= 3, `${renders - before} renderings in a second`);
  });

  it('waits for a rendering that holds the event the reader has heard of', async () => {
    await shown();
    head = '2';
    cache.invalidate();
    assert.equal(await shown(), 'rendering 1');
    assert.equal(await shown('2'), 'rendering 2');
  });

  it('renders nothing for an event that somebody made up', async () => {
    await shown();
    now += 5000;
    for (const invented of ['2', '99999999', 'zzzzzzzz', '1-1', '-', '1e9']) {
      assert.equal(await shown(invented), 'rendering 1', invented);
    }
    head = '2';
    cache.invalidate();
    assert.equal(await shown('2'), 'rendering 2');
    assert.equal(await shown('3'), 'rendering 2');
  });

  it('renders anew when the clock was set back', async () => {
    await shown();
    now -= 3_600_000;
    assert.equal(await shown(), 'rendering 2');
  });

  it('renders anew after a minute without any change', async () => {
    await shown();
    now += 61_000;
    assert.equal(await shown(), 'rendering 2');
  });

  it('serves the last good bytes, marked, while rendering fails, and recovers', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    const broken = await cache.get('/', async () => {
      throw new Error('database is locked');
    });
    assert.equal(broken.stale, true);
    assert.equal(broken.kept.plain.toString(), 'rendering 1');
    now += 1000;
    assert.equal(await shown(), 'rendering 2');
  });

  it('does not try again for every visitor what has just failed', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    let tries = 0;
    const failing = async () => {
      tries += 1;
      throw new Error('database is gone');
    };
    for (let visitor = 0; visitor < 40; visitor++) {
      now += 25;
      const { stale } = await cache.get('/', failing);
      assert.equal(stale, true);
    }
    assert.ok(tries >= 2 && tries <= 3, `${tries} tries in a second`);
  });

  it('lets nobody wait long for a rendering that hangs', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    const hanging = Promise.withResolvers<Rendered>();
    const first = cache.get('/', () => hanging.promise);
    now += 1600;
    const from = performance.now();
    assert.equal((await cache.get('/', () => hanging.promise)).stale, true);
    assert.ok(performance.now() - from < 500);
    hanging.resolve(page('late'));
    assert.equal((await first).kept.plain.toString(), 'late');
  });

  it('tells the error when there is nothing to serve, and keeps nothing of it', async () => {
    await assert.rejects(
      cache.get('/', async () => {
        throw new Error('database is gone');
      }),
      /database is gone/,
    );
    assert.equal(await shown(), 'rendering 1');
  });

  it('forgets a page that nobody may see any more, also when rendering fails later', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    const gone = async () => {
      throw new AppError('not_found', 'There is no such project.');
    };
    await assert.rejects(cache.get('/', gone), /no such project/);
    const locked = async () => {
      throw new Error('database is locked');
    };
    await assert.rejects(cache.get('/', locked), /database is locked/);
  });

  it('serves the last good bytes while a rendering hangs', async () => {
    await shown();
    now += 5000;
    cache.invalidate();
    const hanging = Promise.withResolvers<Rendered>();
    const answer = await cache.get('/', () => hanging.promise);
    assert.equal(answer.stale, true);
    hanging.resolve(page('late'));
  });

  it('keeps its size bounded however many different pages are asked for', async () => {
    const big = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 120; index++) await cache.get(`/${index}`, async () => page(big));
    let kept = 0;
    for (let index = 0; index < 120; index++) {
      await cache
        .get(`/${119 - index}`, async () => {
          throw new Error('gone');
        })
        .then(
          () => kept++,
          () => undefined,
        );
    }
    assert.ok(kept > 50 && kept < 97, `${kept} pages of 1 MB kept`);
  });

  it('never gives up the pages that always are there, and searches before any other', async () => {
    const gone = async () => {
      throw new Error('database is gone');
    };
    await cache.get('en /', render, { steady: true });
    await cache.get('en /components/a/b', async () => page('component'));
    for (let index = 0; index < 5000; index++) {
      await cache.get(`en /history?q=${index}`, async () => page('x'.repeat(10_000)));
      await cache.get(`en /components/no/${index}`, async () => ({ ...page('none'), status: 404 }));
    }
    now += 61_000;
    const still = async (key: string) => (await cache.get(key, gone)).kept.plain.toString();
    assert.equal(await still('en /'), 'rendering 1');
    assert.equal(await still('en /components/a/b'), 'component');
    await assert.rejects(still('en /history?q=1'), /gone/);
    for (let index = 0; index < 5000; index++) await cache.get(`en /components/c/${index}`, async () => page('one'));
    now += 61_000;
    assert.equal(await still('en /'), 'rendering 1');
    await assert.rejects(still('en /components/a/b'), /gone/);
  });
});
