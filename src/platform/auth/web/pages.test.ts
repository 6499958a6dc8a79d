import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { pino } from 'pino';
import { openTestDatabase } from '../../../../test/support/databases.ts';
import { systemClock } from '../../../core/index.ts';
import { layout, staleNotice } from '../../design/index.ts';
import { createHttpServer, type HttpServer } from '../../http/index.ts';
import { createMetrics } from '../../metrics/index.ts';
import { administration, registerAuthPages } from '../index.ts';
import { type AuthFixture, jarOf, openAuth, PASSWORD } from '../test-support/auth-fixture.ts';

const NEXT = 'osier lamp tide';

describe('the pages of accounts', async () => {
  const fixture = await openAuth(openTestDatabase);
  const server = await serve(fixture);
  after(() => server.close());

  async function serve({ auth, site }: AuthFixture): Promise<HttpServer> {
    const created = await createHttpServer({
      site: () => site,
      trustedProxies: [],
      limits: { pages: 10_000, forms: 10_000, denials: 10_000, streams: 2 },
      authenticator: auth,
      document: (visit, page, asOf) => layout({ visit, page, asOf, site, navigation: [administration([])] }),
      staleNotice: (visit, asOf) => staleNotice(visit, asOf, site),
      assets: [],
      head: async () => '1',
      clock: systemClock,
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      version: '0.0.0',
    });
    registerAuthPages(created.web, auth);
    return created;
  }

  /** A browser: keeps cookies, sends forms with the token of the page they stand on. */
  class Browser {
    jar: Record<string, string> = {};
    readonly ip: string;
    readonly language: string;
    readonly server: HttpServer;
    constructor(options: { ip?: string; language?: string; server?: HttpServer } = {}) {
      this.ip = options.ip ?? `203.0.113.${Math.floor(Math.random() * 250)}`;
      this.language = options.language ?? 'en';
      this.server = options.server ?? server;
    }
    async get(url: string) {
      return this.#keep(await this.server.inject({ url, headers: this.#headers(), remoteAddress: this.ip }));
    }
    async post(url: string, fields: Record<string, string | string[]>, page = '/account') {
      const csrf = /name="csrf" value="([^"]+)"/.exec((await this.get(page)).body)?.[1];
      const body = new URLSearchParams(csrf === undefined ? {} : { csrf });
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
      const headers = {
        ...this.#headers(),
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      };
      const request = { method: 'POST' as const, url, headers, payload: body.toString(), remoteAddress: this.ip };
      return this.#keep(await this.server.inject(request));
    }
    async signIn(name: string, password = PASSWORD) {
      return this.post('/login', { name, password }, '/login');
    }
    #headers() {
      const cookie = Object.entries(this.jar)
        .map(([name, value]) => `${name}=${value}`)
        .join('; ');
      const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
      return { cookie, 'accept-language': this.language, 'user-agent': agent };
    }
    #keep<A extends { headers: Record<string, unknown> }>(answer: A): A {
      const set = [answer.headers['set-cookie'] ?? []].flat() as string[];
      for (const [name, value] of Object.entries(jarOf(set))) {
        if (value === '') delete this.jar[name];
        else this.jar[name] = value;
      }
      return answer;
    }
  }

  const signedIn = async (name: string) => {
    const browser = new Browser();
    await browser.signIn(name);
    return browser;
  };

  it('sign in and lead where one wanted to go', async () => {
    const browser = new Browser();
    const page = await browser.get('/login?returnTo=%2Ffacility%3Fq%3D1');
    assert.match(page.body, /name="returnTo" value="\/facility\?q=1"/);
    const answer = await browser.post(
      '/login',
      { name: 'bob', password: PASSWORD, returnTo: '/facility?q=1' },
      '/login',
    );
    assert.equal(answer.statusCode, 303);
    assert.equal(answer.headers.location, '/facility?q=1');
    assert.match((await browser.get('/login')).body, /signed in as bob/);
  });

  it('lead to no other site and not in circles', async () => {
    for (const returnTo of [
      'https://evil.test/',
      '//evil.test',
      '/\\evil.test',
      'javascript:alert(1)',
      '/\t/evil.test',
      '/login?returnTo=/login',
      '/logout',
    ]) {
      const answer = await new Browser().post('/login', { name: 'bob', password: PASSWORD, returnTo }, '/login');
      assert.equal(answer.headers.location, '/', returnTo);
      const page = await new Browser().get(`/login?returnTo=${encodeURIComponent(returnTo)}`);
      assert.equal(/name="returnTo" value="([^"]*)"/.exec(page.body)?.[1], '/');
    }
  });

  it('keep the name and the way after a wrong password, and never the password', async () => {
    const fields = { name: '"><script>', password: 'a wrong guess', returnTo: '/facility' };
    const answer = await new Browser().post('/login', fields, '/login');
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /name or the password is wrong/);
    assert.match(answer.body, /value="&quot;&gt;&lt;script&gt;"/);
    assert.match(answer.body, /name="returnTo" value="\/facility"/);
    assert.doesNotMatch(answer.body, /a wrong guess|<script>"/);
  });

  it('speak Italian, also about mistakes', async () => {
    const browser = new Browser({ language: 'it' });
    assert.match((await browser.get('/login')).body, /<html lang="it"/);
    assert.match((await browser.signIn('bob', 'a wrong guess')).body, /Il nome o la password non sono corretti/);
  });

  it('say when there were too many attempts, with the time to wait', async () => {
    const browser = new Browser({ ip: '198.51.100.77' });
    for (let n = 0; n < 10; n++) await browser.signIn('ghost-of-page', 'a wrong guess');
    const answer = await browser.signIn('ghost-of-page', 'a wrong guess');
    assert.equal(answer.statusCode, 429);
    assert.equal(answer.headers['retry-after'], '900');
    assert.match(answer.body, /Too many attempts/);
  });

  it('sign out with a form only', async () => {
    const browser = await signedIn('bob');
    assert.equal((await browser.get('/logout')).statusCode, 405);
    const before = { ...browser.jar };
    assert.equal((await browser.post('/logout', {})).statusCode, 303);
    const thief = new Browser();
    thief.jar = before;
    assert.match((await thief.get('/account')).headers.location ?? '', /^\/login/);
  });

  it('take no form without its token, of another session, or from another site', async () => {
    const alice = await signedIn('alice');
    const headers = {
      cookie: Object.entries(alice.jar)
        .map((pair) => pair.join('='))
        .join('; '),
      'content-type': 'application/x-www-form-urlencoded',
    };
    const paths = [
      '/logout',
      '/account/password',
      '/account/email',
      '/account/sessions/end',
      '/account/sessions/end-others',
      '/admin/users',
      `/admin/users/${fixture.bob.id}/role`,
      `/admin/users/${fixture.bob.id}/state`,
      `/admin/users/${fixture.bob.id}/password`,
      '/admin/tokens',
      '/admin/tokens/revoke',
    ];
    for (const url of paths) {
      const send = (extra: Record<string, string>, payload: string) =>
        server.inject({ method: 'POST', url, headers: { ...headers, ...extra }, payload });
      assert.equal((await send({ 'sec-fetch-site': 'same-origin' }, 'name=x')).statusCode, 403, url);
      assert.equal((await send({ 'sec-fetch-site': 'same-origin' }, 'csrf=AAAA')).statusCode, 403, url);
      assert.equal((await send({ 'sec-fetch-site': 'cross-site' }, 'name=x')).statusCode, 403, url);
      assert.equal((await send({ origin: 'https://evil.test' }, 'name=x')).statusCode, 403, url);
    }
    assert.equal((await alice.get('/admin/users')).statusCode, 200);
  });

  it('of administration begin with the accounts', async () => {
    const { statusCode, headers } = await (await signedIn('alice')).get('/admin');
    assert.deepEqual([statusCode, headers.location], [303, '/admin/users']);
  });

  it('of administration open for administrators only', async () => {
    const paths = ['/admin/users', `/admin/users/${fixture.bob.id}`, '/admin/tokens', '/admin/audit'];
    for (const path of paths) {
      assert.equal((await new Browser().get(path)).statusCode, 303, path);
      for (const name of ['bob', 'charlie']) {
        const answer = await (await signedIn(name)).get(path);
        assert.equal(answer.statusCode, 403, path);
        assert.doesNotMatch(answer.body, /alice@lab\.test|Administration/);
      }
      const answer = await (await signedIn('alice')).get(path);
      assert.equal(answer.statusCode, 200, path);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
    const bob = await signedIn('bob');
    assert.equal((await bob.post('/admin/users', { name: 'eve', role: 'admin' })).statusCode, 403);
  });

  it('make an account whose password is shown once and must be changed before anything else', async () => {
    const alice = await signedIn('alice');
    const made = await alice.post('/admin/users', { name: 'dana', role: 'operator', email: '' });
    assert.equal(made.statusCode, 200);
    const password = /<code>([a-z2-7-]{23})<\/code>/.exec(made.body)?.[1] ?? 'none';
    assert.ok(!(await alice.get('/admin/users')).body.includes(password));

    const dana = new Browser();
    assert.equal((await dana.signIn('dana', password)).headers.location, '/account');
    assert.equal((await dana.get('/admin/users')).headers.location, '/account');
    const page = await dana.get('/account');
    assert.match(page.body, /Choose your own password/);
    assert.doesNotMatch(page.body, /name="current"/);
    const short = await dana.post('/account/password', { next: 'short', repeat: 'short' });
    assert.equal(short.statusCode, 422);
    assert.match(short.body, /aria-invalid="true"[^>]*>\s*<p class="mistake"|at least 12 characters/);
    const differs = await dana.post('/account/password', { next: NEXT, repeat: 'something else' });
    assert.match(differs.body, /not the same/);
    assert.equal((await dana.post('/account/password', { next: NEXT, repeat: NEXT })).headers.location, '/account');
    assert.match((await dana.get('/account')).body, /Your sessions/);
  });

  it('keep what was typed when an account cannot be made', async () => {
    const alice = await signedIn('alice');
    const taken = await alice.post('/admin/users', { name: 'BOB', role: 'operator', email: 'b2@lab.test' });
    assert.equal(taken.statusCode, 409);
    assert.match(taken.body, /value="BOB"/);
    assert.match(taken.body, /value="b2@lab\.test"/);
    assert.match(taken.body, /<option value="operator" selected/);
    const wrong = await alice.post('/admin/users', { name: 'a b', role: 'viewer', email: 'nonsense' });
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /id="name-error"/);
  });

  it('change a role, disable, enable and give a one-time password', async () => {
    const alice = await signedIn('alice');
    const made = await alice.post('/admin/users', { name: 'frank', role: 'viewer' });
    assert.equal(made.statusCode, 200);
    const path = /\/admin\/users\/[0-9a-f-]{36}(?=">frank)/.exec((await alice.get('/admin/users')).body)?.[0] ?? '';
    const changed = await alice.post(`${path}/role`, { role: 'operator', name: 'frank' });
    assert.equal(changed.headers.location, '/admin/users');
    assert.match((await alice.get(path)).body, /<option value="operator" selected/);
    await alice.post(`${path}/state`, { disabled: '1', name: 'frank' });
    assert.match((await alice.get(path)).body, /disabled/);
    await alice.post(`${path}/state`, { disabled: '0', name: 'frank' });
    const reset = await alice.post(`${path}/password`, { name: 'frank' });
    assert.match(reset.body, /<code>[a-z2-7-]{23}<\/code>/);
    assert.equal((await alice.get('/admin/users/ghost')).statusCode, 404);
    const last = await alice.post(`/admin/users/${fixture.alice.id}/role`, { role: 'viewer', name: 'alice' });
    assert.equal(last.statusCode, 409);
    assert.match(last.body, /last administrator/);
  });

  it('show a token once, list it without, and revoke it', async () => {
    const alice = await signedIn('alice');
    const fields = { name: 'Cellar <monitor>', scopes: ['signals:write', 'read'], expires: '90d' };
    const made = await alice.post('/admin/tokens', fields);
    const token = /sbx_[a-z2-7]{8}_[a-z2-7]{52}/.exec(made.body)?.[0] ?? 'none';
    assert.equal(
      (await fixture.auth.authenticate({ cookies: {}, authorization: `Bearer ${token}` })).actor.kind,
      'token',
    );
    const list = await alice.get(`/admin/tokens?q=${token.slice(0, 12)}`);
    assert.ok(!list.body.includes(token));
    assert.match(list.body, /Cellar &lt;monitor&gt;/);
    assert.match((await alice.get('/admin/tokens?q=zzzz')).body, /Nothing fits/);
    const id = /name="id" value="([0-9a-f-]{36})"/.exec(list.body)?.[1] ?? '';
    await alice.post('/admin/tokens/revoke', { id });
    const refused = fixture.auth.authenticate({ cookies: {}, authorization: `Bearer ${token}` });
    await assert.rejects(refused, { code: 'unauthenticated' });
    const none = await alice.post('/admin/tokens', { name: 'x', expires: '' });
    assert.equal(none.statusCode, 422);
    assert.match(none.body, /Choose at least one scope/);
  });

  it('end one other session, and all others', async () => {
    const here = await signedIn('charlie');
    await here.post('/account/sessions/end-others', {});
    const there = await signedIn('charlie');
    const page = await here.get('/account');
    assert.match(page.body, /Firefox on Linux/);
    const id = /name="id" value="([0-9a-f-]{36})"/.exec(page.body)?.[1] ?? '';
    await here.post('/account/sessions/end', { id });
    assert.equal((await there.get('/account')).statusCode, 303);
    const elsewhere = await signedIn('charlie');
    await here.post('/account/sessions/end-others', {});
    assert.equal((await elsewhere.get('/account')).statusCode, 303);
    assert.equal((await here.get('/account')).statusCode, 200);
  });

  it('renew a forgotten password by mail, with the same answer for unknown addresses', async () => {
    const browser = new Browser();
    const known = await browser.post('/forgot', { email: 'charlie@lab.test' }, '/forgot');
    const unknown = await new Browser().post('/forgot', { email: 'ghost@lab.test' }, '/forgot');
    assert.deepEqual(
      [known.statusCode, known.headers.location, known.body],
      [unknown.statusCode, unknown.headers.location, unknown.body],
    );
    assert.match((await browser.get('/login')).body, /a mail is on its way/);
    await fixture.auth.drain();
    const path = /\/reset\/[\w-]{43}/.exec(fixture.mails.at(-1)?.text ?? '')?.[0] ?? '';
    const page = await browser.get(path);
    assert.equal(page.headers['referrer-policy'], 'same-origin');
    assert.match(page.body, /For the account charlie/);
    assert.equal((await browser.post(path, { next: 'short', repeat: 'short' }, path)).statusCode, 422);
    assert.equal((await browser.post(path, { next: NEXT, repeat: NEXT }, path)).headers.location, '/login');
    assert.equal((await browser.get(path)).statusCode, 404);
    assert.equal((await browser.post(path, { next: NEXT, repeat: NEXT }, path)).statusCode, 404);
    assert.equal((await browser.signIn('charlie', NEXT)).statusCode, 303);
  });

  it('say what to run where no mail is sent', async () => {
    const without = await openAuth(openTestDatabase, { mail: false });
    const other = await serve(without);
    const page = await new Browser({ server: other }).get('/forgot');
    assert.match(page.body, /signalbox admin reset/);
    assert.doesNotMatch(page.body, /name="email"/);
    await other.close();
  });

  it('list the audit log, filtered and paged, and say whether it is whole', async () => {
    const alice = await signedIn('alice');
    const page = await alice.get('/admin/audit?verify=1');
    assert.match(page.body, /none missing or altered/);
    assert.match(page.body, /Older entries/);
    const older = /href="(\/admin\/audit\?before=\d+)"/.exec(page.body)?.[1] ?? '';
    assert.match((await alice.get(older)).body, /Newest entries/);
    const filtered = await alice.get('/admin/audit?action=token_created&actor=alice');
    assert.match(filtered.body, /token:Cellar &lt;monitor&gt;/);
    assert.doesNotMatch(filtered.body, /auth\.signed_in</);
    assert.match((await alice.get('/admin/audit?subject=%27%3Bdrop&before=x')).body, /Nothing fits/);
  });
});
