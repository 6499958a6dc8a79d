/**
 * Everything that can be said about the sources without running them. Prints failures only.
 *   npm run verify              all checks
 *   npm run verify lint types   some of them
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.join(import.meta.dirname, '..');
const tool = (name) => path.join('node_modules', '.bin', name);

/** The long ones first, so that they do not wait for the short. */
const CHECKS = [
  ['lint', tool('eslint'), '.'],
  ['types', tool('tsc'), '-p', '.', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo'],
  [
    'types-browser',
    tool('tsc'),
    '-p',
    'test/browser',
    '--incremental',
    '--tsBuildInfoFile',
    '.cache/browser.tsbuildinfo',
  ],
  ['dead-code', tool('knip'), '--no-progress'],
  ['boundaries', tool('depcruise'), '--config', '.dependency-cruiser.mjs', 'src', 'test', 'simulators', 'bench'],
  ['planted-offences', 'script/check-boundaries.mjs'],
  ['format', tool('biome'), 'ci', '--colors=off', '.'],
  ['generated', 'script/generate.mjs', '--check'],
  ['docs', 'script/check-docs.mjs'],
  ['security-tests', 'script/check-security-tests.mjs'],
  ['commits', 'script/check-commit.mjs'],
  ['repository', 'script/check-repository.mjs'],
];

async function run([name, file, ...args]) {
  const started = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const { promise, resolve } = Promise.withResolvers();
  child.once('close', resolve);
  const output = (await Promise.all([text(child.stdout), text(child.stderr)])).join('').trim();
  return { name, passed: (await promise) === 0, output, seconds: (performance.now() - started) / 1000 };
}

/** Results in the order of the list; `names` empty: all. */
export async function verify(names = []) {
  const unknown = names.filter((name) => !CHECKS.some(([known]) => known === name));
  if (unknown.length > 0)
    throw new Error(`No such check: ${unknown.join(', ')}. ${CHECKS.map(([n]) => n).join(', ')}.`);
  const waiting = CHECKS.filter(([name]) => names.length === 0 || names.includes(name));
  const order = waiting.map(([name]) => name);
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) results.push(await run(check));
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  return results.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export function printFailures(results) {
  for (const { name, passed, output } of results) if (!passed) console.log(`── ${name} ──\n${output}\n`);
}

if (import.meta.main) {
  const started = performance.now();
  const results = await verify(process.argv.slice(2));
  printFailures(results);
  const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
  const took = `${((performance.now() - started) / 1000).toFixed(0)} s`;
  console.log(
    failed.length === 0
      ? `${results.length} checks passed in ${took}.`
      : `${failed.length} of ${results.length} checks failed in ${took}: ${failed.join(', ')}.`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
