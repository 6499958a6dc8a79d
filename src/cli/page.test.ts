import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '../../test/support/start-app.ts';
import { ComponentDeclared, SignalReported } from '../core/index.ts';
import { pageWorld } from '../modules/status-page/web/page-world.cases.ts';
import { command } from './page.ts';

const KEY = 'status-page/storage';

describe('signalbox page export', () => {
  let app: TestApp;
  let folder: string;
  const said: string[] = [];
  const io = { print: (line: string) => said.push(line), error: (line: string) => said.push(line) };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-copy-'));
    app = await startApp({ prefix: '/status' });
    const { db, journal, clock } = app.app;
    await db.write(async (tx) => {
      for (const [key, visibility] of [
        [KEY, 'public'],
        ['status-page/secret', 'members'],
      ] as const) {
        await journal.publish(tx, ComponentDeclared, { key, payload: { key, name: key, kind: 'service', visibility } });
        const signal = {
          component: key,
          source: 'test',
          name: 'state',
          level: 'degraded',
          observedAt: clock.now(),
        } as const;
        await journal.publish(tx, SignalReported, { key, payload: signal });
      }
    });
    await journal.drain();
  });
  after(async () => {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens an incident, closes it at once where that is wanted, and gives its number. */
  const incidentWriter = async () => {
    const token = await app.token('incidents:write');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const post = async (path: string, body: object): Promise<{ id: number }> => {
      const response = await fetch(app.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      assert.ok(response.ok, await response.clone().text());
      return (await response.json()) as { id: number };
    };
    return async (title: string, isClosed: boolean): Promise<number> => {
      const { id } = await post('/api/incidents', { type: 'incident', title, impact: 1, components: [KEY] });
      if (isClosed) await post(`/api/incidents/${id}/updates`, { status: 'resolved', text: 'Done.' });
      return id;
    };
  };

  it('writes pages, pictures, feeds, styles and the API of Statuspage, in a folder of its own', async () => {
    const home = join(folder, 'home');
    assert.equal(await command.run(['export', home, '--url', app.url], io), 0, said.join('\n'));
    const files = (await readdir(home, { recursive: true })).map(String);
    for (const file of [
      'index.html',
      'history/index.html',
      'feeds/all.ics',
      'api/v2/summary.json',
      `components/${KEY}/index.html`,
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    assert.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')));
    assert.match(await readFile(join(home, 'index.html'), 'utf8'), /status-page\/storage/);
    assert.ok(!files.some((file) => /secret|login|admin/.test(file)));
  });

  it('writes every public incident and every page of the history, with links between the files', async () => {
    const write = await incidentWriter();
    const ids: number[] = [];
    for (let number = 1; number <= 22; number++) ids.push(await write(`Trouble ${number}`, true));
    ids.push(await write('It still burns', false));
    const home = join(folder, 'every');
    assert.equal(await command.run(['export', home, '--url', app.url], io), 0, said.join('\n'));
    for (const id of ids) await readFile(join(home, `incidents/${id}/index.html`), 'utf8');
    const page = async (path: string) => await readFile(join(home, path, 'index.html'), 'utf8');
    assert.match(await page('history'), /href="\/status\/history\/page\/2\/"/);
    const second = await page('history/page/2');
    assert.match(second, /Trouble 1</);
    assert.match(second, /href="\/status\/history"/);
    assert.match(await page('availability'), /href="\/status\/availability\.csv"/);
    assert.match(await readFile(join(home, 'availability.csv'), 'utf8'), /^component,name,/);
    assert.match(await page(`components/${KEY}`), /href="\/status\/components\/status-page\/storage\/view\/history\/"/);
    await page(`components/${KEY}/view/history`);
  });

  it('leads to the running server where the copy ends, and says at the top of every page from when it is', async () => {
    const home = join(folder, 'links');
    assert.equal(await command.run(['export', home, '--url', app.url, '--language', 'it'], io), 0, said.join('\n'));
    const files = (await readdir(home, { recursive: true })).map(String);
    const has = (path: string) => files.includes(path) || files.includes(join(path, 'index.html'));
    for (const file of files.filter((one) => one.endsWith('.html'))) {
      const page = await readFile(join(home, file), 'utf8');
      const links = [...page.matchAll(/\s(?:href|src|(?:form)?action)="([^"]*)"/g)].map(([, link = '']) => link);
      for (const link of links.filter((one) => !/^(https?:|mailto:|#)/.test(one))) {
        const path = decodeURIComponent(link.replace(/[?#].*$/, '').replace(/^\/status\//, ''));
        assert.ok(!link.includes('?') && (path === '' || has(path)), `${file} leads to ${link}`);
      }
      assert.doesNotMatch(page, /method="post"/);
      const notice =
        /<main [^>]*>\n<!--stale--><div class="note .*?<p>Copia del <time .*?<\/time>\. La pagina dal vivo: /;
      assert.match(page, notice, file);
    }
    const first = await readFile(join(home, 'index.html'), 'utf8');
    for (const link of [`href="${app.url}/subscribe`, `href="${app.url}/login`, `action="${app.url}/"`]) {
      assert.ok(first.includes(link), link);
    }
    const history = await readFile(join(home, 'history/index.html'), 'utf8');
    assert.ok(history.includes(`<a href="${app.url}/history">${app.url}/history</a>`));
    assert.ok(history.includes(`href="${app.url}/history?kiosk=1"`));
  });

  it('leads to the public address when it asked at another one', async () => {
    const local = app.url.replace('127.0.0.1', 'localhost');
    const home = join(folder, 'local');
    assert.equal(await command.run(['export', home, '--url', local], io), 0, said.join('\n'));
    const page = await readFile(join(home, 'index.html'), 'utf8');
    assert.ok(page.includes(`href="${app.url}/login`) && !page.includes(local));
  });

  it('writes the feeds of every region and category, whatever they are called', async () => {
    await using world = await pageWorld();
    await world.component('status-page/net', { name: 'Net', region: 'Reg1', category: 'Сети' });
    await world.app.journal.drain();
    const home = join(folder, 'feeds');
    assert.equal(await command.run(['export', home, '--url', world.url], io), 0, said.join('\n'));
    const files = (await readdir(home, { recursive: true })).map(String);
    for (const file of ['region/reg1.rss', 'category/Сети.ics', 'category/compute-co.json']) {
      assert.ok(files.includes(`feeds/${file}`), `${file} is missing`);
    }
    assert.ok(!files.some((file) => file.startsWith('subscribe')));
    assert.match(await readFile(join(home, 'index.html'), 'utf8'), /href="\/region\/Reg1\/"/);
    assert.match(await readFile(join(home, 'region/Reg1/index.html'), 'utf8'), /Net/);
  });

  it('says that the copy is not whole when there are more pages than it may hold', async () => {
    const home = join(folder, 'short');
    said.length = 0;
    assert.equal(await command.run(['export', home, '--url', app.url, '--most', '20'], io), 1);
    assert.match(said.join('\n'), /The copy is not whole: at least \d+ pages more/);
    assert.equal(await command.run(['export', home, '--url', app.url, '--most', 'all'], io), 2);
  });

  it('asks again when it was told that it asks too much', async () => {
    const refused = new Set<string>();
    const server = createServer((request, reply) => {
      const path = request.url ?? '';
      const isFirst = !refused.has(path);
      refused.add(path);
      const isList = path.startsWith('/api/incidents?');
      reply.writeHead(isFirst ? 429 : 200, {
        'retry-after': '0',
        'content-type': isList ? 'application/json' : 'text/html',
      });
      reply.end(isList ? '{"data":[],"pagination":{"totalPages":0}}' : '<p>A page</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    assert.equal(await command.run(['export', join(folder, 'busy'), '--url', url], io), 0, said.join('\n'));
    await new Promise((resolve) => server.close(resolve));
    assert.ok(refused.has('/history'));
  });

  it('replaces the copy before it as a whole', async () => {
    const home = join(folder, 'again');
    await command.run(['export', home, '--url', app.url], io);
    await writeFile(join(home, 'old.html'), 'old');
    await command.run(['export', home, '--url', app.url, '--json'], io);
    assert.ok(!(await readdir(home)).includes('old.html'));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('.new-')),
      [],
    );
  });

  it('leaves the copy as it is when the server does not answer', async () => {
    const home = join(folder, 'kept');
    await command.run(['export', home, '--url', app.url], io);
    await assert.rejects(command.run(['export', home, '--url', 'http://127.0.0.1:9'], io), { code: 'unavailable' });
    assert.ok((await readdir(home)).includes('index.html'));
  });

  it('explains itself when it is not told where', async () => {
    assert.equal(await command.run(['export'], io), 2);
    assert.equal(await command.run(['--help'], io), 0);
  });
});
