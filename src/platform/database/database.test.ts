import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import { eachDatabase } from '../../../test/support/databases.ts';
import {
  blob,
  createTable,
  DatabaseError,
  integer,
  isUniqueViolation,
  nullable,
  type OpenedDatabase,
  real,
  type SchemaPart,
  type TablesOf,
  type Tx,
  text,
} from './index.ts';

const columns = { id: text(), count: integer(), weight: nullable(real()), picture: nullable(blob()) };
const tables = { box_item: columns, box_part: { id: text(), item: text() } };
type Tables = TablesOf<typeof tables>;

const box: SchemaPart = {
  name: 'box',
  tables,
  migrations: [
    {
      name: '0001-box',
      async up(db, engine) {
        await createTable(db, engine, 'box_item', { columns, primaryKey: ['id'] });
        await createTable(db, engine, 'box_part', {
          columns: tables.box_part,
          primaryKey: ['id'],
          references: [{ columns: ['item'], table: 'box_item', to: ['id'] }],
        });
      },
    },
  ],
};

function inserting(tx: Tx, id: string, count = 0) {
  return tx.for<Tables>().insertInto('box_item').values({ id, count, weight: null, picture: null });
}

function insert(tx: Tx, id: string, count = 0): Promise<unknown> {
  return inserting(tx, id, count).execute();
}

