import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { schemaParts } from '../app/index.ts';
import { checkSchema, migrationStatus, openDatabase } from '../platform/database/index.ts';
import { command as backup } from './backup.ts';
import type { Command } from './command.ts';
import { command as migrate } from './migrate.ts';
import { command as restore } from './restore.ts';

describe('signalbox migrate, backup and restore', () => {
  let folder = '';
  const data = (): string => join(folder, 'kept', 'data');
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    await writeFile(join(folder, 'signalbox.yaml'), `data:\n  folder: ${data()}\n`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function signalbox(command: Command, ...argv: string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const io = { print: (line: string) => lines.push(line), error: (line: string) => errors.push(line) };
    const code = await command.run([...argv, '--config', join(folder, 'signalbox.yaml')], io);
    return { code, lines, errors, json: () => JSON.parse(lines.join('\n')) as Record<string, unknown> };
  }

  it('shows what is missing with 1, applies it, and then shows that nothing is', async () => {
    const before = await signalbox(migrate, 'status');
    assert.equal(before.code, 1);
    assert.ok(before.lines.includes('missing  journal/0001-journal'));
    await assert.rejects(signalbox(backup), /nothing to back up/);
    const up = await signalbox(migrate, 'up');
    assert.equal(up.code, 0);
    assert.equal(up.lines.length, before.lines.length);
    const after = await signalbox(migrate, 'status', '--json');
    assert.equal(after.code, 0);
    assert.deepEqual(after.json()['pending'], []);
    assert.deepEqual((await signalbox(migrate, 'up')).lines, ['The database is up to date.']);
    await using db = await openDatabase({ url: join(data(), 'signalbox.db') });
    assert.deepEqual(await checkSchema(db, schemaParts()), []);
  });

  it('backs up into the folder of backups while the database is open elsewhere', async () => {
    await using db = await openDatabase({ url: join(data(), 'signalbox.db') });
    await db.ping();
    const { code, json } = await signalbox(backup, '--json');
    assert.equal(code, 0);
    const [name = ''] = await readdir(join(data(), 'backups'));
    assert.match(name, /^signalbox-\d{8}T\d{6}Z\.sqlite$/);
    assert.equal(json()['path'], join(data(), 'backups', name));
    const named = await signalbox(backup, join(folder, 'mine'));
    assert.match(named.lines[0] ?? '', /mine: \d+ bytes, \d+ tables and \d+ rows, verified\.$/);
    await assert.rejects(signalbox(backup, join(folder, 'mine')), { code: 'conflict' });
    await assert.rejects(signalbox(restore, join(folder, 'mine'), '--force'), /is in use/);
  });

  it('restores over a database only when forced, and says where the old one is', async () => {
    await assert.rejects(signalbox(restore, join(folder, 'mine')), /--force/);
    const { code, lines } = await signalbox(restore, join(folder, 'mine'), '--force');
    assert.equal(code, 0);
    assert.match(lines.join('\n'), /Restored .*mine\.\nWhat was there before is kept as .*\.before-restore-/);
    await using db = await openDatabase({ url: join(data(), 'signalbox.db') });
    assert.deepEqual((await migrationStatus(db, schemaParts())).pending, []);
  });

  it('explains itself, and ends with 2 when it was called wrongly', async () => {
    const wrong: [Command, string[]][] = [
      [migrate, []],
      [migrate, ['down']],
      [migrate, ['up', 'up']],
      [backup, ['a', 'b']],
      [restore, []],
      [restore, ['a', 'b']],
    ];
    for (const [command, argv] of wrong) {
      const { code, lines, errors } = await signalbox(command, ...argv);
      assert.equal(code, 2);
      assert.deepEqual(lines, []);
      assert.match(errors.join(''), /^Usage: signalbox/);
    }
    for (const command of [migrate, backup, restore]) {
      const { code, lines } = await signalbox(command, '--help');
      assert.equal(code, 0);
      assert.match(lines.join(''), /^Usage: signalbox/);
    }
  });
});
