import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { SDB_SETTINGS } from '../modules/status-page/domain/sdb-settings.ts';
import { readEnvironment } from '../modules/status-page/index.ts';
import { command as importing } from './import.ts';
import { readSdb } from './sdb-snippet.ts';

const TABLES = `
create table component (id integer primary key, name text);
create table component_attribute (id integer primary key, component_id integer, name text, value text);
create table incident (id integer primary key, text text, start_date datetime, end_date datetime, impact smallint, system boolean);
create table incident_component_relation (incident_id integer, component_id integer);
create table incident_status (id integer primary key, incident_id integer, timestamp datetime, text text, status text);
insert into component values (1, 'Object Storage');
insert into component_attribute values (1, 1, 'region', 'Reg1');
insert into incident values (4, 'Slow uploads', '2026-10-01 10:00:00', '2026-10-01 12:00:00', 1, 0);
insert into incident values (5, 'No time', 'soon', null, 1, 0);
insert into incident_component_relation values (4, 1);
`;

const ENVIRONMENT = `# the old server
SDB_SECRET_KEY="0123456789abcdef0123456789abcdef"
export SDB_API_PAYLOAD_KEY=stackmon
SDB_OPENID_ISSUER_URL='https://login.example.org/realms/lab'
SDB_OPENID_CLIENT_ID=sdb # as it is
SDB_OPENID_CLIENT_SECRET=geheim-1
SDB_OPENID_REQUIRED_GROUP=/status-dashboard
SDB_CACHE_TYPE=RedisCache
SDB_CACHE_REDIS_PASSWORD=geheim-2
SDB_PREFERRED_URL_SCHEME=https
SDB_INCIDENT_IMPACTS={}
PATH=/usr/bin
`;

