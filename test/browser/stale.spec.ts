import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { Client } from 'pg';
import { withoutChromium } from '../support/chromium.ts';
import { freshAddress } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';
import { assertGoodAddress, assertGoodPage } from './page-check.ts';
import { visitors } from './visitor.ts';

/** A way to the server that can be cut. */
async function wayTo(url: string): Promise<{ url: string; cut(): void }> {
  const target = new URL(url);
  const { hostname, port } = target;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) open.add(socket.on('error', () => socket.destroy()));
    near.pipe(far).pipe(near);
  });
  target.port = String(await freePort());
  target.hostname = '127.0.0.1';
  await once(server.listen(Number(target.port), target.hostname), 'listening');
  const cut = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: target.href, cut };
}

async function report(box: TestApp, level: string): Promise<void> {
  const token = await box.token('signals:write', 'components:create');
  const answer = await fetch(`${box.url}/api/signals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ component: 'cellar/pump', name: 'ping', level }),
  });
  assert.ok(answer.ok, await answer.text());
  await box.app.journal.drain();
}

describe('a page while SQLite is locked by another process', { skip: withoutChromium }, () => {
  let box: TestApp;
  const comes = visitors(() => box.url);
  before(async () => {
    box = await startApp();
    await report(box, 'operational');
  });
  after(() => box.stop());

  it('is as it always is: readers do not wait for a writer', async () => {
    const other = new DatabaseSync(join(box.folder, 'signalbox.db'));
    await until('the lock is ours', () => {
      other.exec('begin exclusive');
      return true;
    });
    const { page } = await comes();
    box.app.http.pages.invalidate();
    await page.goto('/');
    await page.locator('[data-live="cellar/pump"]').getByText('Operational').waitFor();
    assert.equal(await page.locator('main .note').count(), 0);
    other.exec('rollback');
    other.close();
  });
});

const postgres = process.env['SIGNALBOX_TEST_POSTGRES'];
const skip = withoutChromium || (postgres === undefined && process.env['CI'] !== 'true' && 'needs PostgreSQL');

describe('a page while PostgreSQL does not answer', { skip }, async () => {
  let box: TestApp;
  const url = await freshAddress('postgres');
  const way = await wayTo(url);
  after(way.cut);
  const comes = visitors(() => box.url);
  before(async () => {
    box = await startApp({ databaseUrl: way.url });
    await report(box, 'operational');
  });
  after(() => box.stop());

  it('is the last one, with its age on top, and the current one when the database is back', async () => {
    const visitor = await comes();
    const { page } = visitor;
    await page.goto('/');
    const schema = new URL(url).searchParams.get('schema');
    const note = page.locator('main .note').filter({ hasText: 'The database does not answer' });
    const lock = new Client({ connectionString: url });
    await lock.connect();
    try {
      await lock.query('begin');
      await lock.query(`lock table ${schema}.components_component in access exclusive mode`);
      box.app.http.pages.invalidate();
      // For a moment after a change the kept page still counts as current.
      await until('the page tells its age', async () => {
        assert.equal((await page.goto('/'))?.status(), 200);
        return await note.isVisible();
      });
      assert.match((await note.textContent()) ?? '', /You see the board as it was at \d\d:\d\d/);
      await page.locator('[data-live="cellar/pump"]').getByText('Operational').waitFor();
      await assertGoodPage(visitor);
    } finally {
      await lock.end();
    }
    await until('the database answers', async () => !(await (await fetch(box.url)).text()).includes('does not answer'));
    await page.goto('/');
    await note.waitFor({ state: 'hidden' });
  });

  it('says that the database is away where there is no last one', async () => {
    way.cut();
    await assertGoodAddress(await comes(), '/components/facility/none', 503);
  });
});
