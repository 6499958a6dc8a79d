import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { freshAddress, openTestDatabase } from '../../../../test/support/databases.ts';
import { AppError } from '../../../core/index.ts';
import {
  createTable,
  integer,
  migrate,
  type OpenedDatabase,
  openDatabase,
  type SchemaPart,
  type TablesOf,
  type Tx,
  text,
} from '../index.ts';

const tables = { box_item: { id: text(), filling: text(), count: integer() } };
type Tables = TablesOf<typeof tables>;

const box: SchemaPart = {
  name: 'box',
  tables,
  migrations: [
    {
      name: '0001-box',
      up: (db, engine) => createTable(db, engine, 'box_item', { columns: tables.box_item, primaryKey: ['id'] }),
    },
  ],
};

function insert(tx: Tx, id: string, filling = ''): Promise<unknown> {
  return tx.for<Tables>().insertInto('box_item').values({ id, filling, count: 0 }).execute();
}

async function ids(db: OpenedDatabase): Promise<string[]> {
  const rows = await db.for<Tables>().selectFrom('box_item').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

async function freshPath(): Promise<string> {
  return (await freshAddress('sqlite')).slice('sqlite:'.length);
}

function unavailable(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === 'unavailable' && pattern.test(error.message);
}

/** Resolves to the outcome of each: its value, or its error. */
async function outcomes(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason) as unknown);
}

describe('a SQLite file that is no good', () => {
  it('is refused by name when it is not a database', async () => {
    const path = await freshPath();
    await writeFile(path, 'Dear diary, today nothing worked at all. '.repeat(50));
    await assert.rejects(openDatabase({ url: path }), unavailable(/signalbox\.sqlite is not a Signalbox database/));
    assert.match(await readFile(path, 'utf8'), /^Dear diary/);
  });

  it('is refused by name when it was cut short', async () => {
    const path = await freshPath();
    const db = await openDatabase({ url: path });
    await migrate(db, [box]);
    await db.close();
    await truncate(path, (await stat(path)).size - 4096);
    await assert.rejects(openDatabase({ url: path }), unavailable(/is cut short: \d+ of \d+ bytes.*restore/));
  });

  it('is refused by name when its pages are damaged', async () => {
    const path = await freshPath();
    const db = await openDatabase({ url: path });
    await migrate(db, [box]);
    await db.close();
    const bytes = await readFile(path);
    bytes.fill(0xa5, 100, 4096);
    await writeFile(path, bytes);
    await assert.rejects(openDatabase({ url: path }), unavailable(/is damaged.*signalbox restore/));
  });

  it('is refused by name when a page behind the first is damaged', async () => {
    const path = await freshPath();
    const db = await openDatabase({ url: path });
    await migrate(db, [box]);
    await db.close();
    const bytes = await readFile(path);
    bytes.fill(0xa5, 2 * 4096, 2 * 4096 + 200);
    await writeFile(path, bytes);
    await assert.rejects(openDatabase({ url: path }), unavailable(/is damaged.*signalbox restore/));
  });

  it('is refused by name when its folder cannot be', async () => {
    const path = await freshPath();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    await assert.rejects(openDatabase({ url: join(path, 'below', 'a-file') }), unavailable(/cannot be opened/));
  });

  it('of no bytes is a new database', async () => {
    const path = await freshPath();
    await writeFile(path, '');
    await using db = await openDatabase({ url: path });
    await migrate(db, [box]);
    assert.deepEqual(await ids(db), []);
  });
});

describe('a full disk', () => {
  async function setLimit(db: OpenedDatabase, pages: number): Promise<void> {
    await db.write((tx) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(tx.for<unknown>()));
  }

  it('is said so, loses no unit half, and lets writing go on once there is space', async () => {
    const db = await openTestDatabase({ parts: [box] });
    await db.write((tx) => insert(tx, 'before'));
    await setLimit(db, 1);
    const group = ['a', 'b', 'c'].map((id) => db.write((tx) => insert(tx, id, 'x'.repeat(200_000))));
    for (const outcome of await outcomes(group)) assert.ok(unavailable(/is full/)(outcome), String(outcome));
    assert.deepEqual(await ids(db), ['before']);
    await setLimit(db, 1_000_000);
    await db.write((tx) => insert(tx, 'after'));
    assert.deepEqual(await ids(db), ['after', 'before']);
  });

  it('is never reported as a success to a unit of the same group that it undid', async () => {
    const db = await openTestDatabase({ parts: [box] });
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db.for<unknown>());
    await setLimit(db, (rows[0]?.page_count ?? 0) + 3);
    const calls: string[] = [];
    const units = [
      ['small', 10],
      ['large', 200_000],
      ['next', 10],
    ] as const;
    const answers = await outcomes(
      units.map(([id, length]) =>
        db.write(async (tx) => {
          tx.afterCommit(() => calls.push(id));
          await insert(tx, id, 'x'.repeat(length));
          return id;
        }),
      ),
    );
    assert.ok(unavailable(/is full/)(answers[1]), String(answers[1]));
    const answered = answers.filter((answer) => typeof answer === 'string');
    assert.deepEqual(calls, answered);
    assert.deepEqual(await ids(db), answered.sort());
    await setLimit(db, 1_000_000);
    await db.write((tx) => insert(tx, 'after'));
    assert.deepEqual(await ids(db), [...answered, 'after'].sort());
  });
});

