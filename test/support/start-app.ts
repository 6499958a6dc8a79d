import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp, modules, schemaParts } from '../../src/app/index.ts';
import { type Clock, type Scope, system, systemClock } from '../../src/core/index.ts';
import { createToken } from '../../src/platform/auth/index.ts';
import { type Config, requireConfig } from '../../src/platform/config/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { freePort } from './free-port.ts';
import { copyMigratedFile } from './migrated-database.ts';

export interface TestApp extends AsyncDisposable {
  app: App;
  /** Where it listens, without a slash at the end. */
  url: string;
  folder: string;
  /** Lines it logged. */
  log: string[];
  /** Puts other values into the section `auth`, as a reload would. */
  configure(auth: Readonly<Partial<Config['auth']>>): void;
  /** A new API token. */
  token(...scopes: Scope[]): Promise<string>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** Configuration values by section, below the defaults. */
  values?: Readonly<Record<string, unknown>>;
  /** Default: a SQLite file in the data folder; a new one is migrated already. */
  databaseUrl?: string;
  /** Default: a new temporary one, removed at the end. */
  folder?: string;
  port?: number;
  /** Path prefix of the public address, such as `/status`. */
  prefix?: string;
  clock?: Clock;
  /** False: no job runs by itself, so that a clock may be sent anywhere. */
  scheduled?: boolean;
}

/** The whole program in this process, listening on a real socket of 127.0.0.1. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'signalbox-app-')));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}${options.prefix ?? ''}`;
  const lines: string[] = [];
  let config = requireConfig({
    env: { SIGNALBOX_DATA: folder, PORT: String(port) },
    sections: Object.fromEntries(modules.map((module) => [module.name, module.config])),
    values: {
      site: { timezone: 'Europe/Rome' },
      ...(options.databaseUrl === undefined ? {} : { database: { url: options.databaseUrl } }),
      ...options.values,
      http: {
        public_url: url,
        limits: { pages: 100_000, forms: 1000, denials: 1000 },
        ...(options.values?.['http'] ?? {}),
      },
    },
  });
  if (config.database.url === `sqlite:${join(folder, 'signalbox.db')}`) await makeMigrated(folder);
  const log = createLogger('debug', { write: (line) => lines.push(line) });
  const app = await createApp({
    config: () => config,
    clock: options.clock ?? systemClock,
    log,
    scheduled: options.scheduled ?? true,
  });
  await app.listen('127.0.0.1', port);
  const stop = async () => {
    await app.stop();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  return {
    app,
    url,
    folder,
    log: lines,
    configure: (auth) => {
      config = { ...config, auth: { ...config.auth, ...auth } };
    },
    token: async (...scopes) => {
      const { token } = await createToken(app, system('test'), { name: `test ${scopes.join(' ')}`, scopes });
      return token;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function makeMigrated(folder: string): Promise<void> {
  const path = join(folder, 'signalbox.db');
  if (existsSync(path)) return;
  await mkdir(folder, { recursive: true });
  await copyMigratedFile(schemaParts(), path);
}
