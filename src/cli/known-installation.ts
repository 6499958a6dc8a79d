import { schemaParts } from '../app/index.ts';
import { AppError, systemClock } from '../core/index.ts';
import { type Installation, installationOf } from '../modules/facility/index.ts';
import type { Config } from '../platform/config/index.ts';
import { isKept, migrationStatus, type OpenedDatabase, openDatabase } from '../platform/database/index.ts';
import { readConfig } from './open-configured.ts';

/** What is known of the Signalbox here. With a problem there is one, and that is why nothing is known of it. */
export type Known = { installation: Installation | null; problem: null } | { installation: null; problem: string };

/**
 * For commands that also run before the first start: what configuration and database say, as far as they are there. It
 * makes no database, since whoever runs this need not be the user that the server runs as.
 */
export async function withKnown<R>(file: string | undefined, work: (known: Known) => Promise<R>): Promise<R> {
  const config = configOf(file);
  if (typeof config === 'string') return await work({ installation: null, problem: config });
  const { url } = config.database;
  if (!isKept(url)) return await work({ installation: installationOf(config, null, systemClock), problem: null });
  const db = await openDatabase({ url }).catch(problemOf);
  if (typeof db === 'string') return await work({ installation: null, problem: db });
  try {
    return await work(await knownFrom(db, config));
  } finally {
    await db.close();
  }
}

async function knownFrom(db: OpenedDatabase, config: Config): Promise<Known> {
  try {
    const { applied, pending } = await migrationStatus(db, schemaParts());
    if (applied.length === 0) return { installation: installationOf(config, null, systemClock), problem: null };
    if (pending.length > 0) return { installation: null, problem: 'The database is older than this program.' };
    return { installation: installationOf(config, db, systemClock), problem: null };
  } catch (error) {
    return { installation: null, problem: problemOf(error) };
  }
}

/** One with mistakes, such as a secret file that is not there yet, must not keep a person from repairing it. */
function configOf(file: string | undefined): Config | string {
  try {
    return readConfig(file);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') throw error;
    return problemOf(error);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}
