import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../platform/database/index.ts';
import { command as admin } from './admin.ts';
import type { Command } from './command.ts';
import { command as token } from './token.ts';

describe('signalbox admin and token', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    await writeFile(join(folder, 'signalbox.yaml'), `data:\n  folder: ${join(folder, 'deep/data')}\n`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function signalbox(command: Command, ...argv: string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const io = { print: (line: string) => lines.push(line), error: (line: string) => errors.push(line) };
    const code = await command.run([...argv, '--config', join(folder, 'signalbox.yaml')], io);
    return { code, lines, errors, json: () => JSON.parse(lines.join('\n')) as Record<string, unknown> };
  }
  const openData = () => openDatabase({ url: `sqlite:${join(folder, 'deep/data/signalbox.db')}` });

  it('makes an account in a data folder that does not exist yet, and prints its password', async () => {
    const { code, lines } = await signalbox(admin, 'create', 'alice', '--email', 'alice@lab.test');
    assert.equal(code, 0);
    assert.match(lines[0] ?? '', /^Sign in: alice [a-z2-7]{5}(-[a-z2-7]{5}){3}$/);
    const again = signalbox(admin, 'create', 'ALICE');
    await assert.rejects(again, { code: 'conflict' });
  });

  it('makes an account of another role and lists all', async () => {
    const { json } = await signalbox(admin, 'create', 'bob', '--role', 'viewer', '--json');
    assert.deepEqual(Object.keys(json()), ['id', 'name', 'password']);
    const { lines } = await signalbox(admin, 'list');
    assert.match(lines.join('\n'), /^alice +admin +one-time password +alice@lab\.test\nbob +viewer/);
  });

  it('resets a password to another one, and says when there is no such account', async () => {
    const first = await signalbox(admin, 'reset', 'Alice', '--json');
    const second = await signalbox(admin, 'reset', 'alice', '--json');
    assert.notEqual(first.json()['password'], second.json()['password']);
    await assert.rejects(signalbox(admin, 'reset', 'ghost'), /no account "ghost".*admin list/);
  });

  it('prints {"id","token"} for a new token while another process has the database open', async () => {
    await using server = await openData();
    await server.ping();
    const { code, lines, errors, json } = await signalbox(
      token,
      'create',
      '--name',
      'Monitor',
      '--scope',
      'signals:write',
      '--scope',
      'read',
      '--expires',
      '90d',
      '--json',
    );
    assert.equal(code, 0);
    assert.deepEqual(errors, []);
    assert.equal(lines.length, 1);
    assert.deepEqual(Object.keys(json()), ['id', 'token']);
    assert.match(String(json()['token']), /^sbx_[a-z2-7]{8}_[a-z2-7]{52}$/);
  });

  it('lists tokens without their secret and revokes them by id', async () => {
    const made = (await signalbox(token, 'create', '--name', 'Old', '--scope', 'read', '--json')).json();
    assert.equal((await signalbox(token, 'revoke', String(made['id']))).code, 0);
    const { lines } = await signalbox(token, 'list', '--json');
    const listed = JSON.parse(lines.join('')) as { id: string; state: string; scopes: string[] }[];
    assert.deepEqual(
      listed.map((row) => [row.state, row.scopes]),
      [
        ['revoked', ['read']],
        ['active', ['read', 'signals:write']],
      ],
    );
    assert.ok(!lines.join('').includes(String(made['token']).slice(-52)));
    await assert.rejects(signalbox(token, 'revoke', 'ghost'), { code: 'not_found' });
  });

  it('refuses scopes, roles and times that do not exist', async () => {
    await assert.rejects(signalbox(token, 'create', '--name', 'x', '--scope', 'admin'), { code: 'invalid' });
    await assert.rejects(signalbox(token, 'create', '--name', 'x', '--scope', 'read', '--expires', 'soon'), {
      code: 'invalid',
    });
    await assert.rejects(signalbox(admin, 'create', 'x', '--role', 'owner'), { code: 'invalid' });
  });

  it('explains itself and ends with 2 when it was called wrongly', async () => {
    for (const argv of [[], ['create'], ['create', 'a', 'b'], ['toString'], ['list', 'x'], ['reset']]) {
      const { code, lines, errors } = await signalbox(admin, ...argv);
      assert.equal(code, 2, argv.join(' '));
      assert.deepEqual(lines, []);
      assert.match(errors.join(), /^Usage/);
    }
    assert.equal((await signalbox(token, 'create', '--scope', 'read')).code, 2);
    const help = await signalbox(token, '--help');
    assert.equal(help.code, 0);
    assert.match(help.lines.join(), /signals:write/);
  });

  it('walks the audit log and ends with 1 when somebody changed it', async () => {
    const { code, lines } = await signalbox(admin, 'audit');
    assert.equal(code, 0);
    assert.match(lines.join(), /entries, none missing or altered. Head: [0-9a-f]{64}/);
    {
      await using db = await openData();
      const change = sql`update audit_entry set actor = 'nobody' where position = 2`;
      await db.write((tx) => change.execute(tx.for<object>()));
    }
    const broken = await signalbox(admin, 'audit', '--json');
    assert.equal(broken.code, 1);
    assert.deepEqual(broken.json(), { intact: false, position: 2, reason: 'altered' });
  });
});
