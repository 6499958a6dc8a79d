import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { type ConfigData, HtmlValidate } from 'html-validate';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, type Visitor } from './visitor.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Structure, names and sizes are the same by day and by night; these are not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

const RULES: ConfigData = {
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // Matters of taste, not of validity.
    'long-title': 'off',
    'no-inline-style': 'error',
    'no-trailing-whitespace': 'off',
    'require-sri': 'off',
    'void-style': 'off',
    'attr-quotes': 'off',
    'doctype-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    // A wall screen without script has nobody who could reload it.
    'meta-refresh': 'off',
  },
};
const validator = new HtmlValidate(RULES);

/** Everything that is wrong with markup as the server sent it. */
export async function mistakesInMarkup(markup: string): Promise<string[]> {
  const report = await validator.validateString(markup);
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `line ${line}: ${message} (${ruleId})`),
  );
}

/**
 * What axe finds on the page as it stands. There are no frames, so it may run in the page itself, which is faster. There
 * it stays until the page is left: it is sent for the first look only. And it describes nothing but what is wrong.
 */
async function axeViolations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const isThere = await page.evaluate<boolean>('typeof axe === "object"');
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: ';' } : {}) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  const { violations } = await (rules === 'all' ? axe.withTags(AXE_TAGS) : axe.withRules(COLOUR_RULES)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.replaceAll('\n', ' ')}`),
  );
}

/** Runs in the page: what one can press and is smaller than a finger. A link within a sentence is as tall as its line. */
const SMALL_TARGETS = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((element) => {
    const seen = element.checkVisibility({ visibilityProperty: true }) && !element.closest('.skip, .vh');
    const inSentence = getComputedStyle(element).display === 'inline' && element.closest('p, li, dd, td');
    // A label is pressed as well as its box.
    const boxes = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect());
    return seen && !inSentence && !boxes.some(({ width, height }) => width >= 24 && height >= 24);
  })
  .map((element) => {
    const { width, height } = element.getBoundingClientRect();
    return Math.round(width) + ' × ' + Math.round(height) + ': ' + element.outerHTML.slice(0, 120);
  })`;

const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The page that is open, in light and dark, wide and narrow. */
export async function assertGoodPage({ page, troubles }: Visitor): Promise<void> {
  const found: string[] = [];
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const where = `${viewport.width} ${colorScheme}`;
      const violations = await axeViolations(page, colorScheme === 'light' ? 'all' : 'colours');
      found.push(...violations.map((violation) => `${where}: ${violation}`));
    }
    const over = await page.evaluate<number>(SIDEWAYS);
    if (over > 0) found.push(`${viewport.width}: the page scrolls sideways by ${over} px`);
  }
  found.push(...(await page.evaluate<string[]>(SMALL_TARGETS)).map((target) => `too small for a finger: ${target}`));
  found.push(...troubles.splice(0));
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(DESKTOP);
  assert.deepEqual(found, []);
}

/** Opens an address and looks at everything about it. */
export async function assertGoodAddress(visitor: Visitor, address: string, status = 200): Promise<void> {
  const answer = await visitor.page.goto(address);
  assert.equal(answer?.status(), status, address);
  assert.deepEqual(await mistakesInMarkup(await answer.text()), [], `markup of ${address}`);
  await assertGoodPage(visitor);
}

/** Presses something that leads to another page, and looks at that. */
export async function assertGoodAnswer(visitor: Visitor, press: () => Promise<void>, status = 200): Promise<void> {
  const arrived = visitor.page.waitForResponse(
    (answer) => answer.request().isNavigationRequest() && ![302, 303].includes(answer.status()),
  );
  await press();
  const answer = await arrived;
  assert.equal(answer.status(), status);
  const markup = await answer.text();
  await visitor.page.waitForLoadState();
  assert.deepEqual(await mistakesInMarkup(markup), [], `markup of ${answer.url()}`);
  await assertGoodPage(visitor);
}
