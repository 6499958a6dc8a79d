import { mkdir } from 'node:fs/promises';
import { modules, schemaParts, VERSION } from '../app/index.ts';
import { AppError, systemClock } from '../core/index.ts';
import { type Config, configFile, environment, requireConfig } from '../platform/config/index.ts';
import { migrate, migrationStatus, type OpenedDatabase, openDatabase } from '../platform/database/index.ts';

/** What a command works with that reads or changes what the server keeps, also while the server runs. */
export interface Data {
  db: OpenedDatabase;
  clock: OpenedDatabase['clock'];
  config: Config;
}

/** Opens the configured database for `work` and closes it again. A new one is made; an older one is refused. */
export async function withData<R>(file: string | undefined, work: (data: Data) => Promise<R>): Promise<R> {
  const env = environment();
  const sections = Object.fromEntries(modules.map((module) => [module.name, module.config]));
  const config = requireConfig({ file: configFile(file, env), env, sections, purpose: 'tool' });
  await mkdir(config.data.folder, { recursive: true });
  await using db = await openDatabase({ url: config.database.url, clock: systemClock });
  const { applied, pending } = await migrationStatus(db, schemaParts());
  if (applied.length === 0) await migrate(db, schemaParts(), { version: VERSION });
  else if (pending.length > 0) {
    const text = 'The database is older than this program. Start the server, or run: signalbox migrate up';
    throw new AppError('unavailable', text);
  }
  return await work({ db, clock: systemClock, config });
}
