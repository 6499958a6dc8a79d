import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withoutChromium } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';
import { visitors } from './visitor.ts';

const WALL = { width: 1920, height: 1080 };
const TURN_MS = 20_000;

describe('the wall screen', { skip: withoutChromium }, () => {
  let lab: Lab;
  const comes = visitors(() => lab.box.url);
  before(async () => {
    lab = await startLab();
    lab.gitlab.world.openIssue(lab.project, { title: 'Vacuum lost', labels: ['D:Krios', 'CRITICAL'] });
    await until('it is down', async () => (await lab.level('facility/krios')) === 'major_outage');
  });
  after(() => lab[Symbol.asyncDispose]());

  it('is twice as large, without anything to click, and without the names of nobody', async () => {
    const { page, troubles } = await comes({ viewport: WALL });
    const size = async (selector: string) =>
      await page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector('${selector}')).fontSize)`);
    await page.goto('/');
    const usual = await size('.row .what');
    await page.goto('/?kiosk=1');
    assert.equal(await size('.row .what'), 2 * usual);
    for (const part of ['nav', 'form', 'button', 'input']) {
      assert.equal(await page.locator(part).filter({ visible: true }).count(), 0, part);
    }
    await page.locator('[data-live="facility/krios"]').getByText('Vacuum lost').waitFor();
    assert.deepEqual(troubles, []);
  });

  it('goes on to the next page that everybody may see, and round again', async () => {
    const { page } = await comes({ viewport: WALL });
    await page.clock.install();
    await page.goto('/?kiosk=1');
    const path = () => new URL(page.url()).pathname + new URL(page.url()).search;
    const seen = [path()];
    for (const next of ['**/facility?kiosk=1', `${lab.box.url}/?kiosk=1`]) {
      await until(`the screen shows ${next}`, async () => {
        await page.clock.fastForward(TURN_MS);
        await page.waitForLoadState();
        return path() !== seen.at(-1);
      });
      await page.waitForURL(next);
      seen.push(path());
    }
    assert.deepEqual(seen, ['/?kiosk=1', '/facility?kiosk=1', '/?kiosk=1']);
  });

  it('scrolls a screenful at a time before it goes on', async () => {
    const { page } = await comes({ viewport: { width: 1280, height: 360 } });
    await page.clock.install();
    await page.goto('/?kiosk=1');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.clock.fastForward(TURN_MS);
    assert.ok((await page.evaluate<number>('scrollY')) > 0);
    assert.equal(new URL(page.url()).pathname, '/');
  });

  it('keeps up with what happens', async () => {
    const { page } = await comes({ viewport: WALL });
    await page.goto('/?kiosk=1');
    lab.gitlab.world.openIssue(lab.project, { title: 'Also', labels: ['D:Talos', 'CRITICAL'] });
    await page.locator('[data-live="facility/talos"]').getByText('DOWN').waitFor();
  });
});
