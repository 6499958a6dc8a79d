import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { type Config, loadConfig, requireConfig } from './load-config.ts';
import type { Mistake } from './read/mistake.ts';
import { secret } from './values.ts';

const Lab = z
  .object({
    projects: z
      .array(
        z.object({
          id: z.int().describe('Number'),
          token: secret({ minLength: 12 }).describe('Token'),
          title: z.string().optional().describe('Title'),
          colours: z.record(z.string(), z.string()).default({}).describe('Colours'),
        }),
      )
      .default([])
      .describe('Projects'),
    mode: z.enum(['stable', 'content']).default('stable').describe('Mode'),
    quick: z.boolean().default(false).describe('Quick'),
    place: z.union([z.int(), z.string()]).default(1).describe('Number or path'),
  })
  .prefault({})
  .describe('A lab');
const sections = { lab: Lab, 'status-page': z.object({ days: z.int().default(90).describe('Days') }).prefault({}) };

const WHERE = { SIGNALBOX__HTTP__PUBLIC_URL: 'https://status.example.org' };
const TOKEN = 'glpat-4nHk2zQeW7';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
});
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function load(yaml: string, env: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(file, yaml);
  return loadConfig({ file, env, sections, folder });
}

function good(yaml: string, env: Record<string, string> = {}): Config & { lab: z.output<typeof Lab> } {
  const result = load(yaml, { ...WHERE, ...env });
  if (!result.ok) assert.fail(JSON.stringify(result.mistakes, null, 2));
  return result.config as Config & { lab: z.output<typeof Lab> };
}

function mistakes(yaml: string, env: Record<string, string> = {}): Mistake[] {
  const result = load(yaml, { ...WHERE, ...env });
  if (result.ok) assert.fail('expected mistakes');
  return result.mistakes;
}

function only(yaml: string, env: Record<string, string> = {}): Mistake {
  const [first, ...more] = mistakes(yaml, env);
  assert.deepEqual(more, []);
  assert.ok(first);
  return first;
}

describe('a configuration', () => {
  it('needs nothing but the public address', () => {
    const config = good('');
    assert.deepEqual(config.http.listen, { host: '127.0.0.1', port: 8080 });
    assert.equal(config.http.public_url, 'https://status.example.org');
    assert.equal(config.data.folder, join(folder, 'data'));
    assert.equal(config.database.url, `sqlite:${join(folder, 'data', 'signalbox.db')}`);
    assert.equal(config.database.backup.folder, join(folder, 'data', 'backups'));
    assert.equal(config.site.timezone, Intl.DateTimeFormat().resolvedOptions().timeZone);
    assert.deepEqual(config.lab.projects, []);
    assert.deepEqual(config['status-page'], { days: 90 });
    assert.equal(config.demo, false);
  });

  it('says what is missing when there is nothing at all', () => {
    const result = loadConfig({ env: {}, sections: {} });
    assert.ok(!result.ok);
    assert.deepEqual(result.mistakes, [
      {
        path: 'http.public_url',
        problem: 'is missing',
        remedy: 'Give it here or in the variable SIGNALBOX__HTTP__PUBLIC_URL.',
      },
    ]);
  });

  it('does without a public address in the demo and for commands', () => {
    const demo = loadConfig({ env: { PORT: '9000' }, sections: {}, purpose: 'demo' });
    assert.ok(demo.ok);
    assert.equal(demo.config.http.public_url, 'http://127.0.0.1:9000');
    assert.equal(demo.config.demo, true);
    const tool = loadConfig({ env: {}, sections: {}, purpose: 'tool' });
    assert.ok(tool.ok && !tool.config.demo);
  });

  it('is frozen to its last entry', () => {
    const config = good(`lab: { projects: [{ id: 1, token: ${TOKEN} }] }`);
    assert.throws(() => Object.assign(config.http, { public_url: 'x' }), TypeError);
    assert.throws(() => Object.assign(config.lab.projects[0] ?? {}, { id: 2 }), TypeError);
    assert.throws(() => (config.lab.projects as unknown[]).push(1), TypeError);
  });

  it('takes what the program gives below the file and the environment', () => {
    const file = join(folder, 'above.yaml');
    writeFileSync(file, 'lab: { mode: content }\n');
    const values = {
      http: { public_url: 'http://a.example' },
      lab: { mode: 'stable', quick: true },
      site: { title: `\${X}` },
    };
    const result = loadConfig({ file, values, env: { SIGNALBOX__HTTP__LISTEN: ':1' }, sections, folder });
    assert.ok(result.ok);
    assert.deepEqual(result.config['lab'], { projects: [], mode: 'content', quick: true, place: 1 });
    assert.equal(result.config.http.listen.port, 1);
    assert.equal(result.config.site.title, `\${X}`);
  });

  it('honours PORT unless the whole address is given', () => {
    assert.deepEqual(good('', { PORT: '9090' }).http.listen, { host: '127.0.0.1', port: 9090 });
    const both = { PORT: '9090', SIGNALBOX__HTTP__LISTEN: '[::1]:7000' };
    assert.deepEqual(good('', both).http.listen, { host: '::1', port: 7000 });
    assert.equal(only('', { PORT: '90900' }).variable, 'PORT');
  });

  it('honours SIGNALBOX_DATA', () => {
    const config = good('data: { folder: elsewhere }', { SIGNALBOX_DATA: '/srv/signalbox' });
    assert.equal(config.data.folder, '/srv/signalbox');
    assert.equal(config.database.url, 'sqlite:/srv/signalbox/signalbox.db');
  });

  it('takes a section whose keys are all commented out', () => {
    assert.equal(good('log:\n  # level: debug\nlab:\n').log.level, 'info');
  });

  it('refuses a file that is not there, and says how to make one', () => {
    const options = { file: join(folder, 'none.yaml'), env: {}, sections };
    assert.throws(() => loadConfig(options), { name: 'AppError', code: 'not_found', message: /signalbox init/ });
  });

  it('throws all mistakes as one error for commands', () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'lab: { projects: [{ id: x, token: glpat-4nHk2zQeW7 }], mod: stable }\n');
    assert.throws(
      () => requireConfig({ file, env: {}, sections }),
      (error: Error & { fields: { pointer: string }[] }) => {
        assert.match(error.message, /has 3 mistakes/);
        assert.deepEqual(error.fields.map((field) => field.pointer).sort(), [
          '/http/public_url',
          '/lab/mod',
          '/lab/projects/0/id',
        ]);
        return true;
      },
    );
  });
});

