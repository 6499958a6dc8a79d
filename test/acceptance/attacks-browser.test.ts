import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Person, postForm, signIn } from '../support/people.ts';
import { fill, type Route, withRoutes } from '../support/routes.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** Called by programs, with their own proof of who they are. */
const FOR_PROGRAMS = /^\/(api|hooks)\/|^\/update(\/|$)|^\/unsubscribe\//;

let box: TestApp;
let routes: readonly Route[];
let admin: Person;

before(async () => {
  ({ started: box, routes } = await withRoutes(() => startApp()));
  admin = await signIn(box, 'admin');
});
after(() => box.stop());

const posts = () => routes.filter(({ method }) => method === 'POST').map(({ path }) => fill(path, {}));
const forms = () => posts().filter((path) => !FOR_PROGRAMS.test(path));

/** Asks without waiting for the end of an answer that has none. */
async function head(path: string, init: RequestInit = {}): Promise<Response> {
  const abort = new AbortController();
  const answer = await fetch(box.url + path, { redirect: 'manual', signal: abort.signal, ...init });
  abort.abort();
  return answer;
}

describe('attack 14: framing, injected script and guessed types', () => {
  it('meets the strict policy on every route, with every method, to strangers and administrators, also in errors', async () => {
    const paths = [...new Set(routes.map(({ path }) => fill(path, { file: 'none.svg' })))];
    assert.ok(paths.length > 35, `${paths.length} paths`);
    for (const path of [...paths, '/no-such-page', '/api/no-such', '/%ff', '/a'.repeat(3000)]) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const { headers, status } = await head(path, { method, headers: path.length % 2 === 0 ? admin.headers : {} });
        const what = `${method} ${path.slice(0, 60)} (${status})`;
        if (path.length > 1000 && status === 414) continue;
        const isPicture = headers.get('content-type')?.startsWith('image/svg') ?? false;
        const policy = headers.get('content-security-policy') ?? '';
        if (isPicture) assert.match(policy, /^default-src 'none'(?!.*(\*|https?:))/, what);
        else assert.equal(policy, POLICY, what);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', what);
        assert.equal(headers.get('x-frame-options'), 'DENY', what);
        assert.ok(headers.get('referrer-policy'), what);
      }
    }
  });

  it('finds no inline script, style or handler on any page', async () => {
    for (const { method, path } of routes) {
      if (method !== 'GET' || path === '/api/stream') continue;
      const answer = await fetch(box.url + fill(path, {}), { headers: admin.headers });
      if (!(answer.headers.get('content-type') ?? '').startsWith('text/html')) continue;
      const html = await answer.text();
      assert.doesNotMatch(
        html,
        /<script(?![^>]*\ssrc="\/assets\/)[^>]*>|<style|\sstyle="|\son\w+="|href="javascript:/i,
        path,
      );
    }
  });
});