async function ids(db: OpenedDatabase): Promise<string[]> {
  const rows = await db.for<Tables>().selectFrom('box_item').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** As another process would: without a turn of this one. */
async function insertElsewhere(db: OpenedDatabase, id: string): Promise<void> {
  if (db.location.engine === 'postgres') {
    await db.write((tx) => insert(tx, id));
    return;
  }
  using other = new DatabaseSync(db.location.path);
  other.prepare('insert into box_item (id, count) values (?, 0)').run(id);
}

eachDatabase((open, engine) => {
  describe('a unit', () => {
    it('keeps all of what it wrote, and is visible once it has answered', async () => {
      const db = await open({ parts: [box] });
      const answer = await db.write(async (tx) => {
        await insert(tx, 'a');
        await insert(tx, 'b');
        return 'done';
      });
      assert.equal(answer, 'done');
      assert.deepEqual(await ids(db), ['a', 'b']);
    });

    it('sees what it wrote itself while readers do not', async () => {
      const db = await open({ parts: [box] });
      await db.write(async (tx) => {
        await insert(tx, 'a');
        assert.equal((await tx.for<Tables>().selectFrom('box_item').selectAll().execute()).length, 1);
        assert.deepEqual(await ids(db), []);
      });
    });

    it('leaves nothing behind when it fails, and harms no other', async () => {
      const db = await open({ parts: [box] });
      const results = await Promise.allSettled(
        ['a', 'b', 'c', 'd', 'e'].map((id) =>
          db.write(async (tx) => {
            await insert(tx, id);
            if (id === 'c') throw new Error('changed its mind');
            return id;
          }),
        ),
      );
      assert.deepEqual(
        results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
        ['a', 'b', 'Error: changed its mind', 'd', 'e'],
      );
      assert.deepEqual(await ids(db), ['a', 'b', 'd', 'e']);
    });

    it('fails like any other when it throws before its first statement or its first await', async () => {
      const db = await open({ parts: [box] });
      const refuse = (): Promise<void> => {
        throw new Error('not today');
      };
      await assert.rejects(db.write(refuse), /not today/);
      await db.write((tx) => insert(tx, 'a'));
      assert.deepEqual(await ids(db), ['a']);
    });

    it('calls back after its commit, and not after a rollback', async () => {
      const db = await open({ parts: [box] });
      const calls: string[] = [];
      await db.write(async (tx) => {
        tx.afterCommit(() => calls.push('kept'));
        await insert(tx, 'a');
        assert.deepEqual(calls, []);
      });
      const failing = db.write(async (tx) => {
        tx.afterCommit(() => calls.push('undone'));
        throw new Error('no');
      });
      await assert.rejects(failing);
      assert.deepEqual(calls, ['kept']);
    });

    it('may be followed by another from its own callback', async () => {
      const db = await open({ parts: [box] });
      const followed = Promise.withResolvers<unknown>();
      await db.write(async (tx) => {
        await insert(tx, 'a');
        tx.afterCommit(() => followed.resolve(db.write((next) => insert(next, 'b'))));
      });
      await followed.promise;
      assert.deepEqual(await ids(db), ['a', 'b']);
    });

    it('is refused inside another instead of waiting for itself for ever', async () => {
      const db = await open({ parts: [box] });
      const nested = db.write(async (tx) => {
        await insert(tx, 'a');
        await db.write((inner) => insert(inner, 'b'));
      });
      await assert.rejects(nested, /use the tx that the unit received/);
      assert.deepEqual(await ids(db), []);
    });

    it('may be started by work that an ended unit left running', async () => {
      const db = await open({ parts: [box] });
      const gate = Promise.withResolvers<undefined>();
      let late: Promise<unknown> = Promise.resolve();
      await db.write(async () => {
        late = gate.promise.then(() => db.write((tx) => insert(tx, 'late')));
      });
      gate.resolve(undefined);
      await late;
      assert.deepEqual(await ids(db), ['late']);
    });

    it('cannot be written through after it has ended', async () => {
      const db = await open({ parts: [box] });
      let leaked: Tx | undefined;
      await db.write(async (tx) => {
        leaked = tx;
      });
      assert.ok(leaked);
      await assert.rejects(insert(leaked, 'a'), /This tx is over/);
      await assert.rejects(leaked.lock('x'), /This tx is over/);
    });

    it('is undone when it hangs, and the next goes on', async () => {
      const db = await open({ parts: [box], unitTimeoutMs: 150 });
      const hanging = db.write(async (tx) => {
        await insert(tx, 'a');
        await new Promise(() => undefined);
      });
      const next = db.write((tx) => insert(tx, 'b'));
      await assert.rejects(hanging, { name: 'UnitTimeout' });
      await next;
      assert.deepEqual(await ids(db), ['b']);
    });

    it('is undone when it swallowed the failure of a statement', async () => {
      const db = await open({ parts: [box] });
      await db.write((tx) => insert(tx, 'a'));
      const swallowing = db.write(async (tx) => {
        await insert(tx, 'b');
        await insert(tx, 'a').catch(() => undefined);
        await assert.rejects(insert(tx, 'c'), /unit can only end/);
      });
      await assert.rejects(swallowing, isUniqueViolation);
      assert.deepEqual(await ids(db), ['a']);
    });

    it('runs statements that were sent at once', async () => {
      const db = await open({ parts: [box] });
      await db.write((tx) => Promise.all(['a', 'b', 'c'].map((id) => insert(tx, id))));
      assert.deepEqual(await ids(db), ['a', 'b', 'c']);
    });

    it('sees what it sent without waiting', async () => {
      const db = await open({ parts: [box] });
      const seen = await db.write(async (tx) => {
        tx.send(inserting(tx, 'a'));
        return tx.for<Tables>().selectFrom('box_item').select('id').execute();
      });
      assert.deepEqual(seen, [{ id: 'a' }]);
      assert.deepEqual(await ids(db), ['a']);
    });

    it('is undone alone when what it sent without waiting fails', async () => {
      const db = await open({ parts: [box] });
      const calls: string[] = [];
      const unit = (...items: string[]) =>
        db.write(async (tx) => {
          tx.afterCommit(() => calls.push(...items));
          for (const id of items) tx.send(inserting(tx, id));
        });
      const first = unit('a');
      // On PostgreSQL they run beside each other, and either could be first.
      if (engine === 'postgres') await first;
      const outcomes = await Promise.allSettled([first, unit('b', 'a', 'c'), unit('d')]);
      const refused = outcomes.map((one) => one.status === 'rejected' && isUniqueViolation(one.reason));
      assert.deepEqual(refused, [false, true, false]);
      assert.deepEqual(await ids(db), ['a', 'd']);
      assert.deepEqual(calls.sort(), ['a', 'd']);
    });

    // The client of PostgreSQL turns everything into text.
    if (engine === 'sqlite') {
      it('refuses a value that is none of SQLite, and the next goes on', async () => {
        const db = await open({ parts: [box] });
        const wrong = db.write((tx) => insert(tx, Symbol('a') as unknown as string));
        const right = db.write((tx) => insert(tx, 'b'));
        await assert.rejects(wrong);
        await right;
        assert.deepEqual(await ids(db), ['b']);
      });
    }

    it('excludes others through a lock of the same name', async () => {
      const db = await open({ parts: [box] });
      await db.write((tx) => insert(tx, 'a', 0));
      const increment = (): Promise<void> =>
        db.write(async (tx) => {
          await tx.lock('box.a');
          const q = tx.for<Tables>();
          const { count } = await q
            .selectFrom('box_item')
            .select('count')
            .where('id', '=', 'a')
            .executeTakeFirstOrThrow();
          await turn();
          await q
            .updateTable('box_item')
            .set({ count: count + 1 })
            .where('id', '=', 'a')
            .execute();
        });
      await Promise.all(Array.from({ length: 8 }, increment));
      const rows = await db.for<Tables>().selectFrom('box_item').select('count').execute();
      assert.deepEqual(rows, [{ count: 8 }]);
    });
  });

  describe('a read', () => {
    it('cannot write', async () => {
      const db = await open({ parts: [box] });
      const writing = db
        .for<Tables>()
        .insertInto('box_item')
        .values({ id: 'a', count: 1, weight: null, picture: null });
      await assert.rejects(writing.execute(), engine === 'sqlite' ? /read-only outside of db.write/ : /read-only/);
    });

    it('gives the same plain values on both engines', async () => {
      const db = await open({ parts: [box] });
      const row = { id: 'é\n"\'\\', count: 2 ** 53 - 1, weight: 0.1, picture: new Uint8Array([0, 255, 10]) };
      const returned = await db.write((tx) =>
        tx.for<Tables>().insertInto('box_item').values(row).returningAll().executeTakeFirstOrThrow(),
      );
      assert.deepEqual(returned, row);
      assert.deepEqual(await db.for<Tables>().selectFrom('box_item').selectAll().execute(), [row]);
      const { rows } = await sql`select count(*) as rows, sum(count) as sum, max(weight) as weight, 1 = 1 as yes,
        exists (select 1 from box_part) as parts, (select id from box_part) as part from box_item`.execute(
        db.for<unknown>(),
      );
      assert.deepEqual(rows, [{ rows: 1, sum: 2 ** 53 - 1, weight: 0.1, yes: 1, parts: 0, part: null }]);
    });

    it('orders text by code point', async () => {
      const db = await open({ parts: [box] });
      const words = ['a-b', 'aa', 'B', 'a', 'é', 'Z', 'a b'];
      await db.write(async (tx) => {
        for (const id of words) await insert(tx, id);
      });
      assert.deepEqual(await ids(db), [...words].sort());
    });

    it('is of one moment in a snapshot, whatever is committed meanwhile, and afterwards of what is so', async () => {
      const db = await open({ parts: [box] });
      const seen = await db.snapshot(async () => {
        const first = await ids(db);
        await insertElsewhere(db, 'a');
        const within = await db.snapshot(() => ids(db));
        return [first, within, await ids(db)];
      });
      assert.deepEqual(seen, [[], [], []]);
      assert.deepEqual(await ids(db), ['a']);
    });

    it('sees what was written before it, also while another snapshot goes on', async () => {
      const db = await open({ parts: [box] });
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const other = db.snapshot(async () => {
        await ids(db);
        await promise;
        return await ids(db);
      });
      await db.write((tx) => insert(tx, 'a'));
      assert.deepEqual(await ids(db), ['a']);
      assert.deepEqual(await db.snapshot(() => ids(db)), ['a']);
      resolve(undefined);
      // On SQLite a snapshot that waits for something else than reads is over.
      assert.deepEqual(await other, engine === 'sqlite' ? ['a'] : []);
      assert.deepEqual(await db.write((tx) => tx.snapshot(async () => (await insert(tx, 'b'), 'done'))), 'done');
    });

    it('may be in many snapshots at once, fail in them, and go on after them', async () => {
      const db = await open({ parts: [box] });
      const { promise, resolve } = Promise.withResolvers<undefined>();
      let late: Promise<string[]> = Promise.resolve([]);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, at) =>
          db.snapshot(async () => {
            const [one, two] = await Promise.all([ids(db), db.snapshot(() => ids(db))]);
            assert.deepEqual([one, two], [[], []]);
            if (at === 0) late = promise.then(() => ids(db));
            if (at % 2 === 1) throw new RangeError('no');
            if (at % 10 === 0) await sql`select nothing from nowhere`.execute(db.for<unknown>());
          }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 18);
      await db.write((tx) => insert(tx, 'a'));
      resolve(undefined);
      assert.deepEqual(await late, ['a']);
      assert.deepEqual(await db.snapshot(() => ids(db)), ['a']);
    });

    it('answers a ping', async () => {
      const db = await open();
      await db.ping();
    });
  });

  describe('a change', () => {
    it('says how many rows it touched', async () => {
      const db = await open({ parts: [box] });
      await db.write(async (tx) => {
        await insert(tx, 'a', 1);
        await insert(tx, 'b', 1);
        const q = tx.for<Tables>();
        const updated = await q.updateTable('box_item').set({ count: 2 }).where('count', '=', 1).executeTakeFirst();
        assert.equal(updated.numUpdatedRows, 2n);
        const deleted = await q.deleteFrom('box_item').where('id', '=', 'nobody').executeTakeFirst();
        assert.equal(deleted.numDeletedRows, 0n);
      });
    });

    it('that breaks a constraint says which kind, without values in its message', async () => {
      const db = await open({ parts: [box] });
      await db.write((tx) => insert(tx, 'taken'));
      const unique = db.write((tx) => insert(tx, 'taken'));
      await assert.rejects(unique, (error) => isUniqueViolation(error) && !String(error).includes('taken'));
      const reference = db.write((tx) =>
        tx.for<Tables>().insertInto('box_part').values({ id: 'p', item: 'nobody' }).execute(),
      );
      await assert.rejects(reference, (error) => error instanceof DatabaseError && error.violation === 'foreign_key');
      const missing = db.write((tx) => sql`insert into box_part (id) values ('p')`.execute(tx.for<unknown>()));
      await assert.rejects(missing, (error) => error instanceof DatabaseError && error.violation === 'not_null');
      const wrongType = db.write((tx) => sql`update box_item set count = 'many'`.execute(tx.for<unknown>()));
      await assert.rejects(wrongType, (error) => error instanceof DatabaseError && error.violation === 'type');
    });
  });

  it('lets what was begun finish when it is closed, and then refuses', async () => {
    const db = await open({ parts: [box] });
    const begun = Array.from({ length: 10 }, (_, n) => db.write((tx) => insert(tx, `b${n}`)));
    await db.close();
    assert.equal((await Promise.allSettled(begun)).filter(({ status }) => status === 'fulfilled').length, 10);
    await assert.rejects(
      db.write(async () => undefined),
      { code: 'unavailable' },
    );
    await db.close();
  });
});
