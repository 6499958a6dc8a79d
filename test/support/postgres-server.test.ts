import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from 'pg';
import { postgresBinaries, startPostgres } from './postgres-server.ts';

const skip = (await postgresBinaries()) === null && 'needs the binaries of PostgreSQL';

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

describe('the PostgreSQL server of the tests', { skip }, () => {
  it('commits durably, orders text as people do, and is gone after stop', async () => {
    const server = await startPostgres();
    try {
      const facts = await ask(server.url, "SELECT 'a' < 'B' AS human, current_setting('fsync') AS fsync");
      assert.deepEqual(facts, { human: true, fsync: 'on' });
    } finally {
      await server.stop();
    }
    await assert.rejects(ask(server.url, 'SELECT 1'), { code: 'ECONNREFUSED' });
  });
});