describe('another process', () => {
  it('that holds the write lock delays writers only, who are told after the busy timeout', async () => {
    const path = await freshPath();
    await using db = await openDatabase({ url: path, busyTimeoutMs: 100 });
    await migrate(db, [box]);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const order: string[] = [];
    const write = db
      .write((tx) => insert(tx, 'a'))
      .catch((error: unknown) => {
        order.push('write refused');
        throw error;
      });
    const read = ids(db).then(() => order.push('read'));
    await assert.rejects(write, unavailable(/is locked by another process/));
    await read;
    assert.deepEqual(order, ['read', 'write refused']);
    other.exec('COMMIT');
    other.close();
    await db.write((tx) => insert(tx, 'b'));
    assert.deepEqual(await ids(db), ['b']);
  });

  it('may write between our groups, and both see the whole', async () => {
    const path = await freshPath();
    await using one = await openDatabase({ url: path });
    await migrate(one, [box]);
    await using two = await openDatabase({ url: path });
    const names = Array.from({ length: 40 }, (_, n) => String(n).padStart(2, '0'));
    await Promise.all(names.map((id, n) => (n % 2 === 0 ? one : two).write((tx) => insert(tx, id))));
    assert.deepEqual(await ids(one), names);
    assert.deepEqual(await ids(two), names);
  });
});

describe('a process that is killed', () => {
  it('has lost no unit it had answered, and left none half', async () => {
    const path = await freshPath();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'killed-writer.cases.ts'), path, String(round)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let seen = 0;
      for await (const id of createInterface(child.stdout)) {
        acknowledged.add(id);
        if (++seen === 60 + round * 25) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      assert.equal(child.signalCode, 'SIGKILL');
    }
    await using db = await openDatabase({ url: path });
    const rows = await sql<{ id: string; parts: number }>`
      select item.id, (select count(*) from killed_part where killed_part.item = item.id) as parts
      from killed_item as item`.execute(db.for<unknown>());
    assert.ok(acknowledged.size >= 300);
    const stored = new Set(rows.rows.map(({ id }) => id));
    assert.deepEqual(
      [...acknowledged].filter((id) => !stored.has(id)),
      [],
    );
    assert.deepEqual(
      rows.rows.filter(({ parts }) => parts !== 2),
      [],
    );
    const check = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db.for<unknown>());
    assert.deepEqual(check.rows, [{ integrity_check: 'ok' }]);
  });
});

describe("the writer's thread", () => {
  it('rejects what it was doing when it dies, and is started again by the next unit', async () => {
    const started = Promise.withResolvers<Worker>();
    process.once('worker', started.resolve);
    const db = await openTestDatabase({ parts: [box] });
    const thread = await started.promise;
    const answers = await outcomes([
      db.write(async (tx) => {
        await insert(tx, 'lost');
        await thread.terminate();
      }),
      db.write((tx) => insert(tx, 'waiting')),
    ]);
    assert.ok(unavailable(/writer has stopped/)(answers[0]), String(answers[0]));
    await db.write((tx) => insert(tx, 'next'));
    assert.ok(!(await ids(db)).includes('lost'));
    assert.ok((await ids(db)).includes('next'));
  });
});

describe('a copy of the file alone, taken while it was open', () => {
  it('opens with what had reached the file', async () => {
    const path = await freshPath();
    const db = await openDatabase({ url: path });
    await migrate(db, [box]);
    await db.close();
    await copyFile(path, `${path}.copy`);
    await using copy = await openDatabase({ url: `${path}.copy` });
    assert.deepEqual(await ids(copy), []);
  });
});
