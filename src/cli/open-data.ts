import { schemaParts, VERSION } from '../app/index.ts';
import { AppError, type Clock, systemClock } from '../core/index.ts';
import type { Config } from '../platform/config/index.ts';
import { migrate, migrationStatus, type OpenedDatabase } from '../platform/database/index.ts';
import { openConfigured, readConfig } from './open-configured.ts';

/** What a command works with that reads or changes what the server keeps, also while the server runs. */
export interface Data {
  db: OpenedDatabase;
  clock: Clock;
}

/** Opens the configured database for `work` and closes it again. A new one is made; an older one is refused. */
export async function withData<R>(file: string | undefined, work: (data: Data) => Promise<R>): Promise<R> {
  return await withConfiguredData(readConfig(file), work);
}

/** The same where the configuration was read already. */
export async function withConfiguredData<R>(config: Config, work: (data: Data) => Promise<R>): Promise<R> {
  await using db = await openConfigured(config);
  const { applied, pending } = await migrationStatus(db, schemaParts());
  if (applied.length === 0) await migrate(db, schemaParts(), { version: VERSION });
  else if (pending.length > 0) {
    const text = `Signalbox's database, ${db.location.display}, is older than this program. Start the server, or run: signalbox migrate up`;
    throw new AppError('unavailable', text);
  }
  return await work({ db, clock: systemClock });
}
