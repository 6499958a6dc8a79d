import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The machine's own browser: nothing is downloaded. SIGNALBOX_TEST_CHROMIUM names another. */
export function chromiumPath(): string | undefined {
  const named = process.env['SIGNALBOX_TEST_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

/** For `describe(…, { skip: withoutChromium }, …)`. */
export const withoutChromium: string | false = chromiumPath() === undefined ? 'needs Chromium' : false;

/** A headless browser; one per test file, a context per test. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('There is no Chromium on PATH; use `withoutChromium` to skip.');
  // Chromium's sandbox refuses root, and containers seldom give it shared memory.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return await chromium.launch({ executablePath, args: [...asRoot, '--disable-dev-shm-usage'] });
}
