import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningCommand, signalbox, startCommand } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { cookiesOf, csrfOf, postForm } from '../support/people.ts';
import { until } from '../support/until.ts';

/** The command line as an operator meets it: real processes on one data folder. What commands do inside has tests of its own. */

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-scripts-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('bin/signalbox', () => {
  it('lists its commands, and names them to who asks for one that is none', async () => {
    const help = await signalbox(['help']);
    assert.equal(help.code, 0);
    for (const name of ['demo', 'serve', 'status', 'check-config', 'init', 'backup', 'restore', 'token', 'facility']) {
      assert.match(help.stdout, new RegExp(`^ {2}${name} +[A-Z]`, 'm'));
    }
    const wrong = await signalbox(['serv']);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /no command "serv".*demo, serve, /);
    const option = await signalbox(['serve', '--confg', 'x']);
    assert.equal(option.code, 2);
    assert.match(option.stderr, /^signalbox serve: .*--confg/);
    assert.doesNotMatch(option.stderr, /^\s+at /m);
  });

  it('runs through a symbolic link, as in /usr/local/bin', async () => {
    const link = join(folder, 'signalbox');
    await symlink(join(import.meta.dirname, '../../bin/signalbox'), link);
    const { execFileSync } = await import('node:child_process');
    assert.match(execFileSync(link, ['help'], { cwd: '/', encoding: 'utf8' }), /^Usage: signalbox/);
  });

  it('writes a configuration that it finds good, and runs none that lacks the public address', async () => {
    const file = join(folder, 'signalbox.yaml');
    assert.equal((await signalbox(['init', file])).code, 0);
    assert.equal((await signalbox(['check-config', file])).code, 0);
    const bare = join(folder, 'bare.yaml');
    const data = join(folder, 'never made');
    await writeFile(bare, 'log: { level: warn }\n');
    const { code, stdout, stderr } = await signalbox(['serve', '--config', bare], { SIGNALBOX_DATA: data });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /http\.public_url: is missing\.\n.*SIGNALBOX__HTTP__PUBLIC_URL/);
    await assert.rejects(readFile(join(data, 'signalbox.db')), { code: 'ENOENT' });
  });
});

