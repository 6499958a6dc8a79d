import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Generated, sql } from 'kysely';
import { eachDatabase, freshAddress } from '../../../test/support/databases.ts';
import { AppError } from '../../core/index.ts';
import { jobsSchema } from '../jobs/index.ts';
import { journalSchema } from '../journal/index.ts';
import {
  addColumn,
  blob,
  checkSchema,
  createTable,
  dataModelPage,
  integer,
  type Migration,
  migrate,
  migrationStatus,
  nullable,
  openDatabase,
  real,
  type SchemaPart,
  text,
} from './index.ts';

const shelf = { id: text(), name: nullable(text()), height: real(), picture: nullable(blob()) };
const createShelf: Migration = {
  name: '0001-shelf',
  up: (db, engine) =>
    createTable(db, engine, 'library_shelf', { columns: shelf, primaryKey: ['id'], unique: [['name']] }),
};
const createBook: Migration = {
  name: '0002-book',
  up: (db, engine) =>
    createTable(db, engine, 'library_book', {
      columns: { number: integer(), shelf: text() },
      identity: 'number',
      references: [{ columns: ['shelf'], table: 'library_shelf', to: ['id'], onDelete: 'cascade' }],
    }),
};
const library: SchemaPart = {
  name: 'library',
  tables: { library_shelf: shelf, library_book: { number: integer(), shelf: text() } },
  migrations: [createShelf, createBook],
};

eachDatabase((open) => {
  it('applies what is pending once, in order, and says so', async () => {
    const db = await open();
    assert.deepEqual((await migrationStatus(db, [library])).pending, [
      { module: 'library', name: '0001-shelf' },
      { module: 'library', name: '0002-book' },
    ]);
    assert.equal((await migrate(db, [library], { version: '1.2.3' })).length, 2);
    assert.deepEqual(await migrate(db, [library], { version: '1.2.3' }), []);
    const { applied, pending } = await migrationStatus(db, [library]);
    assert.deepEqual(pending, []);
    assert.deepEqual(
      applied.map(({ name, version }) => `${name} ${version}`),
      ['0001-shelf 1.2.3', '0002-book 1.2.3'],
    );
  });

  it('applies each migration once when two processes start together', async () => {
    const db = await open();
    const twice = await Promise.all([migrate(db, [library]), migrate(db, [library])]);
    assert.equal(twice.flat().length, 2);
    assert.deepEqual(await checkSchema(db, [library]), []);
  });

  it('leaves nothing behind of a migration that fails', async () => {
    const db = await open();
    const broken: Migration = {
      name: '0003-broken',
      async up(schema, engine) {
        await createTable(schema, engine, 'library_reader', { columns: { id: text() }, primaryKey: ['id'] });
        throw new Error('the power went out');
      },
    };
    const next = { ...library, migrations: [...library.migrations, broken] };
    await assert.rejects(migrate(db, [next]), /the power went out/);
    assert.deepEqual(await checkSchema(db, [library]), []);
    assert.deepEqual((await migrationStatus(db, [next])).pending, [{ module: 'library', name: '0003-broken' }]);
  });

  it('refuses a database that a newer program has migrated, naming the program', async () => {
    const db = await open();
    await migrate(db, [library], { version: '9.0.0' });
    const older = { ...library, migrations: [createShelf] };
    await assert.rejects(migrate(db, [older], { version: '1.0.0' }), (error) => {
      assert.ok(error instanceof AppError);
      assert.match(error.message, /library\/0002-book.*9\.0\.0 or newer/);
      return true;
    });
  });

  it('refuses a database with tables that are not ours', async () => {
    const db = await open();
    await db.write((tx) => sql`create table wordpress_posts (id integer)`.execute(tx.for<unknown>()));
    await assert.rejects(migrate(db, [library]), /wordpress_posts.*empty database/);
  });

  it('finds every difference between declaration and database', async () => {
    const db = await open({ parts: [library] });
    const declared: SchemaPart = {
      ...library,
      tables: {
        library_shelf: { id: integer(), name: text(), height: real(), colour: text(), picture: nullable(blob()) },
        library_loan: { id: text() },
      },
    };
    assert.deepEqual(await checkSchema(db, [declared]), [
      'The column library_shelf.colour is declared but missing.',
      'The column library_shelf.id is declared as integer and is text.',
      'The column library_shelf.name is nullable in the database, not as declared.',
      'The table library_book is in the database but nobody declares it.',
      'The table library_loan is declared but missing.',
    ]);
  });

  it('declares its own tables as its migrations make them', async () => {
    const parts = [journalSchema, jobsSchema];
    assert.deepEqual(await checkSchema(await open({ parts }), parts), []);
  });

  it('adds a column to rows that exist', async () => {
    const added: Migration = {
      name: '0003-floor',
      async up(db, engine) {
        await addColumn(db, engine, 'library_shelf', { name: 'floor', column: integer(), default: 1 });
        await addColumn(db, engine, 'library_shelf', { name: 'note', column: nullable(text()) });
      },
    };
    const db = await open({ parts: [library] });
    await db.write((tx) =>
      tx.for<Shelves>().insertInto('library_shelf').values({ id: 'a', height: 1.5, name: null }).execute(),
    );
    const tables = { ...library.tables, library_shelf: { ...shelf, floor: integer(), note: nullable(text()) } };
    const next = { ...library, tables, migrations: [...library.migrations, added] };
    await migrate(db, [next]);
    assert.deepEqual(await checkSchema(db, [next]), []);
    assert.deepEqual(await db.for<Shelves>().selectFrom('library_shelf').select('floor').execute(), [{ floor: 1 }]);
  });

  it('numbers identity columns upwards and never twice', async () => {
    const db = await open({ parts: [library] });
    const add = (): Promise<number> =>
      db.write(async (tx) => {
        const q = tx.for<Shelves>();
        const { number } = await q
          .insertInto('library_book')
          .values({ shelf: 'a' })
          .returning('number')
          .executeTakeFirstOrThrow();
        return number;
      });
    await db.write((tx) =>
      tx.for<Shelves>().insertInto('library_shelf').values({ id: 'a', height: 1, name: null }).execute(),
    );
    const first = await add();
    await db.write((tx) => tx.for<Shelves>().deleteFrom('library_book').execute());
    assert.ok((await add()) > first);
  });
});

