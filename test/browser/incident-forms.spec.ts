import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { addMs, DAY, HOUR } from '../../src/core/index.ts';
import { type PageWorld, pageWorld } from '../../src/modules/status-page/web/page-world.cases.ts';
import { withoutChromium } from '../support/chromium.ts';
import { account } from '../support/people.ts';
import { until } from '../support/until.ts';
import { assertGoodAddress, assertGoodAnswer } from './page-check.ts';
import { type Credentials, signIn, type Visitor, visitors } from './visitor.ts';

const A = 'status-page/obs-reg1';
const B = 'status-page/obs-reg2';
const C = 'status-page/vm-reg1';

/** What has the focus, as it is called. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  return (element.getAttribute('aria-label') ?? element.labels?.[0]?.firstChild?.textContent ?? element.textContent).trim();
})()`;

describe('every page on which staff write is valid, accessible, quiet and fits a phone', {
  skip: withoutChromium,
}, () => {
  let world: PageWorld;
  let visitor: Visitor;
  const comes = visitors(() => world.url);
  const ids = { open: 0, closed: 0, planned: 0, waiting: 0, update: 0 };

  before(async () => {
    world = await pageWorld();
    const { now } = world;
    for (let number = 0; number < 15; number += 1) {
      for (const region of ['Reg1', 'Reg2']) {
        const about = { name: `Service ${number}`, region, category: `Category ${number % 3}` };
        await world.component(`status-page/s${number}-${region.toLowerCase()}`, about);
      }
    }
    ids.open = await world.incident({ title: 'Uploads fail', impact: 2 }, [A, B], [{ at: now, text: 'We **look**.' }]);
    await world.incident({ title: 'Another trouble' }, ['status-page/s1-reg1']);
    ids.closed = await world.incident({ title: 'It was broken', status: 'resolved', end: now }, [C]);
    const plan = { type: 'maintenance', impact: 0, description: 'New disks.' } as const;
    const window = { start: addMs(now, 3 * DAY), end: addMs(now, 3 * DAY + HOUR) };
    ids.planned = await world.incident({ ...plan, ...window, title: 'New firmware', status: 'planned' }, [C]);
    ids.waiting = await world.incident(
      { ...plan, ...window, title: 'Rack moves', status: 'pending_review', told: false },
      [C],
    );
    const credentials = await account(world, 'operator');
    visitor = await comes();
    await signIn(visitor.page, credentials);
    const link = await (await visitor.page.goto(`/incidents/${ids.open}`))?.text();
    ids.update = Number(/\/updates\/(\d+)\/edit/.exec(link ?? '')?.[1]);
  });
  after(() => world.stop());

  it('has a navigation that is whole on every screen wider than a phone, for operators', async () => {
    const { page } = await comes();
    await signIn(page, await account(world, 'operator'));
    for (const width of [1024, 1200, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const nav = page.locator('nav.main');
      assert.match((await nav.textContent()) ?? '', /Reviews \(\d+\)/);
      assert.equal(await nav.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0, `${width}`);
    }
  });

  const pages: [string, () => string][] = [
    ['an incident begins', () => '/incidents/new'],
    ['a maintenance begins', () => '/incidents/new?type=maintenance'],
    ['an information begins', () => '/incidents/new?type=info'],
    ['an open incident', () => `/incidents/${ids.open}`],
    ['a planned maintenance', () => `/incidents/${ids.planned}`],
    ['the update with everything in sight', () => `/incidents/${ids.planned}/update?open=more`],
    ['components', () => `/incidents/${ids.open}/components`],
    ['moving', () => `/incidents/${ids.open}/move?component=${A}`],
    ['merging', () => `/incidents/${ids.open}/merge`],
    ['dating back', () => `/incidents/${ids.open}/back-date`],
    ['the post-mortem', () => `/incidents/${ids.closed}/postmortem`],
    ['cancelling', () => `/incidents/${ids.planned}/cancel`],
    ['a review', () => `/incidents/${ids.waiting}/review`],
    ['correcting an update', () => `/incidents/${ids.open}/updates/${ids.update}/edit`],
    ['the reviews', () => '/reviews'],
    ['the maintenances with what staff may do', () => '/maintenances'],
    ['the series', () => '/maintenances/series'],
    ['a new series', () => '/maintenances/series/new'],
    ['words for updates', () => '/admin/templates'],
  ];
  for (const [name, path] of pages) it(name, () => assertGoodAddress(visitor, path()));

  it('a form that came back with mistakes', async () => {
    const { page } = visitor;
    await page.goto('/incidents/new?type=maintenance');
    await page.getByLabel('Title').fill('Short');
    await page.evaluate("document.querySelector('main form').noValidate = true");
    const press = () => page.getByRole('button', { name: 'Announce a maintenance' }).last().click();
    await assertGoodAnswer(visitor, press, 422);
  });

  it('a preview', async () => {
    const { page } = visitor;
    await page.goto('/incidents/new');
    await page.getByLabel('First update').fill('- one\n- **two**');
    await assertGoodAnswer(visitor, () => page.getByRole('button', { name: 'Preview' }).click());
    await page.locator('#preview strong').waitFor();
  });

  it('a series with words for updates, when there are some, and the next ten', async () => {
    const { page } = visitor;
    await page.goto('/admin/templates');
    await page.getByLabel('Name').fill('Watching');
    await page.getByLabel('Text').last().fill('We watch it.');
    await assertGoodAnswer(visitor, () => page.getByRole('button', { name: 'Add' }).click());
    await page.goto('/maintenances/series/new');
    await page.getByLabel('First start').fill('2030-01-07T22:30');
    await assertGoodAnswer(visitor, () => page.getByRole('button', { name: 'Show the next ten' }).click());
    assert.equal(await page.locator('#preview li').count(), 10);
  });

  it('the same in Italian', async () => {
    const italian = await comes({ locale: 'it-IT', storageState: await visitor.page.context().storageState() });
    for (const path of ['/incidents/new', `/incidents/${ids.open}`, '/maintenances/series/new', '/reviews']) {
      await assertGoodAddress(italian, path);
    }
  });

  it('the filter leaves what has the words and what is chosen, and one box ticks a whole service', async () => {
    const { page } = visitor;
    await page.goto('/incidents/new');
    const row = (name: string) => page.getByRole('group', { name, exact: true });
    await page.getByLabel('Filter the list').fill('service 7');
    await row('Service 7').waitFor();
    await row('Service 8').waitFor({ state: 'hidden' });
    await row('Service 7').getByLabel('all regions').check();
    assert.equal(await row('Service 7').getByLabel('Reg2').isChecked(), true);
    await row('Service 7').getByLabel('Reg1').uncheck();
    assert.equal(await row('Service 7').getByLabel('all regions').isChecked(), false);
    await page.getByLabel('Filter the list').fill('service 8');
    await row('Service 8').waitFor();
    await row('Service 7').waitFor();
  });

  it('what somebody is writing stays while others write', async () => {
    const { page } = visitor;
    await page.goto(`/incidents/${ids.open}`);
    await page.getByLabel('What is new').fill('Half a sentence');
    // A part that was not there before would exchange the whole page.
    await fetch(`${world.url}/api/incidents/${ids.open}/updates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.token('incidents:write')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'impact changed', impact: 3, text: 'Worse.', description: 'A description.' }),
    });
    await until('the page follows', async () => (await page.locator('.banner').textContent())?.includes('Outage'));
    assert.equal(await page.getByLabel('What is new').inputValue(), 'Half a sentence');
  });
});

describe('an operator with the keyboard alone and without script', { skip: withoutChromium }, () => {
  let world: PageWorld;
  let credentials: Credentials;
  const comes = visitors(() => world.url);
  before(async () => {
    world = await pageWorld();
    credentials = await account(world, 'operator');
  });
  after(() => world.stop());

  /** Presses Tab until something is reached. */
  async function tabTo(page: Page, wanted: string): Promise<void> {
    for (let presses = 0; presses < 90; presses += 1) {
      if ((await page.evaluate<string>(FOCUSED)) === wanted) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`“${wanted}” is not reached with Tab`);
  }

  async function typeInto(page: Page, label: string, text: string): Promise<void> {
    await tabTo(page, label);
    await page.keyboard.type(text);
  }

  async function press(page: Page, name: string): Promise<void> {
    await tabTo(page, name);
    const arrives = page.waitForEvent('load');
    await page.keyboard.press('Enter');
    await arrives;
  }

  it('signs in, opens an incident, posts an update and resolves it', async () => {
    const { page } = await comes({ javaScriptEnabled: false });
    await page.goto('/incidents/new');
    await typeInto(page, 'Name or e-mail address', credentials.name);
    await typeInto(page, 'Password', credentials.password);
    const arrives = page.waitForEvent('load');
    await page.keyboard.press('Enter');
    await arrives;
    assert.equal(new URL(page.url()).pathname, '/incidents/new', 'signing in leads back');

    await typeInto(page, 'Title', 'Uploads fail');
    await typeInto(page, 'Impact', 'Ou');
    await tabTo(page, 'Reg2');
    await page.keyboard.press('Space');
    await typeInto(page, 'First update (optional)', 'We **look** into it.');
    await press(page, 'Report an incident');
    const address = new URL(page.url()).pathname;
    assert.match(address, /^\/incidents\/\d+$/);
    assert.match((await page.locator('main').textContent()) ?? '', /Uploads fail.*Outage.*Object Storage \(Reg2\)/s);
    assert.equal(await page.locator('.timeline strong').textContent(), 'look');

    await typeInto(page, 'Status', 'Fix');
    await typeInto(page, 'What is new', 'A switch is replaced.');
    await press(page, 'Post the update');
    assert.equal(new URL(page.url()).pathname, address);
    assert.match((await page.locator('.timeline li').first().textContent()) ?? '', /Fixing.*A switch is replaced\./s);

    await press(page, 'Resolve');
    await typeInto(page, 'What is new', 'It works again.');
    await press(page, 'Post the update');
    assert.match((await page.locator('h1').textContent()) ?? '', /Resolved/);
  });

  it('sends with Enter as with the main button, and gets everything back beside the mistake', async () => {
    const { page } = await comes({ javaScriptEnabled: false });
    await signIn(page, credentials);
    await page.goto('/incidents/new');
    await page.getByLabel('Object Storage').getByLabel('Reg1').check();
    await page.getByLabel('Description').fill('Typed with care');
    await typeInto(page, 'Title', 'Short');
    const arrives = page.waitForEvent('load');
    await page.keyboard.press('Enter');
    await arrives;
    await page.getByText('Write 8 to 200 characters.').first().waitFor();
    assert.equal(await page.getByLabel('Description').inputValue(), 'Typed with care');
    assert.equal(await page.getByLabel('Object Storage').getByLabel('Reg1').isChecked(), true);
    await page.getByRole('alert').getByRole('link', { name: 'Title' }).click();
    assert.match(page.url(), /#title$/);
  });
});