describe('attack 15: a foreign page that uses the cookie of a visitor', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  it('can send no form: every POST of the program refuses another site, another origin and no origin', async () => {
    assert.ok(forms().length >= 14, forms().join(' '));
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: `${box.url}.evil.test` },
      { origin: box.url, 'sec-fetch-site': 'cross-site' },
      { referer: `${box.url}/account` },
      {},
    ];
    const csrf = await admin.csrf();
    for (const path of forms()) {
      for (const headers of foreign) {
        const body = new URLSearchParams({ csrf, name: 'x', password: 'x', theme: 'dark' }).toString();
        const answer = await head(path, { method: 'POST', body, headers: { ...FORM, ...admin.headers, ...headers } });
        assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.equal(answer.headers.get('set-cookie'), null, path);
      }
    }
  });

  it('cannot send a form of a signed-in visitor without the token of the session', async () => {
    const other = await signIn(box, 'admin');
    const tokens = ['', 'x'.repeat(86), await other.csrf()];
    // Sign-in and the choice of colours change nothing that belongs to the account.
    for (const path of forms().filter((form) => form !== '/preferences')) {
      for (const csrf of tokens) {
        const answer = await postForm(box, path, { csrf, name: admin.name, password: admin.password }, admin.headers);
        assert.equal(answer.status, 403, `${path} with ${csrf.slice(0, 9)}`);
      }
    }
    const still = await fetch(`${box.url}/admin/users`, { headers: admin.headers });
    assert.equal(still.status, 200, 'nobody was signed out');
  });

  it('cannot pass another content type off as a form, or a form as JSON', async () => {
    const csrf = await admin.csrf();
    const types = ['text/plain', 'application/json', 'multipart/form-data; boundary=x', 'application/xml', ''];
    for (const path of forms().filter((form) => form !== '/preferences')) {
      for (const type of types) {
        const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin', ...admin.headers };
        const body = Buffer.from(`csrf=${csrf}&name=x&role=admin`);
        const { status } = await head(path, { method: 'POST', body, headers });
        assert.ok(status === 400 || status === 415, `${path} ${type}: ${status}`);
      }
    }
    const token = await box.token('signals:write');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type, authorization: `Bearer ${token}` };
      const { status } = await head('/api/signals', { method: 'POST', body: Buffer.from('[]'), headers });
      assert.ok(status === 400 || status === 415, `${type}: ${status}`);
    }
  });

  it('cannot use a cookie at the API, nor read what it answers to somebody signed in', async () => {
    const headers = { 'content-type': 'application/json', ...admin.headers };
    const write = await head('/api/signals', { method: 'POST', body: '{}', headers });
    assert.equal(write.status, 403);
    const read = await head('/api/components', { headers: { ...admin.headers, origin: 'https://evil.test' } });
    assert.equal(read.headers.get('access-control-allow-origin'), null);
    assert.equal(read.headers.get('access-control-allow-credentials'), null);
    const preflight = { origin: 'https://evil.test', 'access-control-request-method': 'POST' };
    const asked = await head('/api/signals', { method: 'OPTIONS', headers: preflight });
    assert.equal(asked.headers.get('access-control-allow-origin'), null);
  });

  it('cannot open the live stream, told by Sec-Fetch-Site or by Origin', async () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      const answer = await head('/api/stream', { headers: { ...admin.headers, ...headers } });
      assert.equal(answer.status, 403, JSON.stringify(headers));
    }
    for (const headers of [{}, { origin: box.url }, { 'sec-fetch-site': 'same-origin' }] as Record<string, string>[]) {
      assert.equal((await head('/api/stream', { headers })).status, 200, JSON.stringify(headers));
    }
    const asked = await fetch(`${box.url}/api/stream`, { method: 'HEAD', signal: AbortSignal.timeout(3000) });
    assert.ok(asked.status < 500, 'a HEAD ends by itself');
  });

  it('changes nothing with any GET: the audit log stays as it is', async () => {
    const entries = async () => {
      const log = box.app.db.for<{ audit_entry: { position: number } }>();
      return (await log.selectFrom('audit_entry').select('position').execute()).length;
    };
    const before = await entries();
    for (const { method, path } of routes) {
      if (method !== 'GET') continue;
      await head(`${fill(path, {})}?disabled=1&role=admin&name=x&_method=POST`, {
        headers: { ...admin.headers, 'x-http-method-override': 'POST' },
      });
    }
    assert.equal(await entries(), before);
  });
});

