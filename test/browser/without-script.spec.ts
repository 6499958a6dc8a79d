import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ensureFirstAdministrator } from '../../src/platform/auth/index.ts';
import { withoutChromium } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';
import { type Credentials, signIn, visitors } from './visitor.ts';

describe('without script', { skip: withoutChromium }, () => {
  let lab: Lab;
  let credentials: Credentials;
  const comes = visitors(() => lab.box.url);
  const visit = async (): Promise<Page> => (await comes({ javaScriptEnabled: false })).page;

  before(async () => {
    lab = await startLab({ labels: ['D:Krios', 'D:Talos', 'D:Café Fridge'] });
    lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum lost', labels: ['D:Krios', 'CRITICAL'] });
    await until('it is down', async () => (await lab.level('facility/krios')) === 'major_outage');
    const made = await ensureFirstAdministrator(lab.box.app.db, lab.box.app.clock, { keep: true });
    credentials = { name: 'admin', password: made?.password ?? '' };
  });
  after(() => lab[Symbol.asyncDispose]());

  const names = async (page: Page) => await page.locator('.row .what a').allTextContents();

  it('the overview says what is wrong, why, and how it has been', async () => {
    const page = await visit();
    await page.goto('/');
    assert.match((await page.locator('h1').textContent()) ?? '', /Krios is down/);
    const row = page.locator('[data-live="facility/krios"]');
    assert.match((await row.textContent()) ?? '', /DOWN.*Vacuum lost/s);
    assert.match((await row.locator('svg.hb').getAttribute('aria-label')) ?? '', /Last 90 days/);
    assert.equal((await names(page)).length, 3);
  });

  it('the search finds by words, whatever their accents', async () => {
    const page = await visit();
    await page.goto('/');
    await page.getByRole('searchbox').fill('cafe');
    await page.getByRole('searchbox').press('Enter');
    assert.deepEqual(await names(page), ['Café Fridge']);
    assert.equal(await page.getByRole('searchbox').inputValue(), 'cafe');
  });

  it('a level filters the list', async () => {
    const page = await visit();
    await page.goto('/');
    await page.locator('.chips').getByRole('link', { name: 'DOWN' }).click();
    assert.deepEqual(await names(page), ['Krios']);
    await page.locator('.chips').getByRole('link', { name: 'All' }).click();
    assert.equal((await names(page)).length, 3);
  });

  it('colours and language are chosen and kept', async () => {
    const page = await visit();
    await page.goto('/facility');
    await page.getByRole('button', { name: 'Dark' }).click();
    assert.equal(new URL(page.url()).pathname, '/facility');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await page.getByRole('button', { name: 'Italiano' }).click();
    await page.goto('/');
    assert.equal(await page.locator('html').getAttribute('lang'), 'it');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.match((await page.locator('h1').textContent()) ?? '', /Krios è fuori servizio/);
  });

  it('an administrator signs in, makes an account and a token, and ends the token', async () => {
    const page = await visit();
    await signIn(page, credentials);
    await page.goto('/admin/users');
    await page.getByLabel('Name', { exact: true }).fill('vera');
    await page.getByLabel('Role').selectOption('operator');
    await page.getByRole('button', { name: 'Add account' }).click();
    assert.match((await page.locator('main pre').textContent()) ?? '', /^\w+(-\w+)+$/);

    await page.goto('/admin/tokens');
    await page.getByLabel('Name', { exact: true }).fill('Cellar');
    await page.getByRole('button', { name: 'Make token' }).click();
    const token = await page.locator('main pre').textContent();
    await page.goto('/admin/tokens');
    await page.locator('summary').filter({ hasText: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    const answer = await fetch(`${lab.box.url}/api/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(answer.status, 401);
  });

  it('an operator has GitLab read at once', async () => {
    const page = await visit();
    await signIn(page, credentials);
    lab.gitlab.world.addLabel(lab.project, { title: 'D:New Device', color: '#009966' });
    await page.goto('/facility');
    await page.getByRole('button', { name: 'Read it now' }).click();
    await page.locator('.note').filter({ hasText: 'read again' }).waitFor();
    await until('the device is there', async () => (await lab.text('/facility')).includes('New Device'));
    await page.reload();
    assert.ok((await names(page)).includes('New Device'));
  });
});
