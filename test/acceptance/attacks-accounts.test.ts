import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { system } from '../../src/core/index.ts';
import { verifyAudit } from '../../src/platform/audit/index.ts';
import { revokeToken } from '../../src/platform/auth/index.ts';
import { startChild } from '../support/child-program.ts';
import { freePort } from '../support/free-port.ts';
import { account, cookiesOf, postForm, signIn } from '../support/people.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

let box: TestApp;
before(async () => {
  box = await startApp();
});
after(() => box.stop());

const open = async (cookie: string) =>
  (await fetch(`${box.url}/account`, { headers: { cookie }, redirect: 'manual' })).status;

describe('attack 22: sessions that are planted, or outlive what gave them', () => {
  it('never takes a session id that the browser came with', async () => {
    const { name, password } = await account(box, 'admin');
    const planted = `signalbox_session=${'P'.repeat(43)}`;
    const answer = await postForm(box, '/login', { name, password }, { cookie: planted });
    assert.equal(answer.status, 303);
    assert.ok(!cookiesOf(answer).includes('P'.repeat(43)));
    assert.equal(await open(planted), 303);
    assert.equal(await open(cookiesOf(answer)), 200);
    for (const line of answer.headers.getSetCookie()) assert.match(line, /HttpOnly; SameSite=Lax/);
  });

  it('ends them with sign-out, a new password, another role and a disabled account', async () => {
    const admin = await signIn(box, 'admin');
    const leaver = await signIn(box, 'viewer');
    await leaver.send('/logout', {});
    assert.equal(await open(leaver.headers.cookie), 303, 'after sign-out');

    const changer = await signIn(box, 'viewer');
    const elsewhere = cookiesOf(await postForm(box, '/login', { name: changer.name, password: changer.password }));
    assert.equal(await open(elsewhere), 200);
    const next = 'osier lamp tide brook';
    const changed = await changer.send('/account/password', { current: changer.password, next, repeat: next });
    assert.equal(changed.status, 303);
    assert.equal(await open(elsewhere), 303, 'after a new password');
    assert.equal(await open(changer.headers.cookie), 303, 'and the old id of this browser is gone too');

    for (const [verb, fields] of [
      ['role', { role: 'operator' }],
      ['state', { disabled: '1' }],
      ['password', {}],
    ] as const) {
      const person = await signIn(box, 'viewer');
      const list = await (await fetch(`${box.url}/admin/users`, { headers: admin.headers })).text();
      const id = new RegExp(`/admin/users/([^"]+)">${person.name}<`).exec(list)?.[1] ?? '';
      const done = await admin.send(`/admin/users/${id}/${verb}`, { name: person.name, ...fields });
      assert.ok(done.status === 303 || done.status === 200, `${verb}: ${done.status}`);
      assert.equal(await open(person.headers.cookie), 303, `after ${verb}`);
    }
  });

  it('lead nowhere but to a path of ours after sign-in', async () => {
    const { name, password } = await account(box, 'viewer');
    const away = [
      'https://evil.test',
      '//evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      'javascript:alert(1)',
      '/%0d%0aX: y',
      '/a\r\nSet-Cookie: x=1',
      ' //evil.test',
      '/\t/evil.test',
    ];
    for (const returnTo of away) {
      const answer = await postForm(box, '/login', { name, password, returnTo });
      const target = new URL(answer.headers.get('location') ?? '', box.url);
      assert.equal(target.origin, box.url, returnTo);
      assert.ok(!cookiesOf(answer).includes('x=1'), returnTo);
    }
  });

  it('opens a session of its own for each of four sign-ins at the same moment', async () => {
    const { name, password } = await account(box, 'viewer');
    const cookies = await Promise.all(
      Array.from({ length: 4 }, async () => cookiesOf(await postForm(box, '/login', { name, password }))),
    );
    const sessions = cookies.filter((cookie) => cookie.includes('signalbox_session='));
    assert.equal(new Set(sessions).size, sessions.length);
    for (const cookie of sessions) assert.equal(await open(cookie), 200);
  });
});

