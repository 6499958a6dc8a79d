import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { eachDatabase, freshAddress } from '../../../../test/support/databases.ts';
import { AppError } from '../../../core/index.ts';
import { createTable, integer, type OpenedDatabase, openDatabase, type SchemaPart, type Tx, text } from '../index.ts';

const columns = { id: text(), count: integer() };
const box: SchemaPart = {
  name: 'box',
  tables: { box_item: columns },
  migrations: [
    { name: '0001-box', up: (db, engine) => createTable(db, engine, 'box_item', { columns, primaryKey: ['id'] }) },
  ],
};
interface Tables {
  box_item: { id: string; count: number };
}

function increment(tx: Tx, id: string): Promise<unknown> {
  return tx
    .for<Tables>()
    .updateTable('box_item')
    .set((eb) => ({ count: eb('count', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

async function counts(db: OpenedDatabase): Promise<number[]> {
  const rows = await db.for<Tables>().selectFrom('box_item').select('count').orderBy('id').execute();
  return rows.map(({ count }) => count);
}

describe('a PostgreSQL server that does not answer', () => {
  it('is named without the password, with what to do', async () => {
    const opening = openDatabase({ url: 'postgres://me:s3cret@127.0.0.1:1/box', busyTimeoutMs: 2000 });
    await assert.rejects(opening, (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'unavailable');
      assert.match(error.message, /^The database postgres:\/\/127\.0\.0\.1:1\/box cannot be reached/);
      assert.ok(!`${error.stack} ${String(error.cause)}`.includes('s3cret'));
      return true;
    });
  });
});

eachDatabase((open, engine) => {
  if (engine === 'sqlite') return;

  it('repeats a unit that lost a deadlock, so that both take effect', async () => {
    const db = await open({ parts: [box] });
    await db.write((tx) =>
      tx
        .for<Tables>()
        .insertInto('box_item')
        .values(['a', 'b'].map((id) => ({ id, count: 0 })))
        .execute(),
    );
    const both = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let tries = 0;
    const crossing = (mine: number, first: string, second: string): Promise<void> =>
      db.write(async (tx) => {
        tries += 1;
        await increment(tx, first);
        both[mine]?.resolve(undefined);
        await both[1 - mine]?.promise;
        await increment(tx, second);
      });
    await Promise.all([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    assert.deepEqual(await counts(db), [2, 2]);
    assert.equal(tries, 3);
  });

  it('rejects a unit whose connection is cut, and goes on with a new one', async () => {
    const db = await open({ parts: [box] });
    const cut = db.write(async (tx) => {
      await tx.for<Tables>().insertInto('box_item').values({ id: 'a', count: 0 }).execute();
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx.for<unknown>());
    });
    await assert.rejects(cut, { code: 'unavailable' });
    await db.write((tx) => tx.for<Tables>().insertInto('box_item').values({ id: 'b', count: 7 }).execute());
    assert.deepEqual(await counts(db), [7]);
  });

  it('does not let one unit with a long statement wait for ever', async () => {
    const db = await open({ unitTimeoutMs: 200 });
    const sleeping = db.write((tx) => sql`select pg_sleep(30)`.execute(tx.for<unknown>()));
    await assert.rejects(
      sleeping,
      (error) => error instanceof Error && /took too long|did not end/.test(error.message),
    );
    await db.write((tx) => sql`select 1`.execute(tx.for<unknown>()));
  });

  it('refuses a schema and a database that do not exist by their names', async () => {
    const address = new URL(await freshAddress('postgres'));
    address.searchParams.set('schema', 'nobody_made_this');
    await assert.rejects(
      openDatabase({ url: address.href }),
      /schema of the database .*nobody_made_this.* does not exist/,
    );
    address.pathname = '/nobody_made_this_either';
    await assert.rejects(openDatabase({ url: address.href }), /nobody_made_this_either.* does not exist/);
  });
});