describe('a server and the commands beside it', () => {
  let server: RunningCommand;
  let url = '';
  let env: Record<string, string> = {};
  let oneTime = '';
  const running: RunningCommand[] = [];

  before(async () => {
    const place = join(folder, 'installation');
    await mkdir(place);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = { SIGNALBOX_CONFIG: join(place, 'signalbox.yaml'), SIGNALBOX_DATA: join(place, 'data') };
    await configure('The lab');
    server = serve();
    await until(`it is ready: ${server.stderr()}`, async () => (await fetch(`${url}/readyz`)).ok, 30_000);
    oneTime = /^Sign in: admin (\S+)$/m.exec(server.stdout())?.[1] ?? '';
  });
  after(async () => {
    for (const each of running) each.signal('SIGKILL');
    await Promise.all(running.map((each) => each.ended));
  });

  function serve(more: Record<string, string> = {}): RunningCommand {
    const started = startCommand('bin/signalbox', ['serve'], { ...env, ...more });
    running.push(started);
    return started;
  }

  async function configure(title: string): Promise<void> {
    const http = `http: { listen: "127.0.0.1:${new URL(url).port}", public_url: "${url}" }`;
    await writeFile(env['SIGNALBOX_CONFIG'] ?? '', `site: { title: "${title}" }\n${http}\n`);
  }

  async function restarted(): Promise<void> {
    server.signal('SIGTERM');
    assert.equal((await server.ended).code, 0);
    server = serve();
    await until(`it is ready: ${server.stderr()}`, async () => (await fetch(`${url}/readyz`)).ok, 30_000);
  }

  async function board(): Promise<{ code: number | null; levels: string[] }> {
    const { code, stdout } = await signalbox(['status', '--json'], env);
    const { components } = JSON.parse(stdout) as { components: { level: string }[] };
    return { code, levels: components.map(({ level }) => level) };
  }

  it('prints at its first start a password that opens nothing until it is changed', async () => {
    assert.match(oneTime, /^[a-z2-7]{5}(-[a-z2-7]{5}){3}$/);
    const signedIn = await postForm({ url }, '/login', { name: 'admin', password: oneTime });
    assert.equal(new URL(signedIn.headers.get('location') ?? '', url).pathname, '/account');
    const cookie = cookiesOf(signedIn);
    const admin = await fetch(`${url}/admin/users`, { headers: { cookie }, redirect: 'manual' });
    assert.notEqual(admin.status, 200);
    const csrf = csrfOf(await (await fetch(`${url}/account`, { headers: { cookie } })).text());
    const password = 'a long sentence of mine';
    const fields = { csrf, current: oneTime, next: password, repeat: password };
    const changed = await postForm({ url }, '/account/password', fields, { cookie });
    assert.equal(changed.status, 303);
    const next = await postForm({ url }, '/login', { name: 'admin', password });
    const page = await fetch(`${url}/admin/users`, { headers: { cookie: cookiesOf(next) }, redirect: 'manual' });
    assert.equal(page.status, 200);
    assert.equal(
      (await postForm({ url }, '/login', { name: 'admin', password: oneTime })).headers.get('location'),
      null,
    );
  });

  it('makes a token while the server runs, which takes a signal with it at once', async () => {
    const scopes = ['--scope', 'signals:write', '--scope', 'components:create'];
    const made = await signalbox(['token', 'create', '--name', 'backup-job', ...scopes, '--json'], env);
    assert.deepEqual([made.code, made.stderr], [0, '']);
    const { id, token } = JSON.parse(made.stdout) as { id: string; token: string };
    assert.ok(id.length > 0);
    const level = async (name: string, says: string) => {
      const answer = await fetch(`${url}/api/signals`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ component: `services/${name}`, name: 'last-run', level: says, summary: 'Ran' }),
      });
      assert.equal(answer.status, 200, await answer.text());
    };
    assert.deepEqual(await board(), { code: 2, levels: [] });
    await level('backup', 'operational');
    await until('the board is fine', async () => (await board()).code === 0);
    await level('backup', 'degraded');
    await until('the board says 1', async () => (await board()).code === 1);
  });

  it('reads its configuration again at SIGHUP, and keeps the old one when the new one is bad', async () => {
    const title = async () => /<title>([^<]*)/.exec(await (await fetch(`${url}/login`)).text())?.[1] ?? '';
    assert.match(await title(), /The lab/);
    await configure('The workshop');
    server.signal('SIGHUP');
    await until('the new title shows', async () => (await title()).includes('The workshop'));
    await writeFile(env['SIGNALBOX_CONFIG'] ?? '', 'site: { titel: x }\n');
    server.signal('SIGHUP');
    await until('the log says why', () => /not loaded.*/.test(server.stdout()));
    const line =
      server
        .stdout()
        .split('\n')
        .find((each) => each.includes('not loaded')) ?? '';
    assert.match(line, /site\.titel/);
    assert.match(line, /public_url/);
    assert.match(await title(), /The workshop/);
    await configure('The workshop');
  });

  it('says that it is up to date, and that another program has its port', async () => {
    const status = await signalbox(['migrate', 'status', '--json'], env);
    assert.equal(status.code, 0);
    assert.deepEqual((JSON.parse(status.stdout) as { pending: unknown[] }).pending, []);
    const second = await serve({ SIGNALBOX_DATA: join(folder, 'other data') }).ended;
    assert.equal(second.code, 2);
    assert.match(second.stderr, /^signalbox serve: Cannot listen on 127\.0\.0\.1:\d+: another program uses that port/);
  });

  it('backs up while it runs and goes back to that after a restore, which a running server refuses', async () => {
    const file = join(folder, 'kept');
    assert.equal((await signalbox(['backup', file], env)).code, 0);
    const refused = await signalbox(['restore', file, '--force'], env);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /in use/);
    const named = ['token', 'create', '--name', 'made after the backup', '--scope', 'read', '--json'];
    assert.equal((await signalbox(named, env)).code, 0);
    server.signal('SIGTERM');
    assert.equal((await server.ended).code, 0);
    assert.equal((await signalbox(['restore', file, '--force'], env)).code, 0);
    server = serve();
    await until('it is ready again', async () => (await fetch(`${url}/readyz`)).ok, 30_000);
    const tokens = await signalbox(['token', 'list', '--json'], env);
    assert.match(tokens.stdout, /backup-job/);
    assert.doesNotMatch(tokens.stdout, /made after the backup/);
    assert.doesNotMatch(server.stdout(), /Sign in:/);
  });

  it('keeps accounts and says that nobody watched while it was stopped', async () => {
    const stopping = Date.now();
    await restarted();
    assert.doesNotMatch(server.stdout(), /Sign in:/);
    const answer = await fetch(`${url}/api/components/services/backup/history`);
    const { periods } = (await answer.json()) as { periods: { from: string; level: string }[] };
    const unwatched = periods.filter(({ from, level }) => level === 'unknown' && Date.parse(from) >= stopping);
    assert.equal(unwatched.length, 1, JSON.stringify(periods));
    assert.equal(periods.at(-1)?.level, 'degraded');
  });
});
