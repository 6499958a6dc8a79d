import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, copyFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate, openDatabase, type SchemaPart } from '../../src/platform/database/index.ts';

/**
 * Databases that are migrated once and then copied, which is several times faster. They live as long as a run of tests,
 * whose folder SIGNALBOX_TEST_RUN names, or else as long as the process: never so long that a migration changes.
 */

const RUN = process.env['SIGNALBOX_TEST_RUN'] ?? ownFolder();
const SCHEMA = 'signalbox_test';

const made = new Map<string, Promise<unknown>>();

/** Puts a migrated database where there is none yet. */
export async function copyMigratedFile(parts: readonly SchemaPart[], path: string): Promise<void> {
  const template = join(RUN, `${keyOf(parts)}.sqlite`);
  await once(template, () => makeFile(template, parts));
  await copyFile(template, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** Another process may do the same at the same time: who is later replaces the file by an equal one. */
async function makeFile(template: string, parts: readonly SchemaPart[]): Promise<void> {
  if (existsSync(template)) return;
  const draft = `${template}.${process.pid}`;
  const db = await openDatabase({ url: `sqlite:${draft}` });
  await migrate(db, parts);
  await db.close();
  await rename(draft, template);
}

/** A new migrated database on a PostgreSQL server, its tables in a schema with a name of its own. */
export async function createMigratedDatabase(
  server: string,
  parts: readonly SchemaPart[],
): Promise<{ url: string; remove(): Promise<void> }> {
  const template = templateName(parts);
  await once(`${server} ${template}`, () => makeTemplate(server, template, parts));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    );
    // Since 15 the server would write the copy to its log instead, which is slower.
    const strategy = (rows[0]?.version ?? 0) >= 150_000 ? 'strategy file_copy' : '';
    await client.query(`create database ${name} template ${template} ${strategy}`);
  });
  return {
    url: databaseUrl(server, name),
    remove: () => tellServer(server, `drop database if exists ${name} with (force)`),
  };
}

/** Without a run that has a server of its own, the templates of this process go at its end. */
export async function removeOwnTemplates(server: string | undefined): Promise<void> {
  if (server === undefined || process.env['SIGNALBOX_TEST_RUN'] !== undefined) return;
  for (const [key, making] of made) {
    const [where, name] = key.split(' ');
    const isThere = await making.then(
      () => true,
      () => false,
    );
    if (where !== server || name === undefined || !isThere) continue;
    await tellServer(server, `alter database ${name} is_template false`);
    await tellServer(server, `drop database ${name} with (force)`);
  }
}

/** Nobody may be connected to what is copied, so it counts as made only when its maker has left it. */
async function makeTemplate(server: string, name: string, parts: readonly SchemaPart[]): Promise<void> {
  await onServer(server, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const found = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name]);
    if (found.rowCount !== 0) return;
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
    const url = databaseUrl(server, name);
    await tellServer(url, `create schema ${SCHEMA}`);
    const db = await openDatabase({ url });
    await migrate(db, parts);
    await db.close();
    await client.query(`alter database ${name} is_template true`);
  });
}

export async function tellServer(server: string, statement: string): Promise<void> {
  await onServer(server, async (client) => {
    await client.query(statement);
  });
}

async function onServer(server: string, use: (client: Client) => Promise<void>): Promise<void> {
  const url = new URL(server);
  url.searchParams.delete('schema');
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  url.searchParams.set('schema', SCHEMA);
  return url.href;
}

async function once(name: string, make: () => Promise<void>): Promise<void> {
  const making = made.get(name) ?? make();
  made.set(name, making);
  await making;
}

function templateName(parts: readonly SchemaPart[]): string {
  return `template_${createHash('sha256').update(RUN).update(keyOf(parts)).digest('hex').slice(0, 24)}`;
}

/** Within a run two migrations with the same name and text are the same. */
function keyOf(parts: readonly SchemaPart[]): string {
  const said = parts.map(({ name, migrations }) => [name, migrations.map((one) => [one.name, one.up.toString()])]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 24);
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-migrated-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
