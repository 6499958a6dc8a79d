import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, listenOrStop, modules, untilStopped } from '../app/index.ts';
import { AppError, systemClock } from '../core/index.ts';
import { ensureFirstAdministrator } from '../platform/auth/index.ts';
import { ConfigHolder, configFile, environment } from '../platform/config/index.ts';
import { createLogger } from '../platform/log/index.ts';
import { CONFIG, readArguments, showUsage } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { makeDataFolder } from './data-folder.ts';
import { reloadConfiguration } from './reload-configuration.ts';

const USAGE = `Usage: signalbox serve [--config FILE]
Serves until SIGTERM. SIGHUP reads the configuration again: all of it, or the old one stays and the log says why.`;

export const command: Command = {
  name: 'serve',
  summary: 'Run the program with a configuration file',
  run: serve,
};

async function serve(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, CONFIG);
  if (values.help || positionals.length > 0) return showUsage(io, USAGE, values.help);
  const env = environment();
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  const holder = new ConfigHolder({ file: configFile(values.config, env), env, sections, purpose: 'serve' });
  const config = holder.current();
  refuseDemoData(config.data.folder);
  await makeDataFolder(config.data.folder);
  const log = createLogger(config.log.level);
  // Before anything that takes time: without a handler the signal would end the program.
  process.on('SIGHUP', () => reloadConfiguration(holder, log));
  const app = await createApp({ config: () => holder.current(), clock: systemClock, log });
  // Every page tells something of it: the title, the languages, the channels of subscriptions.
  holder.subscribe(() => app.http.pages.invalidate());
  const first = await ensureFirstAdministrator(app.db, app.clock);
  if (first) {
    io.print(`Sign in: ${first.name} ${first.password}`);
    io.print('This password is shown once and has to be changed at the first sign-in.');
  }
  const { host, port } = config.http.listen;
  await listenOrStop(app, host, port);
  io.print(`Signalbox: ${config.http.public_url}`);
  log.info({ host, port }, 'ready');
  await untilStopped(() => app.stop(), log);
  return 0;
}

/** What the demo leaves in its data folder. */
const DEMO_FILE = 'demo-password';

/** Who has tried the demo and goes on with the real thing in the same place must not inherit its past and its password. */
function refuseDemoData(folder: string): void {
  if (!existsSync(join(folder, DEMO_FILE))) return;
  throw new AppError(
    'conflict',
    `The folder ${folder} holds the data of the demo. Remove it, or name another with data.folder or SIGNALBOX_DATA.`,
  );
}
