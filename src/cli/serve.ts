import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type App, createApp, modules, untilStopped } from '../app/index.ts';
import { AppError, systemClock } from '../core/index.ts';
import { ensureFirstAdministrator } from '../platform/auth/index.ts';
import { ConfigHolder, configFile, environment } from '../platform/config/index.ts';
import { createLogger } from '../platform/log/index.ts';
import type { Command, Io } from './command.ts';

export const command: Command = {
  name: 'serve',
  summary: 'Run the program with a configuration file',
  run: serve,
};

async function serve(argv: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    io.print('Usage: signalbox serve [--config FILE]');
    io.print(
      'Serves until SIGTERM. SIGHUP reads the configuration again: all of it, or the old one stays and the log says why.',
    );
    return 0;
  }
  const env = environment();
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  const holder = new ConfigHolder({ file: configFile(values.config, env), env, sections, purpose: 'serve' });
  const config = holder.current();
  await mkdir(config.data.folder, { recursive: true, mode: 0o700 });
  const log = createLogger(config.log.level);
  const app = await createApp({ config: () => holder.current(), clock: systemClock, log });
  process.on('SIGHUP', () => reload(holder, log));
  const first = await ensureFirstAdministrator(app.db, app.clock);
  if (first) {
    io.print(`Sign in: ${first.name} ${first.password}`);
    io.print('This password is shown once and has to be changed at the first sign-in.');
  }
  const { host, port } = config.http.listen;
  await listen(app, host, port);
  io.print(`Signalbox: ${config.http.public_url}`);
  log.info({ host, port }, 'ready');
  await untilStopped(() => app.stop(), log);
  return 0;
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'ports below 1024 need the right to bind them',
};

async function listen(app: App, host: string, port: number): Promise<void> {
  try {
    await app.listen(host, port);
  } catch (cause) {
    await app.stop();
    const why = isErrnoException(cause) ? WHY[cause.code ?? ''] : undefined;
    if (why === undefined) throw cause;
    throw new AppError('unavailable', `Cannot listen on ${host}:${port}: ${why}. Set http.listen to another address.`, {
      cause,
    });
  }
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

function reload(holder: ConfigHolder, log: ReturnType<typeof createLogger>): void {
  const result = holder.reload();
  if (!result.ok) log.error({ mistakes: result.mistakes }, 'configuration not loaded, the old one stays');
  else log.info({ needsRestart: result.needsRestart }, 'configuration loaded again');
}
