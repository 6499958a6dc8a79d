import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import { createTable, integer, nullable, type SchemaPart, statement, text } from './index.ts';

const tables = { pot: { name: text(), content: nullable(text()), spoons: integer() } };
const pots: SchemaPart = {
  name: 'pot',
  tables,
  migrations: [
    {
      name: '0001-pot',
      up: (db, engine) => createTable(db, engine, 'pot', { columns: tables.pot, primaryKey: ['name'] }),
    },
  ],
};

interface Pot {
  name: string;
  content: string | null;
  spoons: number;
}

eachDatabase((open) => {
  it('a statement is built once and runs with whatever values it is given', async () => {
    const db = await open({ parts: [pots] });
    let built = 0;
    const saving = statement(['name', 'content', 'spoons'], (q, { name, ...rest }: Pot) => {
      built += 1;
      return q
        .for<{ pot: Pot }>()
        .insertInto('pot')
        .values({ name, ...rest })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest));
    });
    const finding = statement(['least'], (q, { least }: { least: number }) =>
      q.for<{ pot: Pot }>().selectFrom('pot').selectAll().where('spoons', '>=', least).orderBy('name'),
    );
    const given: Pot[] = [
      { name: 'a', content: "soup'; drop table pot", spoons: 1 },
      { name: 'b', content: null, spoons: 2 },
      { name: 'a', content: 'stew', spoons: 3 },
    ];
    await db.write(async (tx) => {
      for (const pot of given) tx.send(saving(tx, pot));
    });
    const found = async (least: number) => (await db.for<{ pot: Pot }>().executeQuery(finding(db, { least }))).rows;
    assert.deepEqual(await found(0), [given[2], given[1]]);
    assert.deepEqual(await found(3), [given[2]]);
    assert.deepEqual(await found(4), []);
    assert.equal(built, 1);
  });
});
