import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { startApp, type TestApp } from '../../../../test/support/start-app.ts';
import {
  addMs,
  type ComponentDeclaration,
  ComponentDeclared,
  DAY,
  HOUR,
  type Signal,
  SignalReported,
} from '../../../core/index.ts';

const NOW = '2026-11-21T09:54:00.000Z';
const HOSTILE = '</title><script>alert(1)</script>"\'';

const clock = { now: () => NOW };

describe('the pages and badges of components', () => {
  let box: TestApp;

  async function declare(key: string, change: Partial<ComponentDeclaration> = {}): Promise<void> {
    const payload = { key, name: key.slice(5), kind: 'device', visibility: 'public' as const, ...change };
    await box.app.db.write((tx) => box.app.journal.publish(tx, ComponentDeclared, { key, payload }));
    await box.app.journal.drain();
  }

  async function report(component: string, change: Partial<Signal>): Promise<void> {
    const payload: Signal = {
      component,
      source: 'test',
      name: 'state',
      level: 'operational',
      observedAt: addMs(NOW, -2 * HOUR),
      ...change,
    };
    await box.app.db.write((tx) => box.app.journal.publish(tx, SignalReported, { key: component, payload }));
    await box.app.journal.drain();
  }

  async function get(path: string, headers: Record<string, string> = {}) {
    return box.app.http.inject({ url: path, headers: { 'accept-language': 'en', ...headers } });
  }

  before(async () => {
    box = await startApp({ clock });
    await declare('area/krios', { name: 'Krios 1', link: 'https://gitlab.example.org/lab/desk/-/issues' });
    await declare('area/hostile', { name: HOSTILE });
    await declare('area/hidden', { name: 'Secret device', visibility: 'members' });
    await declare('area/shown', { name: 'Secret name', visibility: 'members', publicBadge: true });
    await declare('area/stale', { name: 'Spirit' });
    await report('area/krios', { state: 'RUNNING', summary: 'No open issue', observedAt: addMs(NOW, -40 * DAY) });
    await report('area/stale', { state: 'RUNNING', expiresAt: addMs(NOW, -HOUR) });
    await report('area/hidden', { state: 'RUNNING' });
    await report('area/shown', { level: 'degraded', state: 'Secret state', summary: 'Secret why' });
    await report('area/hostile', {
      level: 'degraded',
      state: HOSTILE,
      summary: HOSTILE,
      evidence: 'javascript:alert(1)',
    });
    await report('area/krios', {
      level: 'major_outage',
      observedAt: addMs(NOW, -HOUR),
      state: 'DOWN',
      summary: '#214 “Vacuum leak”',
      evidence: 'https://gitlab.example.org/lab/desk/-/issues/214',
    });
  });

  after(() => box.stop());

  it('show the board to everybody, without what is for members', async () => {
    const { statusCode, body } = await get('/');
    assert.equal(statusCode, 200);
    assert.match(body, /<title>Krios 1 is down/);
    assert.doesNotMatch(body, /Secret/);
  });

  it('show members what is for members', async () => {
    const authorization = `Bearer ${await box.token('read')}`;
    assert.match((await get('/', { authorization })).body, /Secret device/);
    assert.equal((await get('/components/area/hidden', { authorization })).statusCode, 200);
  });

  it('speak the language of the visitor', async () => {
    const { body } = await get('/', { 'accept-language': 'it-IT,en;q=0.5' });
    assert.match(body, /<html lang="it"/);
    assert.match(body, /Krios 1 è fuori servizio/);
  });

  it('show a component with its why, its story and its uptime', async () => {
    const { statusCode, body } = await get('/components/area/krios');
    assert.equal(statusCode, 200);
    assert.match(body, /<title>Krios 1: DOWN/);
    assert.match(body, /href="https:\/\/gitlab\.example\.org\/lab\/desk\/-\/issues\/214">#214/);
    assert.match(body, /<dt>24 hours<\/dt><dd><b>95\.8 %<\/b><span>1 h down<\/span>/);
    assert.match(body, /<dt>90 days<\/dt><dd><b>99\.8 %<small> of 40 days watched<\/small>/);
    assert.match(body, new RegExp(`${box.url}/badges/area/krios\\.svg`));
  });

  it('say since when it is watched again after time that nobody watched, as the history does', async () => {
    await using own = await startApp({ clock });
    const key = 'area/talos';
    const payload = { key, name: 'Talos', kind: 'device', visibility: 'public' as const };
    const observedAt = addMs(NOW, -3 * HOUR);
    const signal: Signal = { component: key, source: 'test', name: 'state', level: 'operational', observedAt };
    const again = addMs(NOW, -HOUR);
    await own.app.db.write(async (tx) => {
      await own.app.journal.publish(tx, ComponentDeclared, { key, payload });
      await own.app.journal.publish(tx, SignalReported, { key, payload: signal });
    });
    await own.app.journal.drain();
    const page = async (language: string, query = '?view=later') =>
      (await own.app.http.inject({ url: `/components/${key}${query}`, headers: { 'accept-language': language } })).body;
    assert.doesNotMatch(await page('en', ''), /watched again/);
    await own.app.db.write(async (tx) => {
      const outage = { from_at: addMs(NOW, -2 * HOUR), until_at: again, recorded_at: again, reason: 'stopped' };
      tx.send(tx.for<{ components_outage: typeof outage }>().insertInto('components_outage').values(outage));
      await own.app.journal.publish(tx, ComponentDeclared, { key, payload: { ...payload, name: 'Talos 2' } });
    });
    await own.app.journal.drain();
    assert.match(
      await page('en'),
      new RegExp(`Since <time datetime="${observedAt}[^]*watched again since <time datetime="${again}`),
    );
    assert.match(await page('it'), new RegExp(`di nuovo osservato dalle <time datetime="${again}`));
  });

  it('show its history, and send to the file of it', async () => {
    const { body } = await get('/components/area/krios?view=history');
    assert.match(body, /21 Nov 2026, 09:54/);
    assert.match(body, /<td class="num">39 d<\/td>/);
    const file = await get('/components/area/krios?format=csv');
    assert.equal(file.statusCode, 303);
    const csv = await get(String(file.headers.location));
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    assert.match(csv.body, /area\/krios/);
  });

  it('are valid HTML without markup from names', async () => {
    const validator = new HtmlValidate(
      new StaticConfigLoader({
        root: true,
        extends: ['html-validate:recommended', 'html-validate:a11y'],
        elements: ['html5'],
        // It counts an escaped character as several.
        rules: { 'long-title': 'off' },
      }),
    );
    for (const path of [
      '/',
      '/?q=zzz',
      '/components/area/krios',
      '/components/area/krios?view=history',
      '/components/area/hostile',
      '/components/no/such',
      '/design',
    ]) {
      const { body } = await get(path);
      const { results } = await validator.validateString(body);
      assert.deepEqual(
        results.flatMap(({ messages }) => messages.map(({ line, message }) => `${path}:${line} ${message}`)),
        [],
      );
      assert.doesNotMatch(body, /<script>|javascript:alert/);
    }
  });

  it('answer 404 alike for what does not exist and what may not be seen', async () => {
    const [none, hidden] = [await get('/components/area/none'), await get('/components/area/hidden')];
    assert.equal(none.statusCode, 404);
    assert.equal(hidden.statusCode, 404);
    assert.equal(hidden.body.replaceAll(/(area(?:\/|%2F))hidden/g, '$1none'), none.body);
    assert.equal((await get('/components/area/%2e%2e')).statusCode, 404);
  });

  describe('badges', () => {
    it('are pictures that proxies ask for again each time', async () => {
      const first = await get('/badges/area/krios.svg');
      assert.equal(first.statusCode, 200);
      assert.match(String(first.headers['content-type']), /^image\/svg\+xml/);
      assert.equal(first.headers['cache-control'], 'no-cache, max-age=0');
      assert.match(String(first.headers.etag), /^"/);
      assert.match(String(first.headers['content-security-policy']), /^default-src 'none'; style-src 'unsafe-inline'$/);
      assert.match(first.body, /<title>Krios 1: DOWN<\/title>/);
      const again = await get('/badges/area/krios.svg', { 'if-none-match': String(first.headers.etag) });
      assert.equal(again.statusCode, 304);
    });

    it('say that nobody knows, and what was known last', async () => {
      assert.match((await get('/badges/area/stale.svg')).body, /Unknown, was RUNNING/);
    });

    it('never become markup', async () => {
      assert.doesNotMatch((await get('/badges/area/hostile.svg')).body, /<script/);
    });

    it('tell the uptime of 30 days', async () => {
      assert.match((await get('/badges/area/krios/uptime-30d.svg')).body, /99\.8 %/);
    });

    it('of something unknown are an "unknown" picture with 404', async () => {
      for (const path of [
        '/badges/area/none.svg',
        '/badges/area/none/uptime-30d.svg',
        '/badges/area/krios.png',
        '/badges/area/hidden.svg',
      ]) {
        const { statusCode, headers, body } = await get(path);
        assert.equal(statusCode, 404, path);
        assert.match(String(headers['content-type']), /^image\/svg\+xml/, path);
        assert.match(body, /no such component/, path);
      }
    });

    it('of members show the level alone, and only if the configuration says so', async () => {
      const { statusCode, body } = await get('/badges/area/shown.svg');
      assert.equal(statusCode, 200);
      assert.match(body, /Degraded/);
      assert.doesNotMatch(body, /Secret/);
      assert.equal((await get('/badges/area/shown/uptime-30d.svg')).statusCode, 404);
    });

    it('are the JSON that shields.io asks for', async () => {
      const { statusCode, body } = await get('/badges/area/krios.json');
      assert.equal(statusCode, 200);
      const answer: unknown = JSON.parse(body);
      assert.deepEqual(answer, {
        schemaVersion: 1,
        label: 'Krios 1',
        message: 'DOWN',
        color: '#b3241c',
        cacheSeconds: 300,
      });
    });

    it('of something unknown are JSON with isError and 200', async () => {
      const { statusCode, body } = await get('/badges/area/none.json');
      assert.equal(statusCode, 200);
      assert.match(body, /"isError":true/);
      assert.equal((await get('/badges/area/hidden.json')).body, body);
    });
  });
});
