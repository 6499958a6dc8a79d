import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openDatabase } from '../platform/database/index.ts';
import { command as catalog } from './catalog.ts';

const TWO = `components:
  - {key: obs, name: Object Storage, attributes: {region: Reg1, category: Storage}}
  - {name: Servers, attributes: {region: Reg1, category: Compute}}
`;

describe('signalbox catalog', () => {
  let folder = '';
  const data = (): string => join(folder, 'data');
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    await writeFile(join(folder, 'signalbox.yaml'), `data:\n  folder: ${data()}\n`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function signalbox(...argv: string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const io = { print: (line: string) => lines.push(line), error: (line: string) => errors.push(line) };
    const code = await catalog.run([...argv, '--config', join(folder, 'signalbox.yaml')], io);
    return { code, lines, errors, json: () => JSON.parse(lines.join('\n')) as Record<string, unknown> };
  }

  it('reads catalog.yaml in the data folder, and says what to do while there is none', async () => {
    await assert.rejects(signalbox('provision'), {
      code: 'invalid',
      message: /data\/catalog\.yaml cannot be read.*examples/,
    });
    await assert.rejects(signalbox('provision', join(folder, 'none.yaml')), { code: 'invalid' });
    await signalbox('export');
    await writeFile(join(data(), 'catalog.yaml'), TWO);
    const { code, lines } = await signalbox('provision', '--dry-run');
    assert.equal(code, 1);
    assert.deepEqual(lines, [
      '+ status-page/obs  Object Storage (Reg1)',
      '+ status-page/servers-reg1  Servers (Reg1)',
      '2 added, 0 changed, 0 retired, 0 returned, 0 left as they are.',
    ]);
  });

  it('provides it while the database is open elsewhere, and has nothing to do the second time', async () => {
    await using server = await openDatabase({ url: join(data(), 'signalbox.db') });
    await server.ping();
    const first = await signalbox('provision', '--json');
    assert.deepEqual([first.code, first.errors], [0, []]);
    assert.deepEqual(first.json()['added'], [
      { key: 'status-page/obs', name: 'Object Storage', region: 'Reg1' },
      { key: 'status-page/servers-reg1', name: 'Servers', region: 'Reg1' },
    ]);
    assert.equal((await signalbox('provision', '--dry-run')).code, 0);
    const again = await signalbox('provision');
    assert.deepEqual([again.code, again.lines.length], [0, 1]);
  });

  it('shows changes field by field and retires what vanished', async () => {
    const file = join(folder, 'other.yaml');
    await writeFile(file, 'components: [{key: obs, name: "Buc\\u0009kets", attributes: {region: Reg1}}]');
    const wrong = await signalbox('provision', file);
    assert.equal(wrong.code, 2);
    assert.match(wrong.errors.join('\n'), /other\.yaml has one mistake:\n {2}components\[0\]\.name \(line 1, 31\)/);
    assert.equal(((await signalbox('provision', file, '--json')).json()['mistakes'] as unknown[]).length, 1);
    await writeFile(file, 'components: [{key: obs, name: Buckets, attributes: {region: Reg1}}]');
    const { code, lines } = await signalbox('provision', file);
    assert.equal(code, 0);
    assert.deepEqual(lines, [
      '~ status-page/obs  Buckets (Reg1)',
      '    name: Object Storage → Buckets',
      '    attributes.category: Storage → (none)',
      '- status-page/servers-reg1  Servers (Reg1)',
      '0 added, 1 changed, 1 retired, 0 returned, 0 left as they are.',
    ]);
  });

  it('exports to a new file only, and that file changes nothing', async () => {
    const file = join(folder, 'export.yaml');
    assert.equal((await signalbox('export', file)).code, 0);
    await assert.rejects(signalbox('export', file), { code: 'conflict' });
    const printed = await signalbox('export');
    assert.equal(printed.lines.join('\n'), (await readFile(file, 'utf8')).trimEnd());
    assert.equal((await signalbox('provision', file, '--dry-run')).code, 0);
  });

  it('says what a purge would remove, and removes nothing', async () => {
    const plan = '2 components and 0 incidents, with everything that belongs to them';
    for (const argv of [['--dry-run'], ['--dry-run', '--yes']]) {
      const { code, lines, errors } = await signalbox('purge', ...argv);
      assert.deepEqual([code, lines], [0, [`Would remove ${plan}.`]]);
      assert.deepEqual(errors, ['Nothing was removed: this was a dry run.']);
    }
    const { code, json } = await signalbox('purge', '--dry-run', '--json');
    assert.deepEqual([code, json()], [0, { dryRun: true, components: 2, incidents: 0 }]);
    assert.match((await signalbox('export')).lines.join('\n'), /obs/);
  });

  it('purges only when told to', async () => {
    const unasked = await signalbox('purge');
    assert.equal(unasked.code, 1);
    assert.match(unasked.errors.join(), /Nothing was removed\. Add --yes to remove 2 components and 0 incidents/);
    const { code, json } = await signalbox('purge', '--yes', '--json');
    assert.deepEqual([code, json()], [0, { components: 2, incidents: 0 }]);
    assert.deepEqual((await signalbox('export')).lines.join('\n'), 'version: 1\ncomponents: []');
  });

  it('explains itself, and ends with 2 when it was called wrongly', async () => {
    for (const argv of [[], ['provision', 'a', 'b'], ['export', 'a', 'b'], ['purge', 'x'], ['toString']]) {
      const { code, lines, errors } = await signalbox(...argv);
      assert.deepEqual([code, lines], [2, []], argv.join(' '));
      assert.match(errors.join(), /^Usage/);
    }
    const help = await signalbox('--help');
    assert.equal(help.code, 0);
    assert.match(help.lines.join(), /--dry-run/);
  });
});
