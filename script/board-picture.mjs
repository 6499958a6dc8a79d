/**
 * Takes the pictures of the README (docs/board.png) and of docs/status-page.md: the demo on a free port and in a
 * temporary folder, looked at in the first moments, when what is wrong is the same every time.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { launchChromium } from '../test/support/chromium.ts';
import { freePort } from '../test/support/free-port.ts';

const root = path.join(import.meta.dirname, '..');
const MOST_BYTES = 200_000;
const READY_WITHIN_MS = 90_000;

const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-picture-'));
const demo = spawn(process.execPath, ['simulators/demo/main.ts'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, PORT: String(await freePort()), SIGNALBOX_DATA: folder },
});
const ended = new Promise((resolve) => demo.once('exit', resolve));
try {
  await takePictures(await addressOf(demo));
} finally {
  demo.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** What the demo says when its board is filled. */
async function addressOf({ stdout }) {
  const late = setTimeout(() => demo.kill('SIGTERM'), READY_WITHIN_MS);
  for await (const line of createInterface({ input: stdout })) {
    const address = /^Signalbox: (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    clearTimeout(late);
    return address;
  }
  throw new Error('The demo ended before its board was filled.');
}

async function takePictures(address) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1,
      colorScheme: 'light',
      locale: 'en-GB',
      timezoneId: 'Europe/Rome',
      reducedMotion: 'reduce',
    });
    await page.goto(address);
    await page.locator('.row.mj').first().waitFor();
    await page.evaluate('document.fonts.ready');
    keep('status-page.png', await page.screenshot());
    await page.evaluate(`document.querySelector('[data-live="tiles"]').scrollIntoView()`);
    keep('board.png', await page.screenshot());
  } finally {
    await browser.close();
  }
}

function keep(name, picture) {
  const target = path.join(root, 'docs', name);
  writeFileSync(target, picture);
  const { size } = statSync(target);
  if (size > MOST_BYTES)
    throw new Error(`${target} has ${size} bytes; at most ${MOST_BYTES} belong into a repository.`);
  console.log(`docs/${name}, ${Math.round(size / 1000)} kB`);
}
