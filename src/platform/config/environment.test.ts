/* eslint-disable no-template-curly-in-string -- such texts are what is tested here */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import * as z from 'zod';
import { loadConfig } from './load-config.ts';
import type { Mistake } from './read/mistake.ts';
import { readSecretFile } from './read/secret-file.ts';
import { secret } from './values.ts';

const Project = z.object({
  id: z.int().optional().describe('Number'),
  token: secret().optional().describe('Token'),
  title: z.string().optional().describe('Title'),
  share: z.number().optional().describe('Share'),
  quick: z.boolean().optional().describe('Quick'),
  place: z.union([z.int(), z.string()]).optional().describe('Number or path'),
  colours: z.record(z.string(), z.string()).optional().describe('Colours'),
  ranges: z.array(z.string()).optional().describe('Ranges'),
});
const sections = {
  lab: z
    .object({ projects: z.array(Project).default([]).describe('Projects') })
    .prefault({})
    .describe('A lab'),
};
type Project = z.output<typeof Project>;

const TOKEN = 'glpat-4nHk2zQeW7';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-env-'));
});
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function load(yaml: string, env: Record<string, string>): ReturnType<typeof loadConfig> {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(file, yaml);
  return loadConfig({ file, env, sections, purpose: 'tool', folder });
}

function projects(yaml: string, env: Record<string, string> = {}): Project[] {
  const result = load(yaml, env);
  if (!result.ok) assert.fail(JSON.stringify(result.mistakes, null, 2));
  return (result.config['lab'] as { projects: Project[] }).projects;
}

function mistake(yaml: string, env: Record<string, string> = {}): Mistake {
  const result = load(yaml, env);
  if (result.ok) assert.fail('expected a mistake');
  assert.equal(result.mistakes.length, 1, JSON.stringify(result.mistakes));
  return result.mistakes[0]!;
}

function fileWith(text: string): string {
  files += 1;
  const file = join(folder, `secret-${files}.txt`);
  writeFileSync(file, text);
  return file;
}

describe('${VARIABLE} in the file', () => {
  it('is filled in, also within a text, and becomes a number where one belongs', () => {
    const yaml = 'lab: { projects: [{ id: "${N}", title: "a ${A} ${A}", quick: "${Q}", place: "${P}" }] }';
    assert.deepEqual(projects(yaml, { N: '7', A: 'b', Q: 'true', P: 'lab/desk' }), [
      { id: 7, title: 'a b b', quick: true, place: 'lab/desk' },
    ]);
  });

  it('cannot bring structure along, only a value', () => {
    assert.deepEqual(projects('lab: { projects: [{ title: "${A}" }] }', { A: 'x, id: 1}, {title: y' }), [
      { title: 'x, id: 1}, {title: y' },
    ]);
    assert.deepEqual(projects('lab: { projects: [{ title: "${A}" }] }', { A: '${B}', B: 'no' }), [{ title: '${B}' }]);
  });

  it('is a mistake when it is not set, named but once', () => {
    const found = mistake('lab:\n  projects:\n    - token: ${GITLAB_TOKEN}\n');
    assert.equal(found.path, 'lab.projects[0].token');
    assert.equal(found.line, 3);
    assert.match(found.problem, /GITLAB_TOKEN is not set/);
  });

  it('is a mistake when it is no name', () => {
    assert.match(mistake('lab: { projects: [{ title: "${a-b}" }] }').problem, /not followed by the name/);
    assert.match(mistake('lab: { projects: [{ title: "${A" }] }', { A: 'x' }).problem, /not followed by the name/);
  });

  it('stands for itself behind another $', () => {
    const yaml = 'lab: { projects: [{ title: "$${A} costs 5$ or ${A}" }] }';
    assert.deepEqual(projects(yaml, { A: 'x' }), [{ title: '${A} costs 5$ or x' }]);
  });

  it('can write every text there is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ' ', 'é') }), (title) => {
        const yaml = stringify({ lab: { projects: [{ title: title.replaceAll('${', () => '$${') }] } });
        assert.deepEqual(projects(yaml, { A: 'filled' }), [{ title }]);
      }),
    );
  });
});

