import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { ensureFirstAdministrator } from '../../src/platform/auth/index.ts';
import { withoutChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';
import { assertGoodAddress, assertGoodAnswer, assertGoodPage } from './page-check.ts';
import { type Credentials, signIn, type Visitor, visitors } from './visitor.ts';

const ADDRESS = 'vera@lab.example';
const CHOSEN = 'tide lamp osier four';

describe('every page of those who sign in is valid, accessible, quiet and fits a phone', {
  skip: withoutChromium,
}, () => {
  let lab: Lab;
  let post: SMTPServer;
  let mail = '';
  let credentials: Credentials;
  let admin: Visitor;
  let vera: Visitor;
  let oneTime = '';
  const comes = visitors(() => lab.box.url);

  before(async () => {
    const port = await freePort();
    post = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => (mail += chunk.toString()));
        stream.on('end', () => done());
      },
    });
    post.listen(port, '127.0.0.1');
    await once(post.server, 'listening');
    lab = await startLab({
      hook: false,
      app: { values: { smtp: { host: '127.0.0.1', port, security: 'none', from: 'signalbox@lab.example' } } },
    });
    const made = await ensureFirstAdministrator(lab.box.app.db, lab.box.app.clock, { keep: true });
    credentials = { name: 'admin', password: made?.password ?? '' };
    admin = await comes();
    await signIn(admin.page, credentials);
  });
  after(async () => {
    await lab[Symbol.asyncDispose]();
    await new Promise<void>((resolve) => post.close(resolve));
  });

  const pages: [string, string][] = [
    ['the own account', '/account'],
    ['the accounts', '/admin/users'],
    ['the tokens', '/admin/tokens'],
    ['the audit log', '/admin/audit'],
    ['the system', '/admin/system'],
    ['the catalogue', '/admin/catalog'],
    ['the form of a component', '/admin/catalog/new'],
    ['the catalogue from a file', '/admin/catalog/file'],
    ['the facility with what operators see', '/facility'],
    ['what would change in GitLab', `/facility/plan?project=${encodeURIComponent('lab/301')}`],
    ['forgotten password', '/forgot'],
    ['subscribing by mail', '/subscribe'],
    ['subscribing a webhook', '/subscribe?by=webhook&component=facility/krios'],
    ['the subscriptions', '/admin/subscriptions?by=slack'],
    ['the delivery log', '/admin/subscriptions?view=log'],
  ];
  for (const [name, path] of pages) {
    it(`${name}: ${path}`, () => assertGoodAddress(admin, path));
  }

  it('a token that was just made, and the list of tokens', async () => {
    const { page } = admin;
    await page.goto('/admin/tokens');
    await page.getByLabel('Name', { exact: true }).fill('Monitor in the cellar');
    await assertGoodAnswer(admin, () => page.getByRole('button', { name: 'Make token' }).click());
    assert.match((await page.locator('main pre').textContent()) ?? '', /^sbx_/);
    await assertGoodAddress(admin, '/admin/tokens');
  });

  it('a form that was filled in wrongly', async () => {
    const { page } = admin;
    await page.goto('/admin/users');
    await page.getByLabel('Name', { exact: true }).fill('/');
    await assertGoodAnswer(admin, () => page.getByRole('button', { name: 'Add account' }).click(), 422);
  });

  it('the one-time password of a new account, and the account', async () => {
    const { page } = admin;
    await page.goto('/admin/users');
    await page.getByLabel('Name', { exact: true }).fill('vera');
    await page.getByLabel('E-mail address (if they have one)').fill(ADDRESS);
    await assertGoodAnswer(admin, () => page.getByRole('button', { name: 'Add account' }).click());
    oneTime = (await page.locator('main pre').textContent()) ?? '';
    await page.goto('/admin/users');
    const address = await page.getByRole('link', { name: 'vera' }).getAttribute('href');
    assert.ok(address);
    await assertGoodAddress(admin, address);
    await page.getByText('Disable account').first().click();
    await page.getByText('Make a one-time password').first().click();
    await assertGoodAddress(admin, '/admin/audit');
  });

  it('a channel that was just added, its secret, and the pages about it', async () => {
    const { page } = admin;
    await page.goto('/admin/subscriptions?by=webhook');
    await page.getByLabel('Address of the receiver').fill('https://hooks.example.org/signalbox');
    await assertGoodAnswer(admin, () => page.getByRole('button', { name: 'Add a channel' }).click());
    assert.match((await page.locator('main pre').textContent()) ?? '', /^whsec_/);
    await page.goto('/admin/subscriptions');
    await page.getByText('Remove').first().click();
    await assertGoodPage(admin);
  });

  it('subscribing by mail, confirming it, and changing it', async () => {
    const { page } = await comes();
    const visitor = { page, troubles: [] as string[] };
    mail = '';
    await page.goto('/subscribe');
    await page.getByLabel('E-mail address').fill('vera@lab.example');
    await assertGoodAnswer(visitor, () => page.getByRole('button', { name: 'Subscribe' }).click());
    const link = await until('the mail', () =>
      /\/subscriptions\/confirm\/[\w-]{43}/.exec(mail.replaceAll('=\r\n', '')),
    );
    await assertGoodAddress(visitor, link[0]);
    await assertGoodAnswer(visitor, () => page.locator('main').getByRole('button', { name: 'Confirm' }).click());
    await assertGoodAnswer(visitor, () => page.getByRole('link', { name: 'Change the subscription' }).click());
    await assertGoodAddress(visitor, page.url().replace('/subscriptions/', '/unsubscribe/'));
  });

  it('choosing an own password at the first sign-in', async () => {
    vera = await comes();
    await signIn(vera.page, { name: 'vera', password: oneTime });
    await assertGoodAddress(vera, '/account');
    await vera.page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
    await vera.page.getByLabel('New password', { exact: true }).fill(CHOSEN);
    await vera.page.getByLabel('New password again').fill(CHOSEN);
    await assertGoodAnswer(vera, () => vera.page.getByRole('button', { name: 'Change password' }).click());
  });

  it('a page that is not for this role', () => assertGoodAddress(vera, '/admin/users', 403));

  it('asking for a link by mail, and the page behind it', async () => {
    const forgetful = await comes();
    await forgetful.page.goto('/forgot');
    await forgetful.page.getByLabel('E-mail address').fill(ADDRESS);
    await assertGoodAnswer(forgetful, () => forgetful.page.getByRole('button', { name: 'Send the link' }).click());
    const link = await until('the mail', () => /\/reset\/[\w-]+/.exec(mail.replaceAll('=\r\n', '')));
    await assertGoodAddress(forgetful, link[0]);
    await forgetful.page.getByLabel('New password again').waitFor();
  });
});
