/**
 * Loaded into every test file's process. The runner waits for ever for a file whose tests are over but whose process has
 * something left open, and for a process that a file has left behind with its output open; this ends both, and names
 * what was open.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const LONGEST_MS = 300_000;

/** Numbers of the processes that this one has started and that still run. Empty where there is no /proc. */
function children() {
  const tasks = '/proc/self/task';
  try {
    return readdirSync(tasks).flatMap((task) =>
      readFileSync(`${tasks}/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

if (isMainThread && process.env.NODE_TEST_CONTEXT !== undefined) {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`The file still runs after ${LONGEST_MS / 1000} s. What is open: ${open}\n`);
    process.exit(1);
  }, LONGEST_MS).unref();
  process.on('exit', () => children().forEach(kill));
}
