import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type RunningCommand, startCommand } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The package that `npm pack` makes, unpacked where there are no sources, beside the packages it asks for. */
describe('a release', () => {
  let folder = '';
  let program = '';
  let url = '';
  let env: Record<string, string> = {};
  let server: RunningCommand | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-release-'));
    await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [packed = ''] = await readdir(folder);
    await run('tar', ['-xzf', join(folder, packed), '-C', folder]);
    const home = join(folder, 'package');
    await linkDependencies(home);
    program = join(home, 'bin/signalbox');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    env = { SIGNALBOX_CONFIG: join(folder, 'signalbox.yaml'), SIGNALBOX_DATA: join(folder, 'data') };
    await mkdir(join(folder, 'data'));
    const http = `http: { listen: "127.0.0.1:${port}", public_url: "${url}" }`;
    await writeFile(env['SIGNALBOX_CONFIG'] ?? '', `${http}\n`);
    server = startCommand(program, ['serve'], env);
    await until(`it is ready: ${server.stderr()}`, async () => (await fetch(`${url}/readyz`)).ok, 30_000);
  });

  after(async () => {
    server?.signal('SIGTERM');
    await server?.ended;
    await rm(folder, { recursive: true, force: true });
  });

  it('has neither sources nor tests in it, and the licences of what is inside', async () => {
    const names = await readdir(join(folder, 'package'));
    assert.deepEqual(
      names.filter((name) => ['src', 'test', 'simulators', 'bench'].includes(name)),
      [],
    );
    const notice = await readFile(join(folder, 'package/dist/NOTICE'), 'utf8');
    for (const name of ['fastify', 'kysely', 'zod', 'yaml']) {
      assert.match(notice, new RegExp(`^${name} [\\d.]+ \\([\\w.-]+\\)\n\n\\S`, 'm'));
    }
  });

  it('serves its pages with their styles and scripts', async () => {
    const page = await (await fetch(url)).text();
    const assets = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.deepEqual([...new Set(assets.map((path) => path.split('.').at(-1)))].sort(), ['css', 'js', 'svg']);
    for (const path of assets) assert.equal((await fetch(url + path)).status, 200, path);
  });

  it('knows its version, takes and renders what a token writes, and backs up while it runs', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal((await startCommand(program, ['--version']).ended).stdout.trim(), version);
    const scopes = ['signals:write', 'components:create', 'incidents:write'].flatMap((scope) => ['--scope', scope]);
    const made = await startCommand(program, ['token', 'create', '--name', 'probe', '--json', ...scopes], env).ended;
    const { token } = JSON.parse(made.stdout) as { token: string };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const post = (path: string, body: object) =>
      fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const signal = { component: 'lab/oven', name: 'probe', level: 'degraded', summary: 'Too cold' };
    assert.equal((await post('/api/signals', signal)).status, 200);
    const text = { title: 'The oven is cold', description: 'It is **cold**.' };
    const opened = await post('/api/incidents', { type: 'incident', impact: 2, components: ['lab/oven'], ...text });
    assert.equal(opened.status, 201, await opened.clone().text());
    const { id } = (await opened.json()) as { id: number };
    assert.match(await (await fetch(`${url}/incidents/${id}`)).text(), /It is <strong>cold<\/strong>\./);
    const backup = join(folder, 'backup.db');
    assert.match((await startCommand(program, ['backup', backup], env).ended).stdout, /verified/);
  });

  it('runs the demo without any configuration', async () => {
    const port = await freePort();
    const demo = startCommand(program, ['demo'], { PORT: `${port}`, SIGNALBOX_DATA: join(folder, 'demo') });
    try {
      await until(
        `it is ready: ${demo.stderr()}`,
        async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
        60_000,
      );
      assert.match(await (await fetch(`http://127.0.0.1:${port}/facility`)).text(), /<main/);
    } finally {
      demo.signal('SIGTERM');
      await demo.ended;
    }
  });
});

/** What `npm install` would put beside it: none of what only we need. */
async function linkDependencies(home: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  for (const [path, { dev = false, devOptional = false }] of Object.entries(lock.packages)) {
    if (dev || devOptional || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue;
    await mkdir(dirname(join(home, path)), { recursive: true });
    await symlink(join(ROOT, path), join(home, path));
  }
}
