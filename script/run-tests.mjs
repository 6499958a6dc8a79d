/**
 * Runs the parts of script/test, which has made sure that everything they need is there, and sums them up.
 *   --only quick     unit tests that need nothing but Node
 *   --only verify    the checks of `npm run verify`
 *   --only tests     unit, store and acceptance tests with coverage
 *   --only browser   the journeys in a real browser
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../test/support/postgres-server.ts';
import { coverageRows, coverageTable, isTooLow } from './coverage.mjs';
import { stripOnce } from './strip-types.mjs';
import { printFailures, verify } from './verify.mjs';

const root = path.join(import.meta.dirname, '..');
const UNIT = ['src/**/*.test.ts', 'simulators/**/*.test.ts', 'script/**/*.test.mjs'];
const REST = ['test/**/*.test.ts'];
const BROWSER = ['test/**/*.spec.ts'];
/** Long enough for a test that kills and restarts the program, short enough to name one that hangs. */
const TIMEOUT_MS = 180_000;

const total = { passed: 0, failed: 0, skipped: 0 };
function count(result) {
  for (const word of ['passed', 'failed', 'skipped']) total[word] += result[word] ?? 0;
}

/** Everything that tests leave behind lies here and goes at the end. Other users (PostgreSQL's) may pass through. */
const temporary = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
chmodSync(temporary, 0o711);
process.env.TMPDIR = temporary;

/** Where tests put what one of them makes for all, see test/support/migrated-database.ts. */
process.env.SIGNALBOX_TEST_RUN = path.join(temporary, 'shared');
mkdirSync(process.env.SIGNALBOX_TEST_RUN);

const cleanup = [() => rmSync(temporary, { recursive: true, force: true })];
let running = null;
let stripped;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill('SIGTERM');
  });
}

async function runNodeTests(patterns, options = []) {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  const result = path.join(temporary, 'result.json');
  if (files.length === 0 || interrupted) return { passed: 0, failed: 0, skipped: 0, coverage: [] };
  rmSync(result, { force: true });
  // What Node keeps of compiled files are their types taken out as well.
  if (process.env.NODE_COMPILE_CACHE === undefined) stripped ??= stripOnce(root, path.join(temporary, 'stripped'));
  const nodeOptions = [process.env.NODE_OPTIONS, stripped].filter(Boolean).join(' ');
  const env = { ...process.env, NODE_OPTIONS: nodeOptions, SIGNALBOX_TEST_RESULT: result };
  running = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${Math.max(2, availableParallelism())}`,
      `--test-timeout=${TIMEOUT_MS}`,
      '--import=./script/test-watchdog.mjs',
      '--test-reporter=./script/test-reporter.mjs',
      '--test-reporter-destination=stdout',
      ...options,
      ...files,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env },
  );
  const [code] = await once(running, 'exit');
  running = null;
  try {
    const counts = JSON.parse(readFileSync(result, 'utf8'));
    // A run may fail for something that is no test's fault, e.g. a rejection nobody handled.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    return counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, coverage: [] };
  }
}

async function quick() {
  // Here a test that needs a server is left out on purpose, also in continuous integration.
  delete process.env.CI;
  // Each file is a process that loads most of the program; what they compile alike is kept. (Coverage would suffer.)
  process.env.NODE_COMPILE_CACHE ??= path.join(root, '.cache', 'compiled');
  count(await runNodeTests(UNIT));
}

async function checks() {
  const results = await verify();
  printFailures(results);
  for (const { passed } of results) count({ [passed ? 'passed' : 'failed']: 1 });
  checkSystemdUnit();
}

/** The unit names the place where docs/install.md puts the program; here it stands for this checkout. */
function checkSystemdUnit() {
  const unit = path.join(temporary, 'signalbox.service');
  const text = readFileSync(path.join(root, 'deploy/systemd/signalbox.service'), 'utf8');
  writeFileSync(unit, text.replaceAll('/opt/signalbox/', `${root}/`));
  const run = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
  if (run.error !== undefined) count({ skipped: 1 });
  else if (run.status === 0 && run.stderr === '') count({ passed: 1 });
  else {
    count({ failed: 1 });
    console.log(`── systemd unit ──\n${run.stderr}`);
  }
}

async function tests() {
  const result = await runNodeTests(
    [...UNIT, ...REST],
    ['--experimental-test-coverage', '--test-coverage-include=src/**/*.ts', '--test-coverage-exclude=**/*.test.ts'],
  );
  count(result);
  if (interrupted) return;
  const rows = coverageRows(root, result.coverage);
  console.log(`\n${coverageTable(rows)}\n`);
  for (const row of rows.filter(isTooLow)) {
    count({ failed: 1 });
    console.log(`The coverage of ${row.part} is too low.`);
  }
}

async function browser() {
  count(await runNodeTests(BROWSER));
}

async function withPostgres(use) {
  const server = await startPostgres();
  cleanup.unshift(() => server.stop());
  process.env.SIGNALBOX_TEST_POSTGRES = server.url;
  await use();
}

const PARTS = {
  quick,
  verify: checks,
  tests: () => withPostgres(tests),
  browser: () => withPostgres(browser),
  all: () =>
    withPostgres(async () => {
      await checks();
      await tests();
      await browser();
    }),
};

const started = performance.now();
const part = process.argv[2] ?? 'all';
try {
  await PARTS[part]();
} catch (error) {
  console.error(error);
  count({ failed: 1 });
} finally {
  for (const step of cleanup) await step();
}
if (process.env.CI === 'true' && part !== 'quick' && total.skipped > 0) {
  console.log('With CI=true nothing may be skipped.');
  process.exitCode = 1;
}
if (interrupted) process.exitCode = 130;
else if (total.failed > 0) process.exitCode = 1;
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
