/**
 * Tests the import rules themselves: in a temporary tree it plants one offence per rule and expects each rule to fire
 * exactly once, for that offence and nothing else.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import configuration from '../.dependency-cruiser.mjs';

/** A tree that keeps every rule. Paths are relative to the temporary folder; the text is the file's imports. */
const SOUND = {
  'src/main.ts': ['./app/app.ts'],
  'src/app/app.ts': ['../core/index.ts', './modules.ts', 'fastify'],
  'src/app/modules.ts': ['../modules/alpha/index.ts', '../modules/beta/index.ts'],
  'src/core/index.ts': ['./word.ts'],
  'src/core/word.ts': [],
  'src/platform/database/index.ts': ['./open.ts'],
  'src/platform/database/open.ts': ['kysely', 'node:sqlite'],
  'src/platform/log/index.ts': ['../../core/index.ts'],
  'src/connectors/gitlab/index.ts': ['./client.ts'],
  'src/connectors/gitlab/client.ts': ['../../platform/log/index.ts', '../../core/index.ts'],
  'src/connectors/mqtt/index.ts': ['../../core/index.ts'],
  'src/modules/alpha/index.ts': ['./web/page.ts', './listeners.ts', '../../connectors/gitlab/index.ts'],
  'src/modules/alpha/listeners.ts': ['./actions/open.ts', '../beta/contract.ts'],
  'src/modules/alpha/web/page.ts': ['../store/thing-read.ts', '../actions/open.ts'],
  'src/modules/alpha/actions/open.ts': ['../store/thing-store.ts', '../domain/rule.ts'],
  'src/modules/alpha/store/thing-store.ts': ['kysely', '../../../platform/database/index.ts'],
  'src/modules/alpha/store/thing-read.ts': ['../domain/rule.ts'],
  'src/modules/alpha/domain/rule.ts': ['../../../core/index.ts'],
  'src/modules/beta/index.ts': ['./contract.ts', '../../connectors/mqtt/index.ts'],
  'src/modules/beta/contract.ts': ['../../core/index.ts'],
  'test/support/helper.ts': ['../../src/app/app.ts', 'pretend-dev'],
};

/** rule → [the file that breaks it, what it imports]. Each file is new, so that no other rule sees it. */
const OFFENCES = {
  'no-cycles': ['src/platform/log/circle.ts', './circle-back.ts'],
  'core-knows-nobody': ['src/core/reader.ts', 'node:fs'],
  'core-through-its-door': ['src/platform/log/peek.ts', '../../core/word.ts'],
  'platform-knows-only-core': ['src/platform/log/upwards.ts', '../../modules/beta/index.ts'],
  'connectors-know-no-module': ['src/connectors/mqtt/upwards.ts', '../../modules/beta/index.ts'],
  'connectors-do-not-meet': ['src/connectors/mqtt/sideways.ts', '../gitlab/index.ts'],
  'modules-meet-through-contract': ['src/modules/alpha/actions/meet.ts', '../../beta/index.ts'],
  'contract-is-types-only': ['src/modules/gamma/contract.ts', '../../platform/log/index.ts'],
  'app-uses-the-door': ['src/app/peek.ts', '../connectors/gitlab/client.ts'],
  'shared-code-uses-the-door': ['src/modules/alpha/actions/peek.ts', '../../../connectors/gitlab/client.ts'],
  'platform-parts-use-doors': ['src/platform/log/behind.ts', '../database/open.ts'],
  'connector-uses-platform-door': ['src/connectors/mqtt/behind.ts', '../../platform/database/open.ts'],
  'nobody-imports-app': ['src/modules/alpha/actions/root.ts', '../../../app/app.ts'],
  'domain-is-pure': ['src/modules/alpha/domain/hash.ts', 'node:crypto'],
  'web-does-not-write': ['src/modules/alpha/web/write.ts', '../store/thing-store.ts'],
  'actions-do-not-know-web': ['src/modules/alpha/actions/show.ts', '../web/page.ts'],
  'store-is-below-actions': ['src/modules/alpha/store/up.ts', '../actions/open.ts'],
  'sql-only-in-store': ['src/modules/alpha/actions/query.ts', 'pg'],
  'http-only-at-the-edge': ['src/connectors/gitlab/serve.ts', 'fastify'],
  'no-dev-deps-in-src': ['src/app/developer.ts', 'pretend-dev'],
  'src-does-not-import-test': ['src/app/helped.ts', '../../test/support/helper.ts'],
  resolvable: ['src/app/nowhere.ts', './there-is-no-such-file.ts'],
  'no-orphans': ['src/platform/log/alone.ts', null],
};

/** The second file of an offence that takes two. */
const ACCOMPLICES = { 'src/platform/log/circle-back.ts': ['./circle.ts'] };

function sourceOf(imports) {
  return [
    ...imports.map((to, i) => `import type * as m${i} from '${to}';\nexport type T${i} = typeof m${i};`),
    'export const here = 1;',
    '',
  ].join('\n');
}

async function plant(root) {
  const put = async (file, content) => {
    const full = path.join(root, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
  };
  for (const [file, imports] of Object.entries(SOUND)) await put(file, sourceOf(imports));
  for (const [file, imports] of Object.entries(ACCOMPLICES)) await put(file, sourceOf(imports));
  for (const [file, to] of Object.values(OFFENCES)) await put(file, sourceOf(to === null ? [] : [to]));
  for (const name of ['fastify', 'kysely', 'pg', 'pretend-dev']) {
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await put(`node_modules/${name}/index.js`, 'exports.here = 1;\n');
  }
  await put(
    'package.json',
    JSON.stringify({
      name: 'planted',
      type: 'module',
      dependencies: { fastify: '*', kysely: '*', pg: '*' },
      devDependencies: { 'pretend-dev': '*' },
    }),
  );
}

async function violationsIn(root) {
  const { tsConfig: _unused, ...options } = configuration.options;
  const { output } = await cruise(['src', 'test'], {
    ...options,
    validate: true,
    baseDir: root,
    ruleSet: { forbidden: configuration.forbidden, options: {} },
  });
  return output.summary.violations.map((violation) => ({ rule: violation.rule.name, from: violation.from }));
}

/** What is wrong with the rules, one line each. */
function complaints(violations) {
  const lines = [];
  const names = configuration.forbidden.map((rule) => rule.name);
  for (const name of names) if (!(name in OFFENCES)) lines.push(`${name}: no offence is planted for this rule`);
  for (const [rule, [file]] of Object.entries(OFFENCES)) {
    if (!names.includes(rule)) lines.push(`${rule}: planted, but there is no such rule`);
    const fired = violations.filter((violation) => violation.rule === rule);
    // A cycle is reported once from each of its files.
    const sites = new Set(fired.map(({ from }) => (from in ACCOMPLICES ? file : from)));
    if (!sites.has(file)) lines.push(`${rule}: did not fire for ${file}`);
    for (const site of sites) if (site !== file) lines.push(`${rule}: fired for ${site}, which keeps it`);
  }
  return lines;
}

const root = await mkdtemp(path.join(tmpdir(), 'signalbox-boundaries-'));
try {
  await plant(root);
  const lines = complaints(await violationsIn(root));
  for (const line of lines) console.error(line);
  if (lines.length > 0) process.exitCode = 1;
  else console.log(`${Object.keys(OFFENCES).length} import rules, each fired once for its planted offence`);
} finally {
  await rm(root, { recursive: true, force: true });
}