describe('a variable SIGNALBOX__…', () => {
  it('sets any key, whatever its case and underscores', () => {
    const env = {
      SIGNALBOX__LAB__PROJECTS__0__ID: '7',
      signalbox__lab__PROJECTS__0__T_I_T_L_E: '007',
      SIGNALBOX__Lab__Projects__0__Colours__RED: 'stop',
      SIGNALBOX__LAB__PROJECTS__0__RANGES__0: 'a',
      SIGNALBOX__LAB__PROJECTS__0__RANGES__1: 'b',
      SIGNALBOX__AVAILABILITY__DOWN_FROM: 'degraded',
    };
    assert.deepEqual(projects('', env), [{ id: 7, title: '007', colours: { red: 'stop' }, ranges: ['a', 'b'] }]);
    const result = load('', env);
    assert.ok(result.ok && result.config.availability.downFrom === 'degraded');
  });

  it('counts instead of the file and leaves the rest of it', () => {
    const yaml = 'lab: { projects: [{ id: 1, title: file }, { id: 2 }] }';
    assert.deepEqual(projects(yaml, { SIGNALBOX__LAB__PROJECTS__0__TITLE: 'variable' }), [
      { id: 1, title: 'variable' },
      { id: 2 },
    ]);
  });

  it('may give a whole list or group', () => {
    const env = { SIGNALBOX__LAB__PROJECTS: '[{ id: 3, title: "${X}", ranges: [a] }]' };
    assert.deepEqual(projects('lab: { projects: [{ id: 1 }] }', env), [{ id: 3, title: '${X}', ranges: ['a'] }]);
    assert.equal(mistake('', { SIGNALBOX__LAB__PROJECTS: '[{' }).variable, 'SIGNALBOX__LAB__PROJECTS');
  });

  it('keeps texts that look like something else', () => {
    for (const title of ['true', '1e3', 'null', '[a]', '~', '', ' x ', '${A}', 'a: b', '#no comment']) {
      assert.deepEqual(projects('', { SIGNALBOX__LAB__PROJECTS__0__TITLE: title }), [{ title }]);
    }
  });

  it('numbers eleven entries in their order', () => {
    const env = Object.fromEntries(
      Array.from({ length: 11 }, (_, n) => [`SIGNALBOX__LAB__PROJECTS__${n}__ID`, String(n)]),
    );
    assert.deepEqual(
      projects('', env).map(({ id }) => id),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  for (const [name, problem, remedy] of [
    ['SIGNALBOX__LAP__PROJECTS__0__ID', /no such section/, /Did you mean LAB\?/],
    ['SIGNALBOX__LAB__PROJECTS__0__TITEL', /no such key in lab\.projects\[0\]/, /Did you mean TITLE\?/],
    ['SIGNALBOX__LAB__PROJECTS__5__ID', /cannot be in lab\.projects/, /the next one here is 0/],
    ['SIGNALBOX__LAB__PROJECTS__X__ID', /cannot be in lab\.projects/, /numbered from 0/],
    ['SIGNALBOX__LAB__PROJECTS__0__ID__X', /no such key in lab\.projects\[0\]\.id/, /Remove the variable/],
    ['SIGNALBOX__LAB__PROJECTS__0__ID_FILE', /no such key/, /There are: id/],
    ['SIGNALBOX__', /no such section/, /There are: site/],
    ['SIGNALBOX__LAB__PROJECTS__0__COLOURS__CONSTRUCTOR', /no such key/, /./],
    ['SIGNALBOX__CONSTRUCTOR__NAME', /no such section/, /./],
  ] as const) {
    it(`is refused as ${name}`, () => {
      const found = mistake('', { [name]: '1' });
      assert.equal(found.variable, name);
      assert.match(found.problem, problem);
      assert.match(found.remedy, remedy);
    });
  }

  it('is named where its value is wrong', () => {
    const found = mistake('', { SIGNALBOX__LAB__PROJECTS__0__ID: 'seven' });
    assert.deepEqual(found, {
      path: 'lab.projects[0].id',
      variable: 'SIGNALBOX__LAB__PROJECTS__0__ID',
      value: '"seven"',
      problem: 'must be a number',
      remedy: 'What belongs here: Number.',
    });
  });

  it('can say what the file can say', () => {
    const text = fc.string({ maxLength: 20 });
    const project = fc.record(
      {
        id: fc.integer(),
        title: text,
        share: fc.double({ noNaN: true, noDefaultInfinity: true }),
        quick: fc.boolean(),
        colours: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, {
          minKeys: 1,
          maxKeys: 3,
          noNullPrototype: true,
        }),
        ranges: fc.array(text, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['id'], noNullPrototype: true },
    );
    const named = fc
      .array(project, { minLength: 1, maxLength: 3 })
      // Keys of an object's prototype are refused, and -0 is written 0.
      .filter((list) => !JSON.stringify(list).includes('constructor'));
    fc.assert(
      fc.property(named, (list) => {
        const wanted = JSON.parse(JSON.stringify(list)) as unknown;
        const escaped = JSON.parse(JSON.stringify(list).replaceAll('${', () => '$${')) as unknown;
        assert.deepEqual(projects(stringify({ lab: { projects: escaped } })), wanted);
        assert.deepEqual(projects('', variables(wanted, 'SIGNALBOX__LAB__PROJECTS')), wanted);
        assert.deepEqual(projects('', { SIGNALBOX__LAB__PROJECTS: JSON.stringify(wanted) }), wanted);
      }),
      { numRuns: 60 },
    );
  });
});

function variables(value: unknown, name: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) return { [name]: String(value) };
  const inner = Object.entries(value).map(([key, below]) => variables(below, `${name}__${key.toUpperCase()}`));
  return Object.fromEntries(inner.flatMap((one) => Object.entries(one)));
}

describe('a secret', () => {
  it('may stand in a file, without the line ends behind it', () => {
    for (const ending of ['', '\n', '\r\n', '\n\n']) {
      const file = fileWith(TOKEN + ending);
      assert.deepEqual(projects(`lab: { projects: [{ token_file: ${file} }] }`), [{ token: TOKEN }]);
      assert.deepEqual(projects('', { SIGNALBOX__LAB__PROJECTS__0__TOKEN_FILE: file }), [{ token: TOKEN }]);
    }
    assert.deepEqual(projects('lab: { projects: [{ token_file: "${DIR}/t" }] }', { DIR: spaced(` ${TOKEN} `) }), [
      { token: ` ${TOKEN} ` },
    ]);
  });

  function spaced(text: string): string {
    files += 1;
    const inner = join(folder, `dir ${files}`);
    mkdirSync(inner);
    writeFileSync(join(inner, 't'), text);
    return inner;
  }

  it('is looked for beside the configuration file', () => {
    const name = fileWith(TOKEN).slice(folder.length + 1);
    assert.deepEqual(projects(`lab: { projects: [{ token_file: ${name} }] }`), [{ token: TOKEN }]);
  });

  it('of the environment counts instead of the one of the file, however each is given', () => {
    const file = fileWith(TOKEN);
    const own = 'lab: { projects: [{ token: other-4nHk2zQeW7 }] }';
    assert.deepEqual(projects(own, { SIGNALBOX__LAB__PROJECTS__0__TOKEN_FILE: file }), [{ token: TOKEN }]);
    const twin = 'lab: { projects: [{ token_file: /nowhere }] }';
    assert.deepEqual(projects(twin, { SIGNALBOX__LAB__PROJECTS__0__TOKEN: TOKEN }), [{ token: TOKEN }]);
  });

  it('cannot be given twice', () => {
    const file = fileWith(TOKEN);
    assert.match(mistake(`lab: { projects: [{ token: ${TOKEN}, token_file: ${file} }] }`).problem, /only one of them/);
    const both = { SIGNALBOX__LAB__PROJECTS__0__TOKEN: TOKEN, SIGNALBOX__LAB__PROJECTS__0__TOKEN_FILE: file };
    assert.match(mistake('', both).problem, /only one of them/);
  });

  it('in a file that cannot be read is a mistake that says how', () => {
    const found = mistake('lab:\n  projects:\n    - token_file: /var/nowhere/token\n');
    assert.deepEqual(found, {
      path: 'lab.projects[0].token_file',
      line: 3,
      column: 7,
      problem: 'names a file that does not exist',
      remedy: 'Create /var/nowhere/token, readable by the user Signalbox runs as.',
    });
    assert.match(mistake(`lab: { projects: [{ token_file: ${folder} }] }`).problem, /names a folder/);
    assert.match(mistake('lab: { projects: [{ token_file: [] }] }').problem, /not the path/);
    assert.match(mistake(`lab: { projects: [{ token_file: ${fileWith('x'.repeat(70_000))} }] }`).problem, /64 kB/);
  });

  it('in a file of somebody else is a mistake', () => {
    const file = fileWith(TOKEN);
    chmodSync(file, 0);
    // Root may read everything, so it becomes nobody for a moment.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      const read = readSecretFile(file, file);
      assert.ok('problem' in read);
      assert.equal(read.problem, 'names a file this user may not read');
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  it('put where its file belongs is not repeated', () => {
    const found = mistake(`lab: { projects: [{ token_file: ${TOKEN} }] }`);
    assert.doesNotMatch(JSON.stringify(found), new RegExp(TOKEN));
  });

  for (const known of [
    'changeme',
    'CHANGE-ME-PLEASE',
    'DUMMY_SECRET',
    'secret',
    'password',
    'your-secret-token',
    'xxxxxxxxxxxx',
    'glpat-xxxxxxxxxxxxxxxxxxxx',
    '<your token>',
    '0000000000000000',
    '123456789',
  ]) {
    it(`is refused when it is ${known}`, () => {
      const found = mistake(`lab: { projects: [{ token: "${known}" }] }`);
      assert.match(found.problem, /default that everybody knows|at least 8/);
      assert.doesNotMatch(JSON.stringify(found), new RegExp(known.replace(/[^a-z0-9]/gi, '.')));
      assert.match(mistake(`lab: { projects: [{ token: "\${T}" }] }`, { T: known }).path, /token$/);
      assert.match(mistake(`lab: { projects: [{ token_file: ${fileWith(known)} }] }`).path, /token$/);
    });
  }

  it('is refused when it is empty or short', () => {
    for (const token of ['', 'aB3$x'])
      assert.match(mistake(`lab: { projects: [{ token: "${token}" }] }`).problem, /at least 8/);
    assert.match(mistake('lab: { projects: [{ token: "${T}" }] }', { T: '' }).problem, /at least 8/);
  });

  it('that was made at random is taken', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{32}$/), (token) => {
        assert.deepEqual(projects(`lab: { projects: [{ token: "${token}" }] }`), [{ token }]);
      }),
      { numRuns: 50 },
    );
  });

  it('in the address of a database is refused when everybody knows it', () => {
    const url = 'postgres://signalbox:changeme@db.example.org/signalbox';
    const found = mistake('', { SIGNALBOX__DATABASE__URL: url });
    assert.equal(found.path, 'database.url');
    assert.doesNotMatch(JSON.stringify(found), /signalbox:changeme/);
  });
});