interface Shelves {
  library_shelf: { id: string; height: number; name: string | null; floor?: number };
  library_book: { number: Generated<number>; shelf: string };
}

describe('an up to date SQLite database', () => {
  it('is opened and checked without a write', async () => {
    const url = await freshAddress('sqlite');
    const path = url.slice('sqlite:'.length);
    const first = await openDatabase({ url });
    await migrate(first, [library]);
    await first.close();
    const before = statSync(path, { bigint: true });
    const second = await openDatabase({ url });
    await migrate(second, [library]);
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    await second.close();
    assert.equal(log, 0);
    assert.equal(statSync(path, { bigint: true }).mtimeNs, before.mtimeNs);
  });
});

describe('the list of migrations', () => {
  const nothing = async (): Promise<void> => undefined;

  it('must be in the order of its names', async () => {
    const db = await openDatabase({ url: await freshAddress('sqlite') });
    const migrations = [
      { name: '0002-b', up: nothing },
      { name: '0001-a', up: nothing },
    ];
    await assert.rejects(migrate(db, [{ name: 'x', tables: {}, migrations }]), /0001-a must come before 0002-b/);
    await assert.rejects(
      migrate(db, [{ name: 'x', tables: {}, migrations: [{ name: 'first', up: nothing }] }]),
      /name it like 0001-what-it-does/,
    );
    await db.close();
  });
});

describe('the picture of the data model', () => {
  it('shows the tables, their keys and their references', async () => {
    const page = await dataModelPage([library]);
    assert.match(
      page,
      /## library\n\n```mermaid\nerDiagram\n {2}library_shelf \{\n {4}text id PK\n {4}text name "nullable"/,
    );
    assert.match(page, / {4}integer number PK\n {4}text shelf FK/);
    assert.match(page, /library_shelf \|\|--o\{ library_book : "shelf"/);
  });
});