describe('signalbox import status-dashboard', () => {
  let folder = '';
  const source = (): string => join(folder, 'example.sqlite');
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    await writeFile(join(folder, 'signalbox.yaml'), `data:\n  folder: ${join(folder, 'data')}\n`);
    await writeFile(join(folder, 'env'), `${ENVIRONMENT}SDB_SQLALCHEMY_DATABASE_URI=sqlite:///${source()}\n`);
    using db = new DatabaseSync(source());
    db.exec(TABLES);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function signalbox(...argv: string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const io = { print: (line: string) => lines.push(line), error: (line: string) => errors.push(line) };
    const code = await importing.run([...argv, '--config', join(folder, 'signalbox.yaml')], io);
    return { code, lines, errors, json: () => JSON.parse(lines.join('\n')) as Record<string, Record<string, unknown>> };
  }

  it('says what it would do, does it, and has nothing to do the second time', async () => {
    const dry = await signalbox('status-dashboard', source(), '--dry-run');
    assert.equal(dry.code, 0);
    assert.deepEqual(dry.errors, [
      'Would be taken over:',
      '  components: 1 found, 1 added, 0 changed, 0 unchanged, 0 were here already',
      '  incidents: 1 found, 1 added, 0 changed, 0 unchanged, 0 updates in them',
      '  watched from 2026-10-01T10:00:00.000Z on (the start of the first incident)',
      'Left out or changed (1):',
      '  incident 5 left out: its start is no time: "soon"',
    ]);
    const done = await signalbox('status-dashboard', source(), '--json');
    assert.deepEqual(done.json()['incidents'], { found: 1, added: 1, changed: 0, unchanged: 0 });
    const again = await signalbox('status-dashboard', source(), '--json');
    assert.deepEqual(again.json()['incidents'], { found: 1, added: 0, changed: 0, unchanged: 1 });
    const { errors } = await signalbox('status-dashboard', source());
    assert.ok(errors.includes('  components: 1 found, 0 added, 0 changed, 1 unchanged, 0 were here already'));
  });

  it('takes the database from the settings, prints our keys, and repeats no secret', async () => {
    const { code, lines, errors } = await signalbox('status-dashboard', '--env', join(folder, 'env'), '--dry-run');
    assert.equal(code, 0);
    assert.ok(errors.includes('Would be taken over:'));
    assert.deepEqual(parse(lines.join('\n')), {
      auth: {
        providers: [
          {
            id: 'openid',
            label: 'OpenID Connect',
            issuer: 'https://login.example.org/realms/lab',
            client_id: 'sdb',
            client_secret: `\${SDB_OPENID_CLIENT_SECRET}`,
            roles_claim: 'groups',
            roles: { operator: ['/status-dashboard'] },
          },
        ],
        legacy_tokens: { secret: `\${SDB_SECRET_KEY}`, payload_key: 'stackmon', require_expiry: false },
      },
    });
    const json = await signalbox('status-dashboard', '--env', join(folder, 'env'), '--dry-run', '--json');
    for (const text of [lines.join('\n'), errors.join('\n'), json.lines.join('\n')]) {
      assert.doesNotMatch(text, /geheim|0123456789abcdef/);
    }
    assert.match(errors.join('\n'), /SDB_CACHE_REDIS_PASSWORD → not needed\. No Redis\./);
    assert.match(errors.join('\n'), /SDB_PREFERRED_URL_SCHEME → not needed/);
    assert.doesNotMatch(errors.join('\n'), /^PATH/m);
    assert.match(errors.join('\n'), /SDB_INCIDENT_IMPACTS → not needed\. The page's own list of impacts/);
  });

  it('reads a configuration whose SDB_ variables stand in that file, and lets no other variable of it in', async () => {
    const config = join(folder, 'translated.yaml');
    const text = (name: string) =>
      `data:\n  folder: ${join(folder, 'translated')}\nauth:\n  legacy_tokens:\n    secret: \${${name}}\n`;
    const io = { print: () => undefined, error: () => undefined };
    const argv = ['status-dashboard', '--env', join(folder, 'env'), '--config', config];
    await writeFile(config, text('SDB_SECRET_KEY'));
    assert.equal(await importing.run(argv, io), 0);
    await assert.rejects(importing.run(['status-dashboard', source(), '--config', config], io), { code: 'invalid' });
    await writeFile(join(folder, 'other'), 'OTHER_SECRET=0123456789abcdef0123456789abcdef\n');
    await writeFile(config, text('OTHER_SECRET'));
    const other = ['status-dashboard', source(), '--env', join(folder, 'other'), '--config', config];
    await assert.rejects(importing.run(other, io), { code: 'invalid', message: /OTHER_SECRET is not set/ });
    const { errors } = await signalbox('status-dashboard', '--env', join(folder, 'env'), '--dry-run');
    assert.match(errors.join('\n'), /SDB_OPENID_CLIENT_SECRET and SDB_SECRET_KEY must be set .*EnvironmentFile=/);
  });

  it('says which database is too old: ours, by its place', async () => {
    const old = join(folder, 'too-old');
    await mkdir(old, { recursive: true });
    const config = join(old, 'signalbox.yaml');
    await writeFile(config, `data:\n  folder: ${old}\n`);
    const io = { print: () => undefined, error: () => undefined };
    await importing.run(['status-dashboard', source(), '--config', config], io);
    const at = readdirSync(old).find((name) => /\.(sqlite|db)$/.test(name)) ?? '';
    using db = new DatabaseSync(join(old, at));
    const names = db.prepare("select name from sqlite_master where name like '%migration%'").all();
    const table = String(names.map(({ name }) => name)[0]);
    db.exec(`delete from ${table} where rowid = (select max(rowid) from ${table})`);
    await assert.rejects(importing.run(['status-dashboard', source(), '--config', config], io), {
      code: 'unavailable',
      message: new RegExp(`^Signalbox's database, ${join(old, at)}, is older than this program`),
    });
  });

  it('looks for a relative database, or the usual one, beside the settings and in their folder instance', async () => {
    for (const [at, [uri, file]] of [
      ['SDB_DATABASE_URI=sqlite:///example.sqlite', 'instance/example.sqlite'],
      ['SDB_DATABASE_URI=sqlite:///example.sqlite', 'example.sqlite'],
      ['SDB_SQLALCHEMY_DATABASE_URI=sqlite+pysqlite:///old/status.db?timeout=3', 'instance/old/status.db'],
      ['SDB_CACHE_TYPE=SimpleCache', 'instance/example.sqlite'],
    ].entries()) {
      const old = join(folder, `old-${at}`);
      await mkdir(join(old, 'instance/old'), { recursive: true });
      await writeFile(join(old, '.env'), `${uri}\n`);
      await copyFile(source(), join(old, file ?? ''));
      const { code, errors } = await signalbox('status-dashboard', '--env', join(old, '.env'), '--dry-run');
      assert.equal(code, 0, uri);
      assert.ok(errors.includes('Would be taken over:'), `${uri} in ${file}`);
    }
  });

  it('is done with the settings alone when there is no database, and names every place it looked at', async () => {
    const old = join(folder, 'settings-only');
    await mkdir(old, { recursive: true });
    for (const uri of ['SDB_DATABASE_URI=sqlite:///status.sqlite', 'SDB_CACHE_TYPE=SimpleCache']) {
      await writeFile(join(old, '.env'), `${uri}\nSDB_API_PAYLOAD_KEY=stackmon\n`);
      const file = uri.includes('status.sqlite') ? 'status.sqlite' : 'example.sqlite';
      const { code, errors } = await signalbox('status-dashboard', '--env', join(old, '.env'));
      const places = [join(old, 'instance', file), join(old, file), join(process.cwd(), file)];
      assert.equal(code, 0);
      assert.match(errors.join('\n'), /SDB_API_PAYLOAD_KEY → auth\.legacy_tokens\.payload_key/);
      for (const place of places) assert.ok(errors.includes(`  ${place}`), `${place} in ${errors.join('\n')}`);
      const { lines } = await signalbox('status-dashboard', '--env', join(old, '.env'), '--json');
      assert.deepEqual((JSON.parse(lines.join('')) as { lookedAt: string[] }).lookedAt, places);
    }
    await writeFile(join(old, '.env'), 'SDB_DATABASE_URI=sqlite:///:memory:\n');
    const { errors } = await signalbox('status-dashboard', '--env', join(old, '.env'));
    assert.ok(errors.includes('No database is named: nothing is imported.'));
  });

  it('offers no way in with a secret that everybody knows', () => {
    const { yaml, lines } = readSdb(readEnvironment('SDB_SECRET_KEY=dev\n'));
    assert.equal(yaml, '');
    assert.match(lines.join('\n'), /has 3 characters, fewer than 32/);
  });

  it('explains itself, and ends with 2 when it was called wrongly', async () => {
    for (const argv of [[], ['status-dashboard'], ['status-dashboard', 'a', 'b'], ['dashboard', 'a']]) {
      const { code, errors } = await signalbox(...argv);
      assert.equal(code, 2, argv.join(' '));
      assert.match(errors.join(), /^Usage/);
    }
    await assert.rejects(signalbox('status-dashboard', join(folder, 'none')), { code: 'not_found' });
    await assert.rejects(signalbox('status-dashboard', '--env', join(folder, 'none')), { code: 'invalid' });
  });

  it('has every setting in the manual', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/status-page-migration.md'), 'utf8');
    for (const { name, key } of SDB_SETTINGS) {
      assert.ok(page.includes(`| \`${name}\` | ${key === null ? 'not needed' : `\`${key}\``} |`), name);
    }
  });
});
