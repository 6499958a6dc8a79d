import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '../../test/support/start-app.ts';
import { ComponentDeclared, SignalReported } from '../core/index.ts';
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
