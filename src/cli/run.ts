import { AppError, UpstreamError } from '../core/index.ts';
import type { Command, Io } from './command.ts';

/** Each command loads only what it needs: `status` does not open a database. */
const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  serve: () => import('./serve.ts'),
  status: () => import('./status.ts'),
  'check-config': () => import('./check-config.ts'),
  init: () => import('./init.ts'),
  migrate: () => import('./migrate.ts'),
  admin: () => import('./admin.ts'),
  token: () => import('./token.ts'),
  catalog: () => import('./catalog.ts'),
  facility: () => import('./facility.ts'),
  import: () => import('./import.ts'),
  page: () => import('./page.ts'),
  mail: () => import('./mail.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
};

const io: Io = {
  print: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
};

/** `signalbox help | head` ends the reader first; that is no fault of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Runs one command line and resolves to its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (name === 'help' || name === '--help' || name === '-h') return help();
  if (name === '--version' || name === '-v') {
    const { VERSION } = await import('../app/version.ts');
    io.print(VERSION);
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    io.error(
      `signalbox: there is no command "${name}". The commands: ${['demo', ...Object.keys(COMMANDS)].join(', ')}.`,
    );
    return 2;
  }
  try {
    const { command } = await load();
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof AppError || error instanceof UpstreamError) io.error(`signalbox ${name}: ${error.message}`);
    else throw error;
    return 2;
  }
}

async function help(): Promise<number> {
  io.print('Usage: signalbox <command> [options]');
  io.print('');
  io.print(`  ${'demo'.padEnd(14)}Run the whole product against bundled simulators, nothing to configure`);
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { command } = await load();
    io.print(`  ${name.padEnd(14)}${command.summary}`);
  }
  io.print('');
  io.print(
    'Most commands take --config FILE (or SIGNALBOX_CONFIG) and use the data folder SIGNALBOX_DATA (default ./data).',
  );
  return 0;
}
