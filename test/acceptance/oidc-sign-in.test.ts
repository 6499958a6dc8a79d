import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CookieBrowser } from '../support/cookie-browser.ts';
import { ownAddress } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startOidcProvider, type TestProvider } from '../support/oidc-provider.ts';
import { csrfOf, signIn } from '../support/people.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];
const ROLES = { admin: ['/page-admins'], operator: ['operators'], creator: ['creators'], reporter: ['reporters'] };

interface Lab {
  box: TestApp;
  op: TestProvider;
}

async function startLab(options: { databaseUrl?: string; auth?: object; provider?: object } = {}): Promise<Lab> {
  const [port, opPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const op = await startOidcProvider({
    port: opPort,
    redirectUris: [`${url}/auth/corp`],
    postLogoutRedirectUris: [`${url}/login`],
  });
  const provider = {
    id: 'corp',
    label: 'The Corporation',
    issuer: op.issuer,
    client_id: op.clientId,
    client_secret: op.clientSecret,
    scopes: ['openid', 'profile', 'groups'],
    roles: ROLES,
    ...options.provider,
  };
  const { databaseUrl } = options;
  const values = { auth: { providers: [provider], ...options.auth } };
  const box = await startApp({ port, values, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  return { box, op };
}

for (const engine of ['sqlite', 'postgres'] as const) {
  const skip = engine === 'postgres' && POSTGRES === undefined && process.env['CI'] !== 'true' && 'no PostgreSQL';
  describe(`sign-in with a real provider, on ${engine}`, { skip }, () => {
    let lab: Lab;
    let cleanup: () => Promise<void>;
    before(async () => {
      const { url: databaseUrl, remove } = await ownAddress(engine);
      cleanup = remove;
      lab = await startLab({ databaseUrl });
    });
    after(async () => {
      await lab.box.stop();
      await lab.op.stop();
      await cleanup();
    });

    /** From our page of sign-in through the provider's pages and back. */
    async function comeIn(login: string, claims: Record<string, unknown>, path = ''): Promise<CookieBrowser> {
      lab.op.people.set(login, claims);
      const browser = new CookieBrowser();
      await browser.go(`${lab.box.url}/login/corp${path}`);
      await lab.op.signIn(browser, login);
      return browser;
    }
    const roleOn = async (browser: CookieBrowser) =>
      /Role: (\w+)/.exec(await (await browser.once(`${lab.box.url}/account`)).text())?.[1];

    it('offers the provider beside name and password', async () => {
      const page = await (await fetch(`${lab.box.url}/login?returnTo=/account`)).text();
      assert.match(page, /href="\/login\/corp\?returnTo=%2Faccount">Sign in with The Corporation</);
      assert.match(page, /name="password"/);
    });

    it('gives the highest role that the groups at the provider mean, and leads back to the page', async () => {
      const browser = await comeIn(
        'ada',
        { preferred_username: 'ada', groups: ['reporters', 'operators', 'root'] },
        '?returnTo=%2Faccount',
      );
      assert.equal(browser.url, `${lab.box.url}/account`);
      assert.match(browser.body, /ada \(corp\)/);
      assert.equal(await roleOn(browser), 'Operator');
      assert.doesNotMatch(browser.body, /name="current"/, 'there is no password to change');
      assert.equal((await browser.once(`${lab.box.url}/admin/users`)).status, 403);
    });

    it('knows people by their subject: a new name is the same account, with today’s role', async () => {
      await comeIn('bea', { preferred_username: 'bea', groups: ['/page-admins'] });
      const renamed = await comeIn('bea', { preferred_username: 'beatrice', groups: ['page-admins'] });
      assert.equal(await roleOn(renamed), 'Administrator');
      const users = await (await renamed.once(`${lab.box.url}/admin/users`)).text();
      assert.match(users, /beatrice \(corp\)/);
      assert.doesNotMatch(users, /bea \(corp\)/);
    });

    it('takes a role away with the next sign-in, from every browser', async () => {
      const first = await comeIn('cleo', { preferred_username: 'cleo', groups: ['page-admins'] });
      const second = await comeIn('cleo', { preferred_username: 'cleo', groups: ['reporters'] });
      assert.equal(await roleOn(second), 'Reporter');
      assert.equal(await roleOn(first), undefined, 'the session that was an administrator has ended');
      const third = await comeIn('cleo', { preferred_username: 'cleo', groups: [] });
      assert.match(third.body, /gives you no role here/);
      assert.equal(await roleOn(second), undefined, 'nobody without a role keeps a session');
    });

    it('refuses those without a role in words they can act on', async () => {
      for (const claims of [{}, { groups: null }, { groups: 7 }, { groups: ['Operators', 'strangers'] }]) {
        const browser = await comeIn('dan', claims);
        assert.match(browser.body, /The Corporation knows you, but gives you no role here/);
        assert.ok(!browser.jar(lab.box.url).has('signalbox_session'));
      }
    });

    it('signs out here and at the provider', async () => {
      const browser = await comeIn('eva', { preferred_username: 'eva', groups: ['creators'] });
      const held = new Map(browser.jar(lab.box.url));
      const account = await (await browser.once(`${lab.box.url}/account`)).text();
      const answer = await browser.once(`${lab.box.url}/logout`, {
        method: 'POST',
        body: new URLSearchParams({ csrf: csrfOf(account) }),
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      assert.equal(answer.status, 200);
      const [, leave = ''] = /^0; url=(.+)$/.exec(answer.headers.get('refresh') ?? '') ?? [];
      assert.ok(leave.startsWith(`${lab.op.issuer}/session/end?`), leave);
      for (const [name, value] of held) browser.jar(lab.box.url).set(name, value);
      assert.equal(await roleOn(browser), undefined, 'the session is over, even for whoever kept the cookie');
      await browser.go(leave);
      await browser.submit({ logout: 'yes' }, /\/login$/);
      assert.equal(browser.url, `${lab.box.url}/login`, 'the provider took the id token for one of its own');
      await browser.go(`${lab.box.url}/login/corp`);
      assert.match(browser.body, /name="password"/, 'and asks again who it is');
    });

    it('keeps its people out of the forms for names and passwords', async () => {
      await comeIn('fay', { preferred_username: 'fay', groups: ['operators'] });
      const admin = await signIn(lab.box, 'admin');
      const users = await (await fetch(`${lab.box.url}/admin/users`, { headers: admin.headers })).text();
      const id = /\/admin\/users\/([^"]+)">fay \(corp\)</.exec(users)?.[1] ?? '';
      for (const [verb, fields] of [
        ['password', {}],
        ['role', { role: 'admin' }],
      ] as const) {
        const answer = await admin.send(`/admin/users/${id}/${verb}`, fields);
        assert.equal(answer.status, 409);
        assert.match(await answer.text(), /comes from a provider/);
      }
      const disabled = await admin.send(`/admin/users/${id}/state`, { disabled: '1' });
      assert.equal(disabled.status, 303);
      const again = await comeIn('fay', { preferred_username: 'fay', groups: ['operators'] });
      assert.match(again.body, /Your account here is disabled/);
    });
  });
}

describe('what the configuration says about providers', () => {
  it('lets in whom no group names, as viewer, where it says so; the required group still counts', async () => {
    const { box, op } = await startLab({ provider: { default_role: 'viewer', required_group: '/staff' } });
    const said = async (groups: unknown) => {
      op.people.set('gus', { groups });
      const browser = new CookieBrowser();
      await browser.go(`${box.url}/login/corp?returnTo=/account`);
      await op.signIn(browser, 'gus');
      return browser.body;
    };
    assert.match(await said(['staff']), /Role: Viewer/);
    assert.match(await said(['page-admins']), /not in the group that may sign in/);
    await box.stop();
    await op.stop();
  });

  it('leaves passwords to administrators where it says so', async () => {
    const { box, op } = await startLab({ auth: { local: 'admins-only' } });
    await assert.rejects(signIn(box, 'operator'), /could not sign in/);
    const admin = await signIn(box, 'admin');
    assert.equal((await fetch(`${box.url}/admin/users`, { headers: admin.headers })).status, 200);
    assert.match(await (await fetch(`${box.url}/login`)).text(), /Only administrators sign in with a password/);
    await box.stop();
    await op.stop();
  });

  it('starts without the provider, says so, and takes it up when it comes', async () => {
    const [port, opPort] = [await freePort(), await freePort()];
    const issuer = `http://127.0.0.1:${opPort}`;
    const provider = { id: 'corp', issuer, client_id: 'signalbox', roles: ROLES, scopes: ['openid', 'groups'] };
    const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead).toISOString() };
    await using box = await startApp({ port, clock, values: { auth: { providers: [provider] } } });
    const refused = await fetch(`${box.url}/login/corp`);
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /corp does not answer at present/);
    assert.match(await (await fetch(`${box.url}/login`)).text(), /corp did not answer when it was asked last/);
    assert.ok(box.log.some((line) => line.includes('sign-in provider cannot be used') && line.includes(issuer)));
    await using op = await startOidcProvider({ port: opPort, redirectUris: [`${box.url}/auth/corp`] });
    assert.equal(op.issuer, issuer);
    clock.ahead = 6000;
    const answer = await fetch(`${box.url}/login/corp`, { redirect: 'manual' });
    assert.equal(answer.status, 303);
    assert.ok(answer.headers.get('location')?.startsWith(`${issuer}/auth?`));
  });
});
