/**
 * Loaded into every test file's process. The runner waits for ever for a file whose tests are over but whose process has
 * something left open; this ends it and names what that is.
 */
import { isMainThread } from 'node:worker_threads';

const LONGEST_MS = 300_000;

if (isMainThread && process.env.NODE_TEST_CONTEXT !== undefined) {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`The file still runs after ${LONGEST_MS / 1000} s. What is open: ${open}\n`);
    process.exit(1);
  }, LONGEST_MS).unref();
}
