import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ensureFirstAdministrator } from '../../src/platform/auth/index.ts';
import { withoutChromium } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { visitors } from './visitor.ts';

/** In the page: what has the focus, and whether one sees that. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom, width } = element.getBoundingClientRect();
  return {
    says: (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).trim(),
    outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    inView: width > 0 && bottom > 0 && top < innerHeight,
  };
})()`;

interface Focused {
  says: string;
  outlined: boolean;
  inView: boolean;
}

describe('with the keyboard alone', { skip: withoutChromium }, () => {
  let lab: Lab;
  let password: string;
  const comes = visitors(() => lab.box.url);

  before(async () => {
    lab = await startLab();
    const made = await ensureFirstAdministrator(lab.box.app.db, lab.box.app.clock, { keep: true });
    password = made?.password ?? '';
  });
  after(() => lab[Symbol.asyncDispose]());

  /** Presses Tab until something is reached; everything on the way must show that it has the focus. */
  async function tabTo(page: Page, wanted: string): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      const focused = await page.evaluate<Focused>(FOCUSED);
      if (focused.says === wanted) return;
      await page.keyboard.press('Tab');
      const next = await page.evaluate<Focused>(FOCUSED);
      assert.ok(next.outlined && next.inView, `the focus on “${next.says}” is not to be seen`);
    }
    assert.fail(`“${wanted}” is not reached with Tab`);
  }

  it('the first stop skips to the content', async () => {
    const { page } = await comes();
    await page.goto('/');
    await page.keyboard.press('Tab');
    assert.deepEqual(await page.evaluate(FOCUSED), { says: 'Skip to the content', outlined: true, inView: true });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.closest("main") !== null'), true);
  });

  it('a slash leads to the search, typing filters, Escape leaves it, j and k walk the rows', async () => {
    const { page } = await comes();
    await page.goto('/');
    await page.keyboard.press('/');
    await page.keyboard.type('talos');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'talos');
    await page.getByRole('link', { name: 'Krios' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Krios' }).waitFor();
    const focused = async () => (await page.evaluate<Focused>(FOCUSED)).says;
    await page.keyboard.press('j');
    assert.equal(await focused(), 'Krios');
    await page.keyboard.press('j');
    assert.equal(await focused(), 'Talos');
    await page.keyboard.press('k');
    assert.equal(await focused(), 'Krios');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Krios' }).waitFor();
  });

  it('one signs in, makes a token and signs out', async () => {
    const { page } = await comes();
    await page.goto('/');
    await tabTo(page, 'Sign in');
    await page.keyboard.press('Enter');
    await page.locator('#name:focus').waitFor();
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.locator('form.account').waitFor();

    await tabTo(page, 'Administration');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/users');
    await tabTo(page, 'API tokens');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin/tokens');
    await tabTo(page, 'Name');
    await page.keyboard.type('Cellar');
    await tabTo(page, 'Make token');
    await page.keyboard.press('Enter');
    await page.locator('main pre').filter({ hasText: 'sbx_' }).waitFor();

    await tabTo(page, 'Sign out');
    await page.keyboard.press('Enter');
    await page.locator('p.account').getByText('Sign in').waitFor();
    await page.goto('/admin/tokens');
    assert.equal(new URL(page.url()).pathname, '/login');
  });
});