describe('attack 18: poisoning caches through headers', () => {
  const POISON = {
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'gopher',
    'x-forwarded-for': '203.0.113.66',
    'x-forwarded-prefix': '/evil',
    'x-original-url': '/admin/users',
    'x-rewrite-url': '/admin/users',
    'x-host': 'evil.test',
    forwarded: 'host=evil.test;proto=gopher',
  };

  it('never shows on a page, badge, feed or redirect what a header claimed', async () => {
    for (const { method, path } of routes) {
      if (method !== 'GET' || path === '/api/stream') continue;
      const answer = await box.app.http.inject({ url: fill(path, {}), headers: { host: 'evil.test', ...POISON } });
      const all = answer.body + JSON.stringify(answer.headers);
      assert.doesNotMatch(all, /evil|gopher|203\.0\.113\.66/, path);
    }
  });

  it('gives the next visitor the same bytes as before', async () => {
    const clean = async (path: string) => await (await fetch(box.url + path)).text();
    for (const path of ['/', '/facility', '/badges/a/b.svg', '/design', '/login']) {
      const before = still(await clean(path));
      await box.app.http.inject({
        url: path,
        headers: { host: 'evil.test', cookie: 'signalbox_theme="><script>', ...POISON },
      });
      await fetch(box.url + path, { headers: { cookie: 'signalbox_language=xx; signalbox_theme=evil; other=1' } });
      assert.equal(still(await clean(path)), before, path);
    }
  });

  it('never lets a page for one person be kept for all', async () => {
    for (const { method, path } of routes) {
      if (method !== 'GET' || path === '/api/stream' || path.startsWith('/assets/')) continue;
      const answer = await fetch(box.url + fill(path, {}), { headers: admin.headers, redirect: 'manual' });
      const forAll = await fetch(box.url + fill(path, {}), { redirect: 'manual' });
      if (still(await answer.text()) === still(await forAll.text())) continue;
      const kept = answer.headers.get('cache-control') ?? '';
      assert.match(kept, /no-store|private|no-cache/, `${path}: ${kept}`);
      assert.doesNotMatch(kept, /public|s-maxage/, path);
      if (/text\/html/.test(answer.headers.get('content-type') ?? '')) assert.match(kept, /no-store/, path);
    }
  });

  it('says what its public pages vary with, and that they are asked for again', async () => {
    for (const path of ['/', '/facility', '/components/a/b']) {
      const { headers } = await fetch(box.url + path);
      const vary = (headers.get('vary') ?? '').toLowerCase();
      for (const name of ['accept-encoding', 'accept-language', 'cookie'])
        assert.ok(vary.includes(name), `${path}: ${vary}`);
      assert.match(headers.get('cache-control') ?? '', /no-cache|max-age=0/, path);
    }
  });

  it('never serves a page of a member under an address that looks like a file', async () => {
    for (const path of ['/account/x.css', '/account;x.css', '/account%2fx.css', '/admin/users/x.js', '/account.css']) {
      const answer = await fetch(box.url + path, { headers: admin.headers, redirect: 'manual' });
      assert.match(answer.headers.get('cache-control') ?? '', /no-store/, path);
    }
  });
});

/** Without the moments of rendering. */
function still(page: string): string {
  return page
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'MOMENT')
    .replaceAll(/>[^<>]*\d\d:\d\d(:\d\d)?[^<>]*<\/time>/g, '>TIME</time>');
}

describe('attack 19: leaving the folder through a path', () => {
  const UP = ['..', '%2e%2e', '%2e.', '..%2f', '..%5c', '%252e%252e', '..;', '....//', '%c0%ae%c0%ae', '..%00', '\\..'];
  const TARGETS = ['etc/passwd', 'package.json', 'signalbox.db', 'proc/self/environ'];
  const TRAITORS = /root:x:|"dependencies"|SQLite format|PATH=/;

  it('finds nothing behind assets, badges, components, documentation or any route with parameters', async () => {
    const bases = new Set(
      routes
        .filter(({ method }) => method === 'GET')
        .map(({ path }) => path.replace(/[:*].*$/, '').replace(/[^/]+$/, '')),
    );
    assert.ok(bases.has('/assets/') && bases.has('/badges/'));
    for (const base of bases) {
      for (const up of UP) {
        for (const target of TARGETS) {
          const url = `${base}${`${up}/`.repeat(4)}${target}`;
          const answer = await box.app.http.inject({ url, headers: admin.headers });
          assert.ok(
            answer.statusCode !== 200 || answer.body.includes('"isError":true'),
            `${url}: ${answer.statusCode}`,
          );
          assert.ok(answer.statusCode < 500, `${url}: ${answer.statusCode}`);
          assert.doesNotMatch(answer.body, TRAITORS, url);
        }
      }
    }
  });

  it('takes parameters as text: traversal, NUL and 10,000 characters are nothing that exists', async () => {
    const hostile = [
      '..%2f..%2fetc%2fpasswd',
      '%00',
      '%2e%2e',
      'a%0d%0aSet-Cookie:%20x=1',
      'x'.repeat(900),
      '%F0%9F%94%AC',
      "'%20or%201=1--",
    ];
    for (const { method, path } of routes) {
      if (!/[:*]/.test(path)) continue;
      for (const value of hostile) {
        const url = path.replaceAll(/:\w+|\*/g, value);
        const answer = await box.app.http.inject({
          method: method === 'POST' ? 'POST' : 'GET',
          url,
          headers: { 'sec-fetch-site': 'same-origin', ...admin.headers },
        });
        assert.ok(answer.statusCode < 500, `${method} ${url}: ${answer.statusCode}`);
        assert.equal(answer.headers['set-cookie'], undefined, url);
      }
    }
  });
});
