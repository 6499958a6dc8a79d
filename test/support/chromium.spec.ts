import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchChromium, withoutChromium } from './chromium.ts';

describe('the browser of the tests', { skip: withoutChromium }, () => {
  it('runs scripts of a page', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent('<title>before</title><script>document.title = "after"</script>');
      assert.equal(await page.title(), 'after');
    } finally {
      await browser.close();
    }
  });
});
