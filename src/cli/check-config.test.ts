import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { uncommentedExample } from '../../test/support/uncommented-example.ts';
import { modules } from '../app/modules.ts';
import { loadConfig, undescribedKeys } from '../platform/config/index.ts';
import { command as checkConfig } from './check-config.ts';
import type { Command } from './command.ts';
import { command as init } from './init.ts';

const EXAMPLE = join(import.meta.dirname, '../../signalbox.example.yaml');

async function run(command: Command, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await command.run(argv, { print: (line) => out.push(line), error: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
});
after(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, 'checked.yaml');
  writeFileSync(file, text);
  return file;
}

describe('the configuration of every module', () => {
  it('says what each of its keys means', () => {
    assert.deepEqual(undescribedKeys(Object.fromEntries(modules.map((module) => [module.name, module.config]))), []);
  });
});

describe('signalbox check-config', () => {
  it('finds the example in the repository good', async () => {
    assert.deepEqual(await run(checkConfig, EXAMPLE), { code: 0, out: `${EXAMPLE} is good.`, err: '' });
  });

  it('finds it good with every comment sign taken off too', async () => {
    const secrets = [
      ...['DATABASE_PASSWORD', 'SMTP_PASSWORD', 'OIDC_CLIENT_SECRET', 'LEGACY_TOKENS_SECRET', 'ALERTMANAGER_TOKEN'],
      ...['INTEGRATIONS', 'PROJECTS'].flatMap((owner) => [`${owner}_TOKEN`, `${owner}_HOOK_TOKEN`]),
    ];
    const env = Object.fromEntries(secrets.map((name) => [name, 'f81d4fae7decf81d4fae7decf81d4fae7dec']));
    const signing = 'whsec_ZjgxZDRmYWU3ZGVjZjgxZDRmYWU3ZGVj';
    const file = fileWith(uncommentedExample(readFileSync(EXAMPLE, 'utf8'), folder));
    const result = loadConfig({
      file,
      env: { ...env, INTEGRATIONS_SIGNING_TOKEN: signing, PROJECTS_SIGNING_TOKEN: signing },
      sections: Object.fromEntries(modules.map((module) => [module.name, module.config])),
    });
    assert.ok(result.ok, JSON.stringify(result, null, 2));
    assert.equal((result.config['facility'] as { projects: unknown[] }).projects.length, 1);
    assert.equal((result.config['status-page'] as { alertmanager: unknown[] }).alertmanager.length, 1);
  });

  it('ends with 1 and tells every mistake with its place and remedy', async () => {
    const file = fileWith('http:\n  public_url: ftp://a.example\nlog:\n  level: inof\nsmpt: {}\n');
    const { code, out, err } = await run(checkConfig, file);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.equal(
      err,
      [
        `${file} has 3 mistakes:`,
        '  http.public_url (line 2, 3): is not an http or https address (here: "ftp://a.example").',
        '      Write for example https://status.example.org or https://example.org/status.',
        '  log.level (line 4, 3): is not one of fatal, error, warn, info, debug, trace, silent (here: "inof").',
        '      Did you mean info?',
        '  smpt (line 5, 1): there is no such key.',
        '      Did you mean smtp?',
      ].join('\n'),
    );
  });

  it('ends no remedy with two dots, and advises no quotes that would not help', async () => {
    const file = fileWith(
      'http: { public_url: https://a.example, listen: 8080 }\nfacility: { projects: [{ integration: lab, project: 0 }] }\n',
    );
    const { err } = await run(checkConfig, file);
    assert.match(err, /http\.listen .*: is not an address to listen on \(here: 8080\)\.\n +Write host:port/);
    assert.match(err, /projects\[0\]\.project .*: must be more than 0/);
    assert.match(err, /projects\[0\]\.integration .*: there is no integration "lab"/, 'also beside another mistake');
    assert.doesNotMatch(err, /\.\.(\n|$)/);
  });

  it('tells a bracket that is not closed from a wrong indentation', async () => {
    assert.match((await run(checkConfig, fileWith('site: [\n'))).err, /bracket or brace is not closed/);
  });

  it('tells the same to programs', async () => {
    const file = fileWith('http: { public_url: https://a.example }\nlog: { level: inof }\n');
    const { code, out } = await run(checkConfig, '--json', file);
    assert.equal(code, 1);
    const mistakes = [
      {
        path: 'log.level',
        line: 2,
        column: 8,
        problem: 'is not one of fatal, error, warn, info, debug, trace, silent',
        remedy: 'Did you mean info?',
        value: '"inof"',
      },
    ];
    assert.deepEqual(JSON.parse(out), { file, ok: false, mistakes });
  });

  it('cannot run without the file it was given', async () => {
    await assert.rejects(run(checkConfig, join(folder, 'none.yaml')), { name: 'AppError', code: 'not_found' });
  });
});

describe('signalbox init', () => {
  it('writes a good configuration that others cannot read, and its schema', async () => {
    const file = join(folder, 'signalbox.yaml');
    const { code, out } = await run(init, file);
    assert.equal(code, 0);
    assert.match(out, /signalbox check-config/);
    assert.equal((await run(checkConfig, file)).code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const schema = JSON.parse(readFileSync(join(folder, 'signalbox.schema.json'), 'utf8')) as { title: string };
    assert.equal(schema.title, 'Signalbox configuration');
  });

  it('does not write over a file unless told to', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, '# mine\n');
    await assert.rejects(run(init, file), { name: 'AppError', code: 'conflict', message: /--force/ });
    assert.equal(readFileSync(file, 'utf8'), '# mine\n');
    assert.equal((await run(init, file, '--force')).code, 0);
    assert.match(readFileSync(file, 'utf8'), /public_url/);
  });

  it('names the folder that is not there', async () => {
    await assert.rejects(run(init, join(folder, 'none', 'x.yaml')), { code: 'not_found', message: /folder .*none/ });
  });
});
