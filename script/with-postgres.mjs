/** Runs a command with a PostgreSQL server to test against: script/node script/with-postgres.mjs node --test FILE… */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres } from '../test/support/postgres-server.ts';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('Say what to run: script/node script/with-postgres.mjs node --test FILE…');
  process.exit(2);
}
const server = await startPostgres();
// Ctrl-C reaches the command too; we stay to stop the server.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
try {
  const child = spawn(command === 'node' ? process.execPath : command, args, {
    stdio: 'inherit',
    env: { ...process.env, SIGNALBOX_TEST_POSTGRES: server.url },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}
