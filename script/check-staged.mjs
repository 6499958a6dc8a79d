/**
 * The pre-commit check. It runs in a copy of what is staged; argv[2] is the checkout that has the packages.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

const root = process.argv[2];
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

function stagedFiles() {
  return execFileSync('git', ['-C', root, 'diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], {
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '');
}

/** True when the tool was content. Its words are shown only when it was not. */
function passes(title, command, args) {
  const run = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  if (run.status === 0) return true;
  process.stderr.write(`${title}\n${run.stdout}${run.stderr}\n`);
  return false;
}

const files = stagedFiles();
const sources = files.filter((file) => /\.(ts|js|mjs)$/.test(file));
const verdicts = [];
if (files.length > 0) {
  verdicts.push(
    passes('Format (npx biome check --write FILE puts it right):', bin('biome'), [
      'check',
      '--colors=off',
      '--no-errors-on-unmatched',
      ...files,
    ]),
  );
}
if (sources.length > 0) verdicts.push(passes('Lint:', bin('eslint'), ['--no-warn-ignored', ...sources]));
if (files.some((file) => /\.ts$|^tsconfig|^package/.test(file))) {
  const information = path.join(root, '.cache', 'staged.tsbuildinfo');
  // Its tests run partly in a page and know the page's words, so they are a program of their own.
  if (files.some((file) => file.startsWith('test/browser/'))) {
    verdicts.push(passes('Types of the browser tests:', bin('tsc'), ['-p', 'test/browser']));
  }
  verdicts.push(passes('Types:', bin('tsc'), ['-p', '.', '--incremental', '--tsBuildInfoFile', information]));
}
if (verdicts.includes(false)) {
  process.stderr.write('Nothing was committed.\n');
  process.exitCode = 1;
}
