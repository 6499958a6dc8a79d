import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withoutChromium } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';
import { assertGoodAddress, assertGoodAnswer } from './page-check.ts';
import { type Visitor, visitors } from './visitor.ts';

describe('every page a visitor can open is valid, accessible, quiet and fits a phone', {
  skip: withoutChromium,
}, () => {
  let lab: Lab;
  let visitor: Visitor;
  const comes = visitors(() => lab.box.url);

  before(async () => {
    lab = await startLab({
      labels: ['D:Krios', 'D:Talos', 'D:Data Store', 'D:Vitrobot'],
      configured: { title: 'Instrument Desk', groups: { '#009966': 'Microscopes' } },
    });
    const { world } = lab.gitlab;
    world.openIssue(lab.project, { title: 'Vacuum lost', labels: ['D:Krios', 'CRITICAL'] });
    world.openIssue(lab.project, { title: 'Chilled water is warm', labels: ['D:Talos', 'Information'] });
    world.openIssue(lab.project, { title: 'Not for everybody', labels: ['D:Data Store'], confidential: true });
    await until('all of it is on the board', async () => (await lab.level('facility/data-store')) === 'degraded');
    await lab.settled();
    visitor = await comes();
  });
  after(() => lab[Symbol.asyncDispose]());

  const pages: [string, string, number?][] = [
    ['the overview', '/'],
    ['the overview, filtered', '/?level=major_outage'],
    ['the overview, searched in vain', '/?q=nothing+like+it'],
    ['a component', '/components/facility/krios'],
    ['the history of a component', '/components/facility/krios?view=history'],
    ['a component that works', '/components/facility/vitrobot'],
    ['a component on which something confidential rests', '/components/facility/data-store'],
    ['a component that is not there', '/components/facility/none', 404],
    ['the facility', '/facility'],
    ['subscribing without a mail server', '/subscribe'],
    ['a subscription that was asked for', '/subscribe/asked'],
    ['a subscription that is not there', '/subscriptions/none', 404],
    ['a confirmation that has ended', '/subscriptions/confirm/none', 404],
    ['the parts of all pages', '/design'],
    ['the description of the API', '/api/docs'],
    ['signing in', '/login'],
    ['forgotten password without mail', '/forgot'],
    ['a link for a new password that has ended', '/reset/none', 404],
    ['an address that is not there', '/nowhere', 404],
    ['the wall screen', '/?kiosk=1'],
    ['the wall screen of the facility', '/facility?kiosk=1'],
  ];
  for (const [name, path, status] of pages) {
    it(`${name}: ${path}`, () => assertGoodAddress(visitor, path, status));
  }

  it('signing in with a wrong password', async () => {
    await visitor.page.goto('/login');
    await visitor.page.getByLabel('Name or e-mail address').fill('nobody');
    await visitor.page.getByLabel('Password').fill('not the right one');
    const press = () => visitor.page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await assertGoodAnswer(visitor, press, 422);
  });

  it('the same in Italian', async () => {
    const italian = await comes({ locale: 'it-IT' });
    await assertGoodAddress(italian, '/');
    await assertGoodAddress(italian, '/facility');
    await assertGoodAddress(italian, '/components/facility/krios');
    await assertGoodAddress(italian, '/login');
  });
});

describe('pages of an installation that has just begun', { skip: withoutChromium }, () => {
  let box: TestApp;
  let visitor: Visitor;
  const comes = visitors(() => box.url);

  before(async () => {
    box = await startApp({ values: { http: { limits: { pages: 12, forms: 10, denials: 10 } } } });
    visitor = await comes();
  });
  after(() => box.stop());

  it('the empty overview', () => assertGoodAddress(visitor, '/'));
  it('the facility without a project', () => assertGoodAddress(visitor, '/facility'));

  it('too many requests', async () => {
    const { page } = visitor;
    let status = 200;
    for (let asked = 0; asked < 30 && status === 200; asked += 1) {
      status = (await page.goto('/login'))?.status() ?? 0;
    }
    assert.equal(status, 429);
    await assertGoodAddress(visitor, '/login', 429);
  });
});

describe('a page that fails', { skip: withoutChromium }, () => {
  const comes = visitors(() => box.url);
  let box: TestApp;
  before(async () => {
    box = await startApp();
  });
  after(() => box.stop());

  it('says so, validly and accessibly', async () => {
    await box.app.db.close();
    await assertGoodAddress(await comes(), '/components/facility/none', 500);
  });
});
