import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { Cable } from '../support/cable.ts';
import { type ChildProgram, startChild } from '../support/child-program.ts';
import { ownAddress } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { hookHeaders, issueEvent, type Lab, startLab } from '../support/lab.ts';
import type { TestApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

const POSTGRES = process.env['SIGNALBOX_TEST_POSTGRES'];

async function deliver(lab: Lab, id: number, key: string): Promise<Response> {
  const body = JSON.stringify(issueEvent({ id, labels: ['D:Krios', 'CRITICAL'], title: 'x'.repeat(200) }));
  return await fetch(`${lab.box.url}/hooks/gitlab/lab`, {
    method: 'POST',
    headers: hookHeaders({ 'idempotency-key': key }),
    body,
  });
}

async function deliveries(box: TestApp): Promise<number> {
  const tables = box.app.db.for<{ facility_delivery: { id: string } }>();
  return (await tables.selectFrom('facility_delivery').select('id').execute()).length;
}

describe('attack 28: a disk that is full', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ hook: false });
  });
  after(() => lab[Symbol.asyncDispose]());

  const setLimit = (pages: number) =>
    lab.box.app.db.write((tx) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(tx.for<unknown>()));

  it('acknowledges no delivery and no signal, goes on showing pages, and takes the same again once there is space', async () => {
    const token = await lab.box.token('signals:write', 'components:create');
    const signals = (count: number, start: number) =>
      fetch(`${lab.box.url}/api/signals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(
          Array.from({ length: count }, (_, n) => ({
            component: `lab/n${start + n}`,
            source: 's',
            name: 'p',
            level: 'operational',
            summary: 'y'.repeat(300),
          })),
        ),
      });
    await setLimit(1);
    let refused = 0;
    const stored = await deliveries(lab.box);
    let acknowledged = 0;
    // The pages that the file already has are used up first.
    for (let n = 0; n < 400 && refused < 3; n++) {
      const { status } = await deliver(lab, 9000 + n, `full ${n}`);
      if (status === 204) acknowledged += 1;
      else {
        assert.ok(status === 503 || status === 500, String(status));
        refused += 1;
      }
    }
    assert.equal(refused, 3, 'the disk was full');
    assert.equal(await deliveries(lab.box), stored + acknowledged, 'what was acknowledged is stored, nothing else');
    const answer = await signals(500, 0);
    assert.ok(answer.status >= 500, String(answer.status));
    assert.doesNotMatch(await answer.text(), /\/tmp\/|signalbox\.db/, 'the answer names no file of ours');
    assert.equal((await fetch(`${lab.box.url}/facility`)).status, 200);
    assert.match(await lab.word('facility/krios'), /Krios/);

    await setLimit(1_000_000);
    assert.equal((await deliver(lab, 9900, 'after the flood')).status, 204);
    assert.equal((await signals(1, 1000)).status, 200);
    assert.equal(await deliveries(lab.box), stored + acknowledged + 1);
    assert.equal((await fetch(`${lab.box.url}/readyz`)).status, 200);
  });
});

describe('attack 28: a data folder that cannot be used', () => {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const variables = { SIGNALBOX__HTTP__PUBLIC_URL: 'http://127.0.0.1:1', PORT: '1' };

  /** Root may write anywhere, so nobody runs the program. */
  function serveAsNobody(folder: string): { status: number | null; said: string } {
    const program = [process.execPath, main, 'serve'];
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', ...program];
    const [command, args] = process.getuid?.() === 0 ? ['setpriv', nobody] : [process.execPath, program.slice(1)];
    const env = { ...process.env, ...variables, SIGNALBOX_DATA: folder, HOME: '/' };
    const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', cwd: '/', timeout: 20_000 });
    return { status, said: stdout + stderr };
  }

  it('says in one line which folder it is and what to do, when it lies below a file', () => {
    const { status, said } = serveAsNobody('/etc/hostname/signalbox');
    assert.equal(status, 2, said);
    assert.match(said, /data folder \/etc\/hostname\/signalbox cannot be made.*SIGNALBOX_DATA/);
    assert.doesNotMatch(said, /\n\s+at /);
  });

  it('says so when it may only be read, as on a disk that is mounted read-only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-read-only-'));
    await chmod(folder, 0o555);
    try {
      const { status, said } = serveAsNobody(folder);
      assert.equal(status, 2, said);
      assert.match(said, /cannot be (opened|written).*writable/);
      assert.doesNotMatch(said, /\n\s+at /);
    } finally {
      await chmod(folder, 0o755);
      await rm(folder, { recursive: true });
    }
  });
});

describe('attack 29: the database held by another process', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ hook: false });
  });
  after(() => lab[Symbol.asyncDispose]());

  it('shows pages and badges all the while, and acknowledges nothing until it can store it', async () => {
    const other = new DatabaseSync(join(lab.box.folder, 'signalbox.db'));
    other.exec('BEGIN EXCLUSIVE');
    const order: string[] = [];
    const pending = deliver(lab, 1, 'while locked').then((answer) => {
      order.push('hook');
      return answer;
    });
    for (let n = 0; n < 10; n++) {
      assert.equal((await fetch(`${lab.box.url}/facility?q=${n}`)).status, 200);
      assert.equal((await fetch(`${lab.box.url}/badges/facility/krios.svg`)).status, 200);
      order.push('page');
    }
    assert.equal((await pending).status, 503);
    assert.deepEqual(
      order.slice(0, 10),
      Array.from({ length: 10 }, () => 'page'),
    );
    other.exec('ROLLBACK');
    other.close();
    assert.equal((await deliver(lab, 1, 'while locked')).status, 204, 'the repetition is the first that counts');
  });
});

const withoutPostgres = POSTGRES === undefined && process.env['CI'] !== 'true' && 'no PostgreSQL';

describe('attack 29: PostgreSQL gone', { skip: withoutPostgres }, () => {
  let lab: Lab;
  let cable: Cable;
  let remove: () => Promise<void>;
  before(async () => {
    const address = await ownAddress('postgres');
    const url = new URL(address.url);
    remove = address.remove;
    cable = new Cable({ host: url.hostname, port: Number(url.port) });
    const port = await freePort();
    await cable.listen(port);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    lab = await startLab({ hook: false, app: { databaseUrl: url.href } });
  });
  after(async () => {
    cable.mend();
    await lab[Symbol.asyncDispose]();
    cable.close();
    await remove();
  });

  it('serves the last good pages and badges with their age, is not ready, acknowledges nothing, and recovers by itself', async () => {
    const paths = [
      '/',
      '/facility',
      '/badges/facility/krios.svg',
      '/badges/facility/krios.json',
      '/components/facility/krios',
    ];
    for (const path of paths) assert.equal((await fetch(lab.box.url + path)).status, 200, path);
    cable.cut();
    await until('it is not ready', async () => (await fetch(`${lab.box.url}/readyz`)).status === 503);
    // A minute later, or after any change, kept pages would be made anew.
    lab.box.app.http.pages.invalidate();
    for (const path of paths) {
      const answer = await until(`${path} is known to be old`, async () => {
        const kept = await fetch(lab.box.url + path);
        assert.equal(kept.status, 200, path);
        return /^\d{4}-/.test(kept.headers.get('x-signalbox-as-of') ?? '') ? kept : null;
      });
      const body = await answer.text();
      assert.ok(body.length > 50, path);
      const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
      if (isPage) assert.match(body, /The database does not answer at the moment/, path);
    }
    assert.ok((await deliver(lab, 1, 'while gone')).status >= 500);
    assert.equal((await fetch(`${lab.box.url}/livez`)).status, 200);

    cable.mend();
    await until('it is ready', async () => (await fetch(`${lab.box.url}/readyz`)).ok);
    assert.equal((await deliver(lab, 1, 'while gone')).status, 204);
    await until('DOWN is shown', async () => /DOWN/.test(await lab.text('/facility')));
  });
});

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);

describe('a disk that takes half a second to sync', { skip: compiler === undefined && 'needs a C compiler' }, () => {
  let folder: string;
  let program: ChildProgram;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-slow-'));
    const library = join(folder, 'slow-sync.so');
    const source = join(import.meta.dirname, '../../bench/database-slow-sync.c');
    execFileSync(compiler ?? 'cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    program = await startChild({ folder, port: await freePort(), env: { LD_PRELOAD: library, SLOW_SYNC_MS: '500' } });
  });
  after(async () => {
    await program.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('stalls no reader: pages that read the database are answered while a commit hangs', async () => {
    const main = join(import.meta.dirname, '../../src/main.ts');
    const env = { ...process.env, SIGNALBOX_DATA: folder, SIGNALBOX_CONFIG: program.configFile };
    const args = ['token', 'create', '--name', 'slow', '--scope', 'signals:write', '--scope', 'components:create'];
    // What the start writes holds the file for long: a command may find it locked, and says so.
    const made = await until(
      'a command finds the file free',
      () => execFileSync(process.execPath, [main, ...args, '--json'], { env, encoding: 'utf8', stdio: 'pipe' }),
      60_000,
    );
    const { token } = JSON.parse(made) as { token: string };
    const writing = new AbortController();
    const write = fetch(`${program.url}/api/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ component: 'lab/slow', source: 's', name: 'p', level: 'operational' }),
    }).finally(() => writing.abort());
    let answered = 0;
    while (!writing.signal.aborted) {
      // Another query each time, so that no kept page answers.
      assert.equal((await fetch(`${program.url}/?q=${answered}`)).status, 200);
      answered += 1;
    }
    assert.equal((await write).status, 200);
    assert.ok(answered >= 6, `${answered} pages were answered while the commit hung`);
  });
});
