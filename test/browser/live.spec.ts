import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withoutChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { visitors } from './visitor.ts';

describe('an open page follows what happens in GitLab without a reload', { skip: withoutChromium }, () => {
  let lab: Lab;
  const comes = visitors(() => lab.box.url);
  before(async () => {
    lab = await startLab();
  });
  after(() => lab[Symbol.asyncDispose]());

  for (const path of ['/', '/facility']) {
    it(`turns a row red when an issue is opened and green when it is closed, on ${path}`, async (t) => {
      const { page, troubles } = await comes();
      await page.goto(path);
      const row = page.locator('[data-live="facility/krios"]');
      await row.getByText('RUNNING').waitFor();
      await page.evaluate('globalThis.sameDocument = true');

      const opened = performance.now();
      const issue = lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum lost', labels: ['D:Krios', 'CRITICAL'] });
      await row.getByText('DOWN').waitFor();
      const red = performance.now() - opened;
      assert.match((await row.getAttribute('class')) ?? '', /\bmj\b/);
      assert.match((await page.locator('.banner').textContent()) ?? '', /Krios/);
      assert.match((await page.locator('#announce').textContent()) ?? '', /Krios/);

      const closed = performance.now();
      lab.gitlab.world.closeIssue(issue);
      await row.getByText('RUNNING').waitFor();
      const green = performance.now() - closed;
      assert.equal(await page.evaluate('globalThis.sameDocument'), true, 'the page was not loaded again');
      assert.deepEqual(troubles, []);
      t.diagnostic(`red after ${Math.round(red)} ms, green after ${Math.round(green)} ms`);
      assert.ok(red < 5000 && green < 5000);
    });
  }

  it('keeps focus and what was typed while rows are exchanged', async () => {
    const { page } = await comes();
    await page.goto('/');
    await page.getByRole('searchbox').fill('krios');
    await page.getByRole('link', { name: 'Talos' }).waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Krios' }).focus();
    const row = page.locator('[data-live="facility/krios"]');
    const issue = lab.gitlab.world.openIssue(lab.project, { title: 'Again', labels: ['D:Krios', 'CRITICAL'] });
    await row.getByText('DOWN').waitFor();
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Krios');
    assert.equal(await page.getByRole('link', { name: 'Talos' }).isVisible(), false);
    lab.gitlab.world.closeIssue(issue);
    await row.getByText('RUNNING').waitFor();
  });
});

describe('an open page lives through a restart of the server', { skip: withoutChromium }, () => {
  let box: TestApp;
  let folder: string;
  const comes = visitors(() => box.url);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-restart-'));
    box = await startApp({ folder, port: await freePort() });
  });
  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('says that the connection is lost and as of when it shows, then what happened meanwhile', async () => {
    const token = await box.token('signals:write', 'components:create');
    const report = async (level: string) => {
      const answer = await fetch(`${box.url}/api/signals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ component: 'cellar/pump', name: 'ping', level }),
      });
      assert.ok(answer.ok, await answer.text());
    };
    await report('operational');
    await box.app.journal.drain();
    const { page } = await comes();
    await page.goto('/');
    const row = page.locator('[data-live="cellar/pump"]');
    await row.getByText('Operational').waitFor();

    const port = Number(new URL(box.url).port);
    await box.stop();
    const lost = page.locator('#offline');
    await lost.waitFor();
    assert.match((await lost.textContent()) ?? '', /^Connection lost\. Shown as of \d\d:\d\d:\d\d$/);
    await row.getByText('Operational').waitFor();

    box = await startApp({ folder, port });
    await report('major_outage');
    await row.locator('.word').filter({ hasText: 'Major outage' }).waitFor({ timeout: 20_000 });
    await lost.waitFor({ state: 'hidden' });
  });
});