describe('attack 23: guessing', () => {
  it('tells nothing by words about which accounts exist, and stops after some attempts', async () => {
    await using own = await startApp();
    const { name } = await account(own, 'viewer');
    const said = async (who: string) => {
      const answer = await postForm(own, '/login', { name: who, password: 'wrong wrong wrong' });
      return [
        answer.status,
        (await answer.text()).replaceAll(who, 'NAME').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d(:\d\d)?/g, ''),
      ];
    };
    assert.deepEqual(await said(name), await said('nobody-of-this-name'));
    let stopped = 0;
    for (let n = 0; n < 14 && stopped !== 429; n++) [stopped] = (await said(name)) as [number];
    assert.equal(stopped, 429);
  });

  it('counts guessed tokens per address, and never looks a token up by anything but its hash', async () => {
    await using own = await startApp({
      values: { http: { public_url: 'http://127.0.0.1:1', limits: { denials: 10 } } },
    });
    let status = 0;
    for (let n = 0; n < 12 && status !== 429; n++) {
      ({ status } = await fetch(`${own.url}/api/components`, {
        headers: { authorization: `Bearer sbx_guess${n}_${'a'.repeat(40)}` },
      }));
    }
    assert.equal(status, 429);
    const token = await box.token('read');
    const rows = JSON.stringify(
      await box.app.db.for<{ auth_token: { id: string } }>().selectFrom('auth_token').selectAll().execute(),
    );
    assert.ok(
      !rows.includes(token) && !rows.includes(token.split('_').at(-1) ?? 'x'),
      'a token read from the database is none',
    );
    for (const wrong of [token.slice(0, -1), `${token}a`, token.toUpperCase(), token.replace(/.$/, '*')]) {
      const answer = await fetch(`${box.url}/api/components`, { headers: { authorization: `Bearer ${wrong}` } });
      assert.equal(answer.status, 401);
    }
  });
});

describe('attack 25: a token beyond its scope', () => {
  it('opens no page for people, sends no form and writes nothing with a GET', async () => {
    const headers = { authorization: `Bearer ${await box.token('read', 'signals:write', 'components:create')}` };
    for (const path of ['/account', '/admin/users', '/admin/tokens', '/admin/audit', '/facility/plan']) {
      const { status } = await fetch(box.url + path, { headers, redirect: 'manual' });
      assert.ok(status >= 300 && status < 500, `${path}: ${status}`);
    }
    for (const path of ['/admin/users', '/admin/tokens', '/facility/reconcile']) {
      const answer = await postForm(box, path, { name: 'x', role: 'admin', scopes: 'read' }, headers);
      assert.ok(answer.status === 401 || answer.status === 403, `${path}: ${answer.status}`);
    }
    const sneaked = await fetch(`${box.url}/api/signals?component=lab/x&level=operational`, { headers });
    assert.ok(sneaked.status >= 400);
  });

  it('ends at once when it is revoked', async () => {
    const token = await box.token('read');
    const ask = async () =>
      (await fetch(`${box.url}/api/components`, { headers: { authorization: `Bearer ${token}` } })).status;
    assert.equal(await ask(), 200);
    const rows = await box.app.db
      .for<{ auth_token: { id: string; prefix: string } }>()
      .selectFrom('auth_token')
      .select(['id', 'prefix'])
      .execute();
    const row = rows.find(({ prefix }) => token.includes(prefix));
    await revokeToken(box.app, system('test'), row?.id ?? '');
    assert.equal(await ask(), 401);
  });
});

describe('attack 33: the audit log', () => {
  it('undoes the change that could not be written down, over the whole program', async () => {
    const admin = await signIn(box, 'admin');
    const before = (await verifyAudit(box.app.db)) as { entries: number };
    type Raw = { auth_token: { id: string } };
    const tokens = async () => (await box.app.db.for<Raw>().selectFrom('auth_token').select('id').execute()).length;
    const had = await tokens();
    const { sql } = await import('kysely');
    await box.app.db.write((tx) => sql`alter table audit_entry rename to audit_gone`.execute(tx.for<unknown>()));
    try {
      const answer = await admin.send('/admin/tokens', { name: 'unseen', scopes: 'read', expires: '' });
      assert.ok(answer.status >= 500, String(answer.status));
      assert.equal(await tokens(), had, 'no token without its entry');
    } finally {
      await box.app.db.write((tx) => sql`alter table audit_gone rename to audit_entry`.execute(tx.for<unknown>()));
    }
    assert.equal(((await verifyAudit(box.app.db)) as { entries: number }).entries, before.entries);
  });

  it('shows on its page that an entry was changed behind our back', async () => {
    await using own = await startApp();
    const admin = await signIn(own, 'admin');
    const page = async () => await (await fetch(`${own.url}/admin/audit?verify=1`, { headers: admin.headers })).text();
    assert.match(await page(), /none missing or altered/);
    await own.app.db.write((tx) =>
      tx
        .for<{ audit_entry: { position: number; actor: string } }>()
        .updateTable('audit_entry')
        .set({ actor: 'user:innocent' })
        .where('position', '=', 1)
        .execute(),
    );
    assert.equal((await verifyAudit(own.app.db)).intact, false);
    assert.doesNotMatch(await page(), /none missing or altered/);
  });
});

