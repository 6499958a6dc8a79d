import { createTable, migrate, openDatabase, type SchemaPart, text } from '../index.ts';

/** Run as a process of its own by sqlite-faults.test.ts: writes units, names each that was answered, until it is killed. */

const tables = { killed_item: { id: text() }, killed_part: { id: text(), item: text() } };
interface Tables {
  killed_item: { id: string };
  killed_part: { id: string; item: string };
}

const part: SchemaPart = {
  name: 'killed',
  tables,
  migrations: [
    {
      name: '0001-killed',
      async up(db, engine) {
        await createTable(db, engine, 'killed_item', { columns: tables.killed_item, primaryKey: ['id'] });
        await createTable(db, engine, 'killed_part', { columns: tables.killed_part, primaryKey: ['id'] });
      },
    },
  ],
};

const [path = '', round = ''] = process.argv.slice(2);
const db = await openDatabase({ url: path });
await migrate(db, [part]);

async function keepWriting(writer: number): Promise<never> {
  for (let n = 0; ; n++) {
    const id = `${round}-${writer}-${n}`;
    await db.write(async (tx) => {
      const q = tx.for<Tables>();
      await q
        .insertInto('killed_part')
        .values({ id: `${id}-left`, item: id })
        .execute();
      await q.insertInto('killed_item').values({ id }).execute();
      await q
        .insertInto('killed_part')
        .values({ id: `${id}-right`, item: id })
        .execute();
    });
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all([1, 2, 3].map(keepWriting));
