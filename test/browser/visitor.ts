import { after } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Somebody with a browser of their own: what goes wrong in it is written down. */
export interface Visitor {
  page: Page;
  /** Messages of the console, refusals of the content security policy, requests to other hosts, exceptions. */
  troubles: string[];
}

/**
 * One browser for the tests of a suite, started when the first visitor comes; each has a profile of its own. Called in
 * the body of the suite.
 */
export function visitors(url: () => string): (options?: BrowserContextOptions) => Promise<Visitor> {
  let browser: Browser | undefined;
  after(() => browser?.close());
  return async (options = {}) => {
    browser ??= await launchChromium();
    const context = await browser.newContext({
      baseURL: url(),
      viewport: DESKTOP,
      locale: 'en-GB',
      timezoneId: 'Europe/Rome',
      ...options,
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    return { page, troubles: watch(page, new URL(url()).host) };
  };
}

function watch(page: Page, host: string): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    // The browser says so of every page that is not found; the test says whether it should be.
    const expected = /Failed to load resource: the server responded with a status of \d+/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !(expected && message.location().url === page.url())) {
      troubles.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== 'data:' && asked.host !== host) troubles.push(`${page.url()} asks ${asked.href}`);
  });
  return troubles;
}

export interface Credentials {
  name: string;
  password: string;
}

export async function signIn(page: Page, { name, password }: Credentials): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Name or e-mail address').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.locator('form.account').waitFor();
}
