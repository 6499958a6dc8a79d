import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type JWTPayload, SignJWT } from 'jose';
import { system } from '../../src/core/index.ts';
import { createUser } from '../../src/platform/auth/index.ts';
import { requireConfig } from '../../src/platform/config/index.ts';
import { CookieBrowser } from '../support/cookie-browser.ts';
import { type Forgery, type HostileIssuer, startHostileIssuer } from '../support/hostile-issuer.ts';
import { signIn } from '../support/people.ts';
import { startApp, type TestApp } from '../support/start-app.ts';

const LEGACY = 'the-key-of-the-dashboard-before-this-one';

let box: TestApp;
let evil: HostileIssuer;
let other: HostileIssuer;
before(async () => {
  evil = await startHostileIssuer();
  other = await startHostileIssuer({ metadata: { authorization_response_iss_parameter_supported: true } });
  const provider = (id: string, { url }: HostileIssuer) => ({
    ...{ id, issuer: url, client_id: 'signalbox', client_secret: 'the secret of the hostile client' },
    ...{ roles: { operator: ['operators'], admin: ['admins'] }, api_tokens: id === 'evil' },
  });
  const providers = [provider('evil', evil), provider('other', other)];
  box = await startApp({ values: { auth: { providers, legacy_tokens: { secret: LEGACY } } } });
});
after(async () => {
  await box.stop();
  await evil[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** A browser that was sent to the provider and has not come back yet. */
async function begun(issuer = evil, id = 'evil', query = ''): Promise<CookieBrowser> {
  const browser = new CookieBrowser();
  const answer = await browser.once(`${box.url}/login/${id}${query}`);
  issuer.asked = new URL(answer.headers.get('location') ?? '').searchParams;
  return browser;
}

/** Comes back as the provider would send it, with these parameters put over the right ones. */
async function back(browser: CookieBrowser, over: Record<string, string> = {}, id = 'evil'): Promise<Response> {
  const issuer = id === 'evil' ? evil : other;
  const query = new URLSearchParams({ code: 'a-code', state: issuer.asked.get('state') ?? '', ...over });
  return await browser.once(`${box.url}/auth/${id}?${query.toString()}`);
}

/** The answer to a whole sign-in with an id token that is made so. */
async function attempt(forge: Forgery): Promise<Response> {
  evil.forge = forge;
  return await back(await begun());
}

const isIn = (browser: CookieBrowser) => browser.jar(box.url).has('signalbox_session');

async function assertRefused(answer: Response, what: string, page = /does not stand up to our checks/): Promise<void> {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
  assert.match(await answer.text(), page, what);
  assert.ok(!answer.headers.getSetCookie().some((line) => line.startsWith('signalbox_session=')), what);
}

describe('attack 21: the way back from the provider', () => {
  it('works, so that what follows fails for its own reason', async () => {
    const answer = await attempt({});
    assert.equal(answer.status, 303);
    assert.ok(answer.headers.getSetCookie().some((line) => line.startsWith('signalbox_session=')));
  });

  it('asks with state, nonce and an S256 challenge, and keeps the cookie from scripts', async () => {
    const answer = await fetch(`${box.url}/login/evil`, { redirect: 'manual' });
    const { searchParams: asked } = new URL(answer.headers.get('location') ?? '');
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('redirect_uri'), `${box.url}/auth/evil`);
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(asked.get(name) ?? '', /^[\w-]{43}$/);
    const [cookie = ''] = answer.headers.getSetCookie();
    assert.match(cookie, /^signalbox_flow=[^;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const shown = ['state', 'nonce', 'code_challenge'].filter((name) => cookie.includes(asked.get(name) ?? ''));
    assert.deepEqual(shown, [], 'the cookie shows nothing of it');
  });

  it('takes no answer without the cookie, with a foreign state, or from another browser', async () => {
    evil.forge = {};
    const victim = await begun();
    const attackers = await begun();
    const state = evil.asked.get('state') ?? '';
    const before = evil.requests.filter((line) => line === 'POST /token').length;
    await assertRefused(await back(new CookieBrowser()), 'login CSRF', /begun in another browser/);
    await assertRefused(await back(victim, { state }), 'state of another browser', /begun in another browser/);
    await assertRefused(await back(attackers, { state: 'S'.repeat(43) }), 'foreign state', /begun in another browser/);
    await assertRefused(await back(await begun(), { state: '' }), 'no state', /begun in another browser/);
    assert.equal(evil.requests.filter((line) => line === 'POST /token').length, before, 'no code was tried');
  });

  it('takes an answer once, even if the provider gives out the code twice', async () => {
    evil.forge = {};
    const browser = await begun();
    const flow = browser.jar(box.url).get('signalbox_flow') ?? '';
    assert.equal((await back(browser)).status, 303);
    assert.ok(!browser.jar(box.url).has('signalbox_flow'), 'the cookie is taken away');
    const thief = new CookieBrowser();
    thief.jar(box.url).set('signalbox_flow', flow);
    await assertRefused(await back(thief), 'replay', /used up already/);
  });

  it('does not let one provider answer for another', async () => {
    evil.forge = {};
    const browser = await begun(other, 'other');
    const state = other.asked.get('state') ?? '';
    await assertRefused(await back(browser, { state }), 'mix-up', /begun in another browser/);
    other.forge = {};
    await assertRefused(await back(await begun(other, 'other'), { iss: evil.url }, 'other'), 'foreign iss');
    await assertRefused(await back(await begun(other, 'other'), {}, 'other'), 'missing iss');
    assert.equal((await back(await begun(other, 'other'), { iss: other.url }, 'other')).status, 303);
    const twice = await begun(other, 'other');
    const url = `${box.url}/auth/other?code=a&state=${other.asked.get('state') ?? ''}&iss=${other.url}&iss=${evil.url}`;
    await assertRefused(await twice.once(url), 'two issuers');
  });

  it('leads nowhere but to a path of ours', async () => {
    evil.forge = {};
    const away = [
      'https://evil.test',
      '//evil.test',
      '/\\evil.test',
      '/%09/evil.test',
      'javascript:alert(1)',
      '/login',
    ];
    for (const returnTo of away) {
      const browser = await begun(evil, 'evil', `?returnTo=${encodeURIComponent(returnTo)}`);
      const answer = await back(browser);
      const target = new URL(answer.headers.get('location') ?? '', box.url);
      assert.equal(target.origin, box.url, returnTo);
    }
    const planted = await begun();
    const flow = planted.jar(box.url).get('signalbox_flow') ?? '';
    const elsewhere = Buffer.from('/admin/users').toString('base64url');
    planted.jar(box.url).set('signalbox_flow', flow.replace(/[^.]*$/, elsewhere));
    await assertRefused(await back(planted), 'another path in the cookie', /begun in another browser/);
  });

  it('starts a session with a new id, whatever the browser came with', async () => {
    evil.forge = {};
    const browser = await begun();
    browser.jar(box.url).set('signalbox_session', 'P'.repeat(43));
    const answer = await back(browser);
    assert.equal(answer.status, 303);
    assert.notEqual(browser.jar(box.url).get('signalbox_session'), 'P'.repeat(43));
    const planted = await fetch(`${box.url}/account`, {
      headers: { cookie: `signalbox_session=${'P'.repeat(43)}` },
      redirect: 'manual',
    });
    assert.equal(planted.status, 303);
    for (const line of answer.headers.getSetCookie()) assert.match(line, /; HttpOnly; SameSite=Lax/);
  });

  it('leaves no code, secret or token in the log or the database', async () => {
    evil.forge = {};
    const browser = await begun();
    await back(browser, { code: 'the-code-of-this-one' });
    await assertRefused(await attempt({ signedWith: 'unpublished key' }), 'to have something logged');
    const kept = await box.app.db
      .for<{ auth_session: { id_token: string | null } }>()
      .selectFrom('auth_session')
      .select('id_token')
      .execute();
    const seen = [...box.log, ...kept.map(({ id_token }) => id_token ?? '')].join('\n');
    assert.match(seen, /sign-in with a provider refused/);
    for (const secret of ['the-code-of-this-one', 'the secret of the hostile client', 'eyJ', LEGACY]) {
      assert.ok(!seen.includes(secret), secret);
    }
  });

  it('shows what a provider says of an error to nobody', async () => {
    const browser = await begun();
    const answer = await back(browser, { error: 'access_denied', error_description: '<script>alert(1)</script>' });
    await assertRefused(answer, 'declined', /did not sign you in/);
    assert.ok(!isIn(browser));
  });
});

const now = () => Math.floor(Date.now() / 1000);
/** Tokens that must get nobody in, neither by signing in nor as a bearer. */
const FORGED: Record<string, Forgery> = {
  'alg none': { signedWith: 'none' },
  'HS256 with the public key': { signedWith: 'public key as HS256' },
  'HS256 with the client secret': { signedWith: 'client secret as HS256' },
  'a key under an unknown kid': { signedWith: 'unpublished key' },
  'a key in the header': { signedWith: 'unpublished key', header: { jku: 'http://127.0.0.1:1/keys', kid: '../keys' } },
  'another audience': { claims: { aud: 'somebody-else' } },
  'no audience': { claims: { aud: undefined } },
  'another party': { claims: { azp: 'somebody-else' } },
  'two audiences for another party': { claims: { aud: ['signalbox', 'x'], azp: 'somebody-else' } },
  'another issuer': { claims: { iss: 'https://login.example.org' } },
  'our issuer with a slash': { claims: { iss: 'SLASH' } },
  'an end long ago': { claims: { iat: now() - 900, exp: now() - 300 } },
  'no end': { claims: { exp: undefined } },
  'no subject': { claims: { sub: undefined } },
  'an empty subject': { claims: { sub: '' } },
};

describe('attack 21: the id token', () => {
  for (const [what, forgery] of Object.entries(FORGED)) {
    it(`is not taken with ${what}`, async () => {
      const claims = forgery.claims?.['iss'] === 'SLASH' ? { iss: `${evil.url}/` } : forgery.claims;
      const forge: Forgery = claims === undefined ? forgery : { ...forgery, claims };
      await assertRefused(await attempt(forge), what);
      const authorization = `Bearer ${await evil.token(forge)}`;
      const { status } = await fetch(`${box.url}/api/components`, { headers: { authorization } });
      assert.equal(status, 401, 'as a bearer');
    });
  }

  it('is not taken with another nonce or none', async () => {
    await assertRefused(await attempt({ claims: { nonce: 'of an older sign-in' } }), 'another nonce');
    await assertRefused(await attempt({ claims: { nonce: undefined } }), 'no nonce');
  });

  it('gives no role by claims of a shape nobody expects, and never breaks', async () => {
    const shapes: unknown[] = [
      null,
      7,
      true,
      '',
      {},
      [],
      [null, 7, { a: { b: { operators: {} } } }],
      { a: { b: { c: { operators: {} } } } },
      { operators: false, admins: null },
      { org: 'operators' },
      { length: 1, 0: 'admins' },
      ['__proto__', 'constructor', 'OPERATORS', ' operators'],
    ];
    for (const groups of shapes) {
      const refused = await attempt({ claims: { groups }, userinfo: { sub: 'mallory' } });
      await assertRefused(refused, JSON.stringify(groups), /no role here/);
    }
    for (const groups of ['operators', '/operators', { operators: { org: 'x' } }, { org: { operators: {} } }]) {
      assert.equal((await attempt({ claims: { groups } })).status, 303, JSON.stringify(groups));
    }
  });

  it('is not mended by userinfo of somebody else', async () => {
    const userinfo = { sub: 'ada', groups: ['admins'] };
    await assertRefused(await attempt({ claims: { groups: undefined }, userinfo }), 'foreign userinfo');
  });

  it('is checked against the keys of today', async () => {
    await evil.rotate();
    assert.ok([303, 403].includes((await attempt({})).status), 'kept keys may serve a minute longer');
    await evil.rotate();
    const authorization = `Bearer ${await evil.token()}`;
    assert.equal((await fetch(`${box.url}/api/components`, { headers: { authorization } })).status, 401);
  });
});

describe('attack 21: an account of somebody else', () => {
  it('is never reached through an address or a name, verified or not', async () => {
    const lab = await fresh();
    await using own = lab.box;
    await using issuer = lab.evil;
    await createUser(own.app, system('test'), { name: 'root', role: 'admin', email: 'root@lab.test' });
    for (const email_verified of [true, false, undefined]) {
      issuer.forge = {
        claims: { sub: 'mallory', email: 'root@lab.test', email_verified, preferred_username: 'root' },
      };
      const browser = await comeIn(own, issuer);
      const page = await (await browser.once(`${own.url}/account`)).text();
      assert.match(page, /root \(evil\)/);
      assert.match(page, /Role: Operator/);
      assert.doesNotMatch(page, /root@lab\.test/);
    }
  });

  it('cannot be had by calling oneself alike: names are cleaned, told apart and escaped', async () => {
    const lab = await fresh();
    await using own = lab.box;
    await using issuer = lab.evil;
    const names = ['admin', 'admin', '<img src=x onerror=alert(1)>', '\u202eevil\u0000\u200b', 'x'.repeat(5000), ''];
    for (const [n, preferred_username] of names.entries()) {
      issuer.forge = { claims: { sub: `sub-${n}`, preferred_username, name: undefined } };
      const browser = await comeIn(own, issuer);
      const page = await (await browser.once(`${own.url}/account`)).text();
      assert.ok(!page.includes('<img src=x') && !/[\u202e\u200b\u0000]/.test(page) && !page.includes('x'.repeat(65)));
      if (n === 0) assert.match(page, /admin \(evil\)/);
      if (n === 1) assert.match(page, /admin \(evil [0-9a-f]{8}\)/);
      if (n === 5) assert.match(page, /sub-5 \(evil\)/);
    }
  });

  it('ends with the provider that vouched for it', async () => {
    const lab = await fresh();
    await using own = lab.box;
    await using issuer = lab.evil;
    issuer.forge = {};
    const browser = await comeIn(own, issuer);
    assert.equal((await browser.once(`${own.url}/account`)).status, 200);
    own.configure({ providers: [] });
    assert.equal((await browser.once(`${own.url}/account`)).status, 303);
    assert.equal((await browser.once(`${own.url}/login/evil`)).status, 404);
  });
});

describe('attack 21: bearer tokens of a provider', () => {
  const ask = async (authorization: string, path = '/api/components') =>
    (await fetch(box.url + path, { headers: { authorization }, redirect: 'manual' })).status;

  it('are good with the mapped role only where the provider may give them', async () => {
    const lab = await fresh({ api_tokens: true });
    await using own = lab.box;
    await using issuer = lab.evil;
    const bearer = async (forgery: Forgery) => ({ authorization: `Bearer ${await issuer.token(forgery)}` });
    const status = async (path: string, forgery: Forgery = {}) =>
      (await fetch(own.url + path, { headers: await bearer(forgery), redirect: 'manual' })).status;
    assert.equal(await status('/api/components'), 200);
    assert.equal(await status('/facility/plan'), 404, 'an operator, who learns that there is no project');
    assert.equal(await status('/facility/plan', { claims: { groups: ['reporters'] } }), 403);
    assert.equal(await status('/admin/users'), 403);
    assert.equal(await status('/api/components', { claims: { groups: [] } }), 200, 'known, without a role');
    assert.equal(await status('/account', { claims: { groups: [] } }), 403);
    assert.equal(await status('/api/components', { header: { typ: 'logout+jwt' } }), 401);
    assert.equal(await status('/api/components', { claims: { events: {} } }), 401);
    assert.equal(await ask(`Bearer ${await other.token()}`), 401, 'not switched on for this one');
  });

  it('of a disabled account are refused', async () => {
    const lab = await fresh({ api_tokens: true });
    await using own = lab.box;
    await using issuer = lab.evil;
    const authorization = `Bearer ${await issuer.token()}`;
    const call = async () => (await fetch(`${own.url}/api/components`, { headers: { authorization } })).status;
    assert.equal(await call(), 200);
    const admin = await signIn(own, 'admin');
    const users = await (await fetch(`${own.url}/admin/users`, { headers: admin.headers })).text();
    const id = /\/admin\/users\/([^"]+)">mallory \(evil\)</.exec(users)?.[1] ?? '';
    assert.equal((await admin.send(`/admin/users/${id}/state`, { disabled: '1' })).status, 303);
    assert.equal(await call(), 401);
  });
});

describe('attack 24: tokens of the predecessor', () => {
  const sign = (payload: JWTPayload, { key = LEGACY, alg = 'HS256' } = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
  const report = async (token: string, target = box) =>
    (
      await fetch(`${target.url}/api/signals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ component: 'none/none', source: 'old', level: 'operational' }),
      })
    ).status;

  it('may report signals and nothing else', async () => {
    const token = await sign({ stackmon: 'dummy', exp: now() + 60 });
    assert.equal(await report(token), 404, 'past the door: there is no such component');
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/account', '/admin/users', '/facility/plan']) {
      assert.equal((await fetch(box.url + path, { headers, redirect: 'manual' })).status, 403, path);
    }
  });

  it('are refused with another key, algorithm, member or time', async () => {
    const good = { stackmon: 'dummy', exp: now() + 60 };
    const bad = {
      'another key': await sign(good, { key: `${LEGACY}!` }),
      HS512: await sign(good, { alg: 'HS512' }),
      'no member': await sign({ exp: good.exp }),
      'an empty member': await sign({ ...good, stackmon: '' }),
      'an inherited member': await sign({ constructor: 'x', exp: good.exp }),
      'no expiry': await sign({ stackmon: 'dummy' }),
      expired: await sign({ ...good, exp: now() - 120 }),
      'not yet': await sign({ ...good, nbf: now() + 600 }),
      'no signature': `${(await sign(good)).split('.').slice(0, 2).join('.')}.`,
      'not even JSON': 'aaaa.bbbb.cccc',
      huge: `${'a'.repeat(20_000)}.${'b'.repeat(20_000)}.c`,
    };
    for (const [what, token] of Object.entries(bad))
      assert.equal(await report(token), what === 'huge' ? 431 : 401, what);
  });

  it('are refused altogether unless they are asked for, and need a secret that is one', async () => {
    await using plain = await startApp();
    assert.equal(await report(await sign({ stackmon: 'dummy', exp: now() + 60 }), plain), 401);
    for (const secret of ['short', 'changeme-changeme-changeme-changeme', 'a'.repeat(40), '']) {
      const load = () =>
        requireConfig({ env: {}, sections: {}, purpose: 'tool', values: { auth: { legacy_tokens: { secret } } } });
      assert.throws(load, /auth\.legacy_tokens\.secret/, secret);
    }
  });

  it('live for ever only where the configuration says so', async () => {
    const values = { auth: { legacy_tokens: { secret: LEGACY, require_expiry: false, payload_key: 'status' } } };
    await using lax = await startApp({ values });
    assert.equal(await report(await sign({ status: 1 }), lax), 404);
    assert.equal(await report(await sign({ status: 1, exp: now() - 120 }), lax), 401);
    assert.equal(await report(await sign({ stackmon: 1 }), lax), 401);
  });
});

/** A program and an issuer of their own. */
async function fresh(more: object = {}) {
  const issuer = await startHostileIssuer();
  const roles = { operator: ['operators'], reporter: ['reporters'] };
  const provider = { id: 'evil', issuer: issuer.url, client_id: 'signalbox', roles, ...more };
  return { box: await startApp({ values: { auth: { providers: [provider] } } }), evil: issuer };
}

async function comeIn(target: TestApp, issuer: HostileIssuer): Promise<CookieBrowser> {
  const browser = new CookieBrowser();
  const { headers } = await browser.once(`${target.url}/login/evil`);
  issuer.asked = new URL(headers.get('location') ?? '').searchParams;
  const { status } = await browser.once(`${target.url}/auth/evil?code=x&state=${issuer.asked.get('state') ?? ''}`);
  assert.equal(status, 303);
  return browser;
}
