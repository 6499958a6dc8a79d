import { schemaParts } from '../app/index.ts';
import { AppError } from '../core/index.ts';
import { type Installation, installationOf } from '../modules/facility/index.ts';
import type { Config } from '../platform/config/index.ts';
import { isKept, migrationStatus } from '../platform/database/index.ts';
import { openConfigured, readConfig } from './open-configured.ts';

/** What is known of the Signalbox here. With a problem there is one, and that is why nothing is known of it. */
export type Known =
  | { installation: Installation; problem: null }
  | { installation: null; problem: string }
  | { installation: null; problem: null };

/**
 * For commands that also run before the first start: what configuration and database say, as far as they are there. It
 * makes no database, since whoever runs this need not be the user that the server runs as.
 */
export async function withKnown<R>(file: string | undefined, work: (known: Known) => Promise<R>): Promise<R> {
  const config = configOf(file);
  if (typeof config === 'string') return await work({ installation: null, problem: config });
  if (!isKept(config.database.url)) return await work(knowing(config, null));
  await using db = await openConfigured(config);
  const { applied, pending } = await migrationStatus(db, schemaParts());
  if (applied.length === 0) return await work(knowing(config, null));
  if (pending.length > 0)
    return await work({ installation: null, problem: 'The database is older than this program.' });
  return await work(knowing(config, db));
}

function knowing(config: Config, q: Parameters<typeof installationOf>[1]): Known {
  return { installation: installationOf(config, q), problem: null };
}

/** One with mistakes, such as a secret file that is not there yet, must not keep a person from repairing it. */
function configOf(file: string | undefined): Config | string {
  try {
    return readConfig(file);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return error.message;
    throw error;
  }
}
