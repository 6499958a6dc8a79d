import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from 'pg';
import { createPostgres, withoutPostgres, withPostgres } from './postgres.ts';

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows[0];
  } finally {
    await client.end();
  }
}

describe('a PostgreSQL database per test file', { skip: withoutPostgres }, () => {
  it('is empty, durable, and orders text as people do', async () => {
    await withPostgres(async (url) => {
      assert.deepEqual(await ask(url, "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'"), {
        n: 0,
      });
      assert.deepEqual(await ask(url, "SELECT 'a' < 'B' AS human, current_setting('fsync') AS fsync"), {
        human: true,
        fsync: 'on',
      });
    });
  });

  it('is gone afterwards, also with connections left open', async () => {
    const database = await createPostgres();
    const left = new Client({ connectionString: database.url });
    left.on('error', () => undefined);
    await left.connect();
    await database.drop();
    await assert.rejects(ask(database.url, 'SELECT 1'), /does not exist/);
    await left.end();
  });
});
