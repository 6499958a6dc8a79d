import { Client } from 'pg';
import { AppError } from '../../../core/index.ts';
import type { Location } from '../location.ts';
import { applicationName, postgresError } from '../postgres/postgres-error.ts';
import { runTool, runToolOnFile } from './postgres-tools.ts';

/** One transaction: either everything of the dump is there afterwards, or everything is as before. */
export async function restorePostgres(
  location: Location & { engine: 'postgres' },
  source: string,
  force: boolean,
): Promise<void> {
  const contents = await runToolOnFile('pg_restore', ['--list', source]);
  if (!/ TABLE DATA \S+ signalbox_migration /.test(contents)) {
    throw new AppError('invalid', `${source} is not a dump of a Signalbox database. Use another backup.`);
  }
  const { used, tables } = await lookAt(location);
  if (used) throw new AppError('unavailable', `The database ${location.display} is in use. Stop Signalbox first.`);
  if (tables > 0 && !force) {
    throw new AppError(
      'conflict',
      `The database ${location.display} holds ${tables} tables. To replace them, repeat with --force.`,
    );
  }
  await runTool('pg_restore', location, [
    '--clean',
    '--if-exists',
    '--no-owner',
    '--no-acl',
    '--single-transaction',
    source,
  ]);
}

async function lookAt(location: Location & { engine: 'postgres' }): Promise<{ used: boolean; tables: number }> {
  const client = new Client({ connectionString: location.connectionString });
  try {
    await client.connect();
    const { rows } = await client.query<{ used: boolean; tables: number }>(
      `select
        exists (select 1 from pg_stat_activity where datname = current_database() and application_name = $1) as used,
        (select count(*)::int from information_schema.tables where table_schema = $2) as tables`,
      [applicationName(location.schema), location.schema ?? 'public'],
    );
    return rows[0] ?? { used: false, tables: 0 };
  } catch (error) {
    throw postgresError(error, location.display);
  } finally {
    await client.end().catch(() => undefined);
  }
}
