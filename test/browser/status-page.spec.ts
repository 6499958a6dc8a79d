import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addMs, DAY, HOUR } from '../../src/core/index.ts';
import { type PageWorld, pageWorld } from '../../src/modules/status-page/web/page-world.cases.ts';
import { withoutChromium } from '../support/chromium.ts';
import { account } from '../support/people.ts';
import { assertGoodAddress } from './page-check.ts';
import { signIn, type Visitor, visitors } from './visitor.ts';

const A = 'status-page/obs-reg1';
const B = 'status-page/obs-reg2';
const C = 'status-page/vm-reg1';
const CLOSED = 23;

/** What customers read: troubles, plans and a past that does not fit one page. */
async function worldWithPast(): Promise<PageWorld & { ids: { open: number; closed: number; planned: number } }> {
  const world = await pageWorld();
  const { now } = world;
  const open = await world.incident({ title: 'Uploads fail', impact: 3 }, [A, B], [{ at: now, text: 'We **look**.' }]);
  await world.incident({ title: 'Slow machines' }, [C]);
  await world.incident({ type: 'info', title: 'A new region opens', status: 'active', impact: 0 }, [C]);
  const plan = { type: 'maintenance', impact: 0, description: 'New disks, one after the other.' } as const;
  const window = { start: addMs(now, 3 * DAY), end: addMs(now, 3 * DAY + HOUR) };
  const planned = await world.incident({ ...plan, ...window, title: 'New firmware', status: 'planned' }, [C]);
  let closed = 0;
  for (let number = 1; number <= CLOSED; number += 1) {
    const start = addMs(now, -number * 5 * DAY);
    const end = addMs(start, HOUR);
    const past = { title: `Trouble ${number}`, status: 'resolved', start, end, modifiedAt: end } as const;
    const found = { postmortem: '## Why\n\nA switch forgot its routes.', postmortemAt: end };
    closed = await world.incident(
      { ...past, ...(number === CLOSED ? found : {}) },
      [number % 2 === 0 ? A : C],
      [
        { at: start, status: 'analysing', text: 'We see it.' },
        { at: end, text: 'It works again.' },
      ],
    );
  }
  return Object.assign(world, { ids: { open, closed, planned } });
}

describe('every page of the status page is valid, accessible, quiet and fits a phone', {
  skip: withoutChromium,
}, () => {
  let world: Awaited<ReturnType<typeof worldWithPast>>;
  let visitor: Visitor;
  const comes = visitors(() => world.url);
  before(async () => {
    world = await worldWithPast();
    visitor = await comes();
  });
  after(() => world.stop());

  const pages: [string, () => string][] = [
    ['the overview with what goes on and what is planned', () => '/'],
    ['the overview of a region and a category', () => '/?region=Reg1&category=Storage'],
    ['a component with its trouble', () => `/components/${A}`],
    ['an open incident', () => `/incidents/${world.ids.open}`],
    ['an ended incident with its post-mortem', () => `/incidents/${world.ids.closed}`],
    ['a planned maintenance', () => `/incidents/${world.ids.planned}`],
    ['the history', () => '/history'],
    ['a later page of the history, filtered', () => '/history?page=2&impact=1'],
    ['a history in which nothing is found', () => '/history?q=nothing+has+these+words'],
    ['the maintenances', () => '/maintenances'],
    ['the availability', () => '/availability'],
    ['the availability of a region', () => '/availability?region=Reg2'],
    ['the feeds and subscriptions', () => '/subscribe'],
  ];
  for (const [name, path] of pages) it(name, () => assertGoodAddress(visitor, path()));

  it('the same in Italian, where it has words of its own', async () => {
    const italian = await comes({ locale: 'it-IT' });
    for (const path of ['/', `/incidents/${world.ids.open}`, '/history', '/availability']) {
      await assertGoodAddress(italian, path);
    }
    assert.equal(await italian.page.locator('html').getAttribute('lang'), 'it');
  });

  it('the region beside a long name is in sight at a desk, on a tablet and on a phone', async () => {
    const { page } = await comes();
    await page.goto('/');
    for (const width of [1280, 768, 390]) {
      await page.setViewportSize({ width, height: 800 });
      const seen = await page.locator('.row .what > a').evaluateAll((names) =>
        names.map((name) => {
          if (name.firstChild !== null) name.firstChild.textContent = 'Distributed Message Service for Everybody ';
          const region = name.querySelector('small')?.getBoundingClientRect();
          const { right, bottom } = name.getBoundingClientRect();
          return region !== undefined && region.right <= right + 1 && region.bottom <= bottom + 1;
        }),
      );
      assert.ok(seen.length > 1 && seen.every(Boolean), `${width}: ${String(seen)}`);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    }
  });

  it('the catalogue and the form of a component, for administrators', async () => {
    const admin = await comes();
    await signIn(admin.page, await account(world, 'admin'));
    await assertGoodAddress(admin, '/admin/catalog');
    await assertGoodAddress(admin, '/admin/catalog/edit/obs-reg1');
    await assertGoodAddress(admin, '/admin/subscriptions');
  });
});

describe('the status page without script', { skip: withoutChromium }, () => {
  let world: Awaited<ReturnType<typeof worldWithPast>>;
  const comes = visitors(() => world.url);
  before(async () => {
    world = await worldWithPast();
  });
  after(() => world.stop());
  const visit = async (path: string) => {
    const { page } = await comes({ javaScriptEnabled: false });
    await page.goto(path);
    return page;
  };

  it('shows one region of the overview', async () => {
    const page = await visit('/');
    assert.match((await page.locator('main').textContent()) ?? '', /Uploads fail.*We look\..*New firmware/s);
    await page.getByRole('link', { name: 'Reg2', exact: true }).click();
    assert.match(page.url(), /region=Reg2/);
    assert.deepEqual(await page.locator('.row .what a').allTextContents(), ['Object Storage']);
  });

  it('pages through the history, and finds in it', async () => {
    const page = await visit('/history');
    assert.equal(await page.getByRole('link', { name: 'Trouble 1', exact: true }).count(), 1);
    await page.getByRole('link', { name: /Next|Older/ }).click();
    assert.equal(await page.getByRole('link', { name: 'Trouble 23' }).count(), 1);
    await page.goto('/history');
    await page
      .getByLabel(/Words|Search/)
      .last()
      .fill('Trouble 17');
    await page.locator('form.filters').getByRole('button').click();
    assert.deepEqual(
      await page
        .locator('main')
        .getByRole('link', { name: /^Trouble/ })
        .allTextContents(),
      ['Trouble 17'],
    );
    assert.match(page.url(), /q=Trouble\+17/);
  });

  it('shows the availability of a region', async () => {
    const page = await visit('/availability');
    await page.getByRole('link', { name: 'Reg2', exact: true }).click();
    assert.deepEqual(await page.locator('table.months tbody th a').allTextContents(), ['Object Storage']);
  });
});