describe('mistakes', () => {
  it('come all at once, in the order of the file, with line and column', () => {
    const found = mistakes(
      'site:\n  titel: Lab\nlog:\n  level: inof\nlab:\n  projects:\n    - id: one\n      token: short\n',
    );
    assert.deepEqual(
      found.map(({ path, line, column }) => ({ path, line, column })),
      [
        { path: 'site.titel', line: 2, column: 3 },
        { path: 'log.level', line: 4, column: 3 },
        { path: 'lab.projects[0].id', line: 7, column: 7 },
        { path: 'lab.projects[0].token', line: 8, column: 7 },
      ],
    );
    assert.deepEqual(found.map(({ remedy }) => remedy).slice(0, 2), ['Did you mean title?', 'Did you mean info?']);
    assert.equal(found[2]?.value, '"one"');
    assert.match(found[3]?.problem ?? '', /at least 12 characters/);
  });

  it('come all at once beside a key that stands there twice', () => {
    const found = mistakes('site:\n  titel: Lab\n  title: A\n  title: B\nlog: { level: inof }\nlog: { levle: info }\n');
    assert.deepEqual(
      found.map(({ path, line, problem }) => `${line} ${path}: ${problem}`),
      [
        '2 site.titel: there is no such key',
        '4 site.title: the key stands here a second time',
        '5 log.level: is not one of fatal, error, warn, info, debug, trace, silent',
        '6 log: the key stands here a second time',
        '6 log.levle: there is no such key',
      ],
    );
  });

  it('do not miss what the second group of the same name gives', () => {
    const result = load('http: { listen: ":80" }\nhttp: { public_url: "https://a.example" }\n');
    assert.ok(!result.ok);
    assert.deepEqual(
      result.mistakes.map(({ path, remedy }) => `${path}: ${remedy}`),
      ['http: Remove one; the first is in line 1.'],
    );
    assert.equal(only('http:\nhttp: { public_url: "https://a.example" }\n').path, 'http');
  });

  it('tell once of a value that cannot be read', () => {
    assert.deepEqual(
      mistakes('lab: { projects: [{ id: *none, token: short }] }\n').map(({ path }) => path),
      ['lab.projects[0].id', 'lab.projects[0].token'],
    );
  });

  it('name a key that belongs into another section', () => {
    assert.match(only('site:\n  public_url: https://a.example\n').remedy, /http\.public_url/);
    assert.equal(only('htpp: { }').remedy, 'Did you mean http?');
  });

  it('never show a secret or what may be a misspelt one', () => {
    const text = JSON.stringify(
      mistakes(
        `lab: { projects: [{ id: 1, token: hunter2 }] }\nsmtp: { pasword: hunter2, password: 12 }\nhunter: hunter2\n`,
      ),
    );
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /\[hidden\]/);
  });

  it('do not quote the file where its syntax is broken', () => {
    const found = mistakes('lab:\n  token: "hunter2" hunter2\n   x: [hunter2\n');
    assert.ok(found.length > 0);
    assert.ok(found.every((mistake) => mistake.line !== undefined));
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
  });

  it('do not show the credentials of an address', () => {
    const url = 'https://signalbox:hunter2@status.example.org';
    const mistake = only('', { SIGNALBOX__HTTP__PUBLIC_URL: url });
    assert.equal(mistake.value, '"https://[hidden]@status.example.org"');
  });

  it('tell a number or text in the wrong place apart', () => {
    assert.deepEqual(only('site: { title: 2024 }'), {
      path: 'site.title',
      line: 1,
      column: 9,
      value: '2024',
      problem: 'must be a text',
      remedy: 'Write it in quotes: "2024".',
    });
    assert.match(only('log: 5').problem, /group of keys/);
  });
});
