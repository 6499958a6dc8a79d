import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withoutChromium } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { visitors } from './visitor.ts';

describe('what a browser says of its person is honoured', { skip: withoutChromium }, () => {
  let lab: Lab;
  const comes = visitors(() => lab.box.url);
  before(async () => {
    lab = await startLab();
  });
  after(() => lab[Symbol.asyncDispose]());

  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const moves = reducedMotion === 'no-preference';
    it(moves ? 'a row that changes flashes once' : 'nothing moves for who wants no motion', async () => {
      const { page } = await comes({ reducedMotion });
      await page.goto('/');
      const issue = lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum', labels: ['D:Krios', 'CRITICAL'] });
      const row = page.locator('[data-live="facility/krios"]');
      await row.getByText('DOWN').waitFor();
      const names = await page.evaluate<string[]>(
        'document.getAnimations().map((each) => each.animationName ?? each.transitionProperty)',
      );
      assert.deepEqual(names, moves ? ['flash'] : []);
      lab.gitlab.world.closeIssue(issue);
      await row.getByText('RUNNING').waitFor();
    });
  }

  it('the language is that of the browser until another is chosen', async () => {
    const { page } = await comes({ locale: 'it-IT' });
    await page.goto('/facility');
    assert.equal(await page.locator('html').getAttribute('lang'), 'it');
    await page.getByText('Tutti gli strumenti funzionano').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('All devices are running').waitFor();
    await page.goto('/');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    const other = await comes({ locale: 'fr-FR' });
    await other.page.goto('/');
    assert.equal(await other.page.locator('html').getAttribute('lang'), 'en');
  });

  it('moments are told in the zone of the viewer, absolute on hover, and in that of the site without script', async () => {
    const path = '/components/facility/krios';
    const tokyo = await comes({ timezoneId: 'Asia/Tokyo' });
    await tokyo.page.goto(path);
    const moment = tokyo.page.locator('.banner time').first();
    const at = await moment.getAttribute('datetime');
    assert.ok(at);
    const inZone = (timeZone: string) =>
      new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(Date.parse(at));
    assert.ok((await moment.textContent())?.includes(inZone('Asia/Tokyo')));
    const hover = (await moment.getAttribute('title')) ?? '';
    assert.ok(hover.includes(inZone('Asia/Tokyo')) && hover.includes(inZone('Europe/Rome')), hover);
    await tokyo.page.getByText('Times in your zone, Asia/Tokyo').waitFor();

    const plain = await comes({ timezoneId: 'Asia/Tokyo', javaScriptEnabled: false });
    await plain.page.goto(path);
    assert.ok((await plain.page.locator('.banner time').first().textContent())?.includes(inZone('Europe/Rome')));
    await plain.page.getByText('Times in Europe/Rome').waitFor();
  });

  it('colours follow the system until others are chosen', async () => {
    const { page } = await comes({ colorScheme: 'dark' });
    const ground = async () => await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.goto('/');
    const dark = await ground();
    await page.getByRole('button', { name: 'Light' }).click();
    await page.locator('html[data-theme="light"]').waitFor();
    assert.notEqual(await ground(), dark);
    await page.getByRole('button', { name: 'As the system' }).click();
    await page.locator('html[data-theme="auto"]').waitFor();
    assert.equal(await ground(), dark);
  });

  it('text of twice the size still fits a phone', async () => {
    const { page } = await comes({ viewport: { width: 390, height: 844 } });
    for (const path of ['/', '/facility', '/components/facility/krios', '/login']) {
      await page.goto(path);
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(over, 0, path);
    }
  });
});
