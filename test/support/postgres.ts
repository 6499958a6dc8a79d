import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Where script/test has started a server; absent when only Node is there. */
const serverUrl = process.env['SIGNALBOX_TEST_POSTGRES'];

/** For `describe(…, { skip: withoutPostgres }, …)`: false when there is a server, else how to get one. */
export const withoutPostgres: string | false =
  serverUrl === undefined
    ? 'needs PostgreSQL: run it by `script/node script/with-postgres.mjs node --test FILE`'
    : false;

/** An empty database of one test file, dropped at the end. */
export interface TestPostgres extends AsyncDisposable {
  url: string;
  drop(): Promise<void>;
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function createPostgres(): Promise<TestPostgres> {
  if (serverUrl === undefined) throw new Error('There is no PostgreSQL to test with; use `withoutPostgres` to skip.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  // A test that failed may have left connections open.
  const drop = () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  return { url: url.href, drop, [Symbol.asyncDispose]: drop };
}

/** Hands `use` an empty database and drops it, whatever happens. */
export async function withPostgres<R>(use: (url: string) => Promise<R>): Promise<R> {
  await using database = await createPostgres();
  return await use(database.url);
}