describe('attacks 24, 26 and 32, on the program as it is run', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-first-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const integration = (secret: string) =>
    `facility: { integrations: [{ id: lab, url: "http://127.0.0.1:9", token: "${secret}", hook_token: "${secret}" }] }`;

  it('refuses to start with an empty, short or well-known secret, without repeating it', async () => {
    for (const secret of ['', 'short', 'changeme', 'password']) {
      const program = await startChild({ folder, port: await freePort(), config: integration(secret), ready: false });
      assert.notEqual(await program.ended(), 0, secret);
      assert.match(program.output(), /hook_token|token/, secret);
      if (secret.length > 5) assert.ok(!program.output().includes(`"${secret}"`), secret);
    }
  });

  it('prints one first password when two processes start on one empty folder, and none at the next start', async () => {
    const both = await Promise.all([
      startChild({ folder, port: await freePort(), ready: false }),
      startChild({ folder, port: await freePort(), ready: false }),
    ]);
    const ended = both.map(async (program) => ({ program, code: await program.ended() }));
    const { program: refused, code } = await Promise.race(ended);
    assert.equal(code, 2);
    assert.match(refused.output(), new RegExp(`serve: Another Signalbox serves from the folder ${folder}\\.`));
    const [server] = both.filter((program) => program !== refused);
    assert.ok(server);
    await until('the other one serves', () => server.output().includes('"ready"'));
    const passwords = both.flatMap((program) => program.output().match(/^Sign in: admin \S.*$/gm) ?? []);
    assert.equal(passwords.length, 1, passwords.join('\n'));
    assert.equal(await server.stop(), 0);
    const again = await startChild({ folder, port: await freePort() });
    assert.doesNotMatch(again.output(), /Sign in:/);
    for (const path of ['/setup', '/install', '/register', '/admin/setup']) {
      assert.equal((await fetch(again.url + path, { redirect: 'manual' })).status, 404, path);
    }
    assert.equal(await again.stop(), 0);
  });

  it('keeps its configuration whole when SIGHUP meets a file with one mistake, and takes it when mended', async () => {
    const { writeFile, readFile } = await import('node:fs/promises');
    const program = await startChild({ folder, port: await freePort() });
    try {
      const good = await readFile(program.configFile, 'utf8');
      const title = async () =>
        /<title>([^<]*)/.exec(await (await fetch(`${program.url}/?${Math.random()}`)).text())?.[1] ?? '';
      const renamed = good.replace('site: {', 'site: { title: Renamed,');
      const bombs = [
        `${renamed}\nnonsense: { a: 1 }\n`,
        `${renamed}\nauth: { session_hours: -5 }\n`,
        `${renamed}\n__proto__: { polluted: true }\n`,
        `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n`,
        '{{{',
        '',
      ];
      for (const [n, text] of bombs.entries()) {
        await writeFile(program.configFile, text);
        program.signal('SIGHUP');
        await until('it says why', () => (program.output().match(/configuration not loaded/g) ?? []).length === n + 1);
        assert.doesNotMatch(await title(), /Renamed/, text.slice(0, 80));
        assert.equal((await fetch(`${program.url}/readyz`)).status, 200);
      }
      await writeFile(program.configFile, renamed);
      program.signal('SIGHUP');
      await until('it is renamed', async () => (await title()).includes('Renamed'));
    } finally {
      await program.stop();
    }
  });
});
