import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { eachDatabase, freshAddress } from '../../../../test/support/databases.ts';
import { AppError, DAY, systemClock, toInstant } from '../../../core/index.ts';
import { createLogger } from '../../log/index.ts';
import {
  backup,
  backupName,
  createTable,
  keepNewest,
  migrate,
  type OpenedDatabase,
  openDatabase,
  restore,
  type SchemaPart,
  scheduledBackup,
  text,
} from '../index.ts';

const tables = { box_item: { id: text(), filling: text() } };
interface Tables {
  box_item: { id: string; filling: string };
}
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

async function put(db: OpenedDatabase, ...ids: string[]): Promise<void> {
  await db.write(async (tx) => {
    for (const id of ids)
      await tx
        .for<Tables>()
        .insertInto('box_item')
        .values({ id, filling: 'x'.repeat(500) })
        .execute();
  });
}

async function ids(url: string): Promise<string[]> {
  await using db = await openDatabase({ url });
  const rows = await db.for<Tables>().selectFrom('box_item').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-backup-'));
  after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function filled(engine: 'sqlite' | 'postgres', ...items: string[]): Promise<{ url: string; db: OpenedDatabase }> {
  const url = await freshAddress(engine);
  const db = await openDatabase({ url });
  after(() => db.close());
  await migrate(db, [box], { version: '1.0.0' });
  await put(db, ...items);
  return { url, db };
}

function back(url: string, source: string, force = false): Promise<{ keptAs: string | null }> {
  return restore({ url, source, force, parts: [box], clock: systemClock });
}

eachDatabase((_open, engine) => {
  it('brings back what was there when the backup was made', async () => {
    const { url, db } = await filled(engine, 'a', 'b');
    const target = join(await folder(), 'deep', 'copy');
    const made = await backup(db, target);
    assert.equal(made.path, target);
    assert.equal(made.tables, 2);
    assert.equal(made.bytes, (await stat(target)).size);
    assert.equal((await stat(target)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(target, '..')), ['copy']);
    await put(db, 'c');
    await db.close();
    await back(url, target, true);
    assert.deepEqual(await ids(url), ['a', 'b']);
  });

  it('never overwrites a file', async () => {
    const { db } = await filled(engine);
    const target = join(await folder(), 'precious');
    await writeFile(target, 'precious');
    await assert.rejects(backup(db, target), { code: 'conflict' });
    assert.equal(await readFile(target, 'utf8'), 'precious');
  });

  it('is not restored while a server has the database open, nor over one without --force', async () => {
    const { url, db } = await filled(engine, 'a');
    const target = join(await folder(), 'copy');
    await backup(db, target);
    await put(db, 'b');
    await assert.rejects(back(url, target, true), { code: 'unavailable', message: /is in use. Stop Signalbox first/ });
    await db.close();
    await assert.rejects(back(url, target), { code: 'conflict', message: /--force/ });
    assert.deepEqual(await ids(url), ['a', 'b']);
  });

  it('is not restored from a file that is no backup', async () => {
    const { url, db } = await filled(engine, 'a');
    await db.close();
    const place = await folder();
    const garbage = join(place, 'garbage');
    await writeFile(garbage, 'x'.repeat(5000));
    await assert.rejects(back(url, garbage, true), AppError);
    await assert.rejects(back(url, join(place, 'missing'), true), { code: 'not_found' });
    await assert.rejects(back(url, place, true), { code: 'invalid' });
    await symlink(garbage, join(place, 'link'));
    await assert.rejects(back(url, join(place, 'link'), true), { code: 'invalid' });
    assert.deepEqual(await ids(url), ['a']);
  });
});

describe('a backup of SQLite', () => {
  it('is one moment of a database that is being written to', async () => {
    const { db } = await filled('sqlite');
    const place = await folder();
    const stop = new AbortController();
    const writer = async (): Promise<number> => {
      let pairs = 0;
      for (; !stop.signal.aborted; pairs++) await put(db, `left-${pairs}`, `right-${pairs}`);
      return pairs;
    };
    const written = writer();
    const copies = [];
    for (const name of ['one', 'two', 'three']) copies.push((await backup(db, join(place, name))).path);
    stop.abort();
    assert.ok((await written) > 0);
    for (const copy of copies) {
      const found = await ids(copy);
      const left = found.filter((id) => id.startsWith('left-')).map((id) => id.slice(5));
      const right = found.filter((id) => id.startsWith('right-')).map((id) => id.slice(6));
      assert.deepEqual(left, right);
    }
  });

  it('is a single file that has left the log mode', async () => {
    const { db } = await filled('sqlite', 'a');
    const place = await folder();
    await backup(db, join(place, 'copy'));
    const copy = new DatabaseSync(join(place, 'copy'));
    assert.deepEqual({ ...copy.prepare('pragma journal_mode').get() }, { journal_mode: 'delete' });
    copy.close();
    assert.deepEqual(await readdir(place), ['copy']);
  });

  it('stops when it is told to, and leaves no half file', async () => {
    const { db } = await filled('sqlite', 'a');
    const place = await folder();
    await assert.rejects(backup(db, join(place, 'copy'), AbortSignal.abort(new Error('stopping'))), /stopping/);
    assert.deepEqual(await readdir(place), []);
  });

  it('keeps what it replaces under another name', async () => {
    const { url, db } = await filled('sqlite', 'a');
    const target = join(await folder(), 'copy');
    await backup(db, target);
    await put(db, 'b');
    await db.close();
    const { keptAs } = await back(url, target, true);
    assert.ok(keptAs);
    assert.deepEqual(await ids(keptAs), ['a', 'b']);
    assert.deepEqual(await ids(url), ['a']);
  });

  it('replaces a database that is damaged', async () => {
    const { url, db } = await filled('sqlite', 'a');
    const target = join(await folder(), 'copy');
    await backup(db, target);
    await db.close();
    await writeFile(url.slice('sqlite:'.length), 'the disk ate it');
    await back(url, target, true);
    assert.deepEqual(await ids(url), ['a']);
  });

  it('goes where there is nothing yet, without --force', async () => {
    const { db } = await filled('sqlite', 'a');
    const target = join(await folder(), 'copy');
    await backup(db, target);
    const url = await freshAddress('sqlite');
    assert.deepEqual(await back(url, target), { keptAs: null });
    assert.deepEqual(await ids(url), ['a']);
  });
});

describe('a file that looks like a backup of SQLite', () => {
  async function copyOf(change: (db: DatabaseSync) => void): Promise<{ url: string; source: string }> {
    const { url, db } = await filled('sqlite', 'a', 'b');
    const source = join(await folder(), 'copy');
    await backup(db, source);
    await db.close();
    const file = new DatabaseSync(source);
    change(file);
    file.close();
    return { url, source };
  }

  it('is refused when it was cut short or damaged', async () => {
    const { url, source } = await copyOf(() => undefined);
    await truncate(source, (await stat(source)).size - 4096);
    await assert.rejects(back(url, source, true), /is cut short/);
    const bytes = await readFile(source);
    const damaged = Buffer.concat([bytes, Buffer.alloc(4096, 0xa5)]);
    await writeFile(source, damaged);
    await assert.rejects(back(url, source, true), /is not a whole Signalbox database/);
    assert.deepEqual(await ids(url), ['a', 'b']);
  });

  it('is refused when it holds a trigger, which would run with our rights', async () => {
    const { url, source } = await copyOf((db) =>
      db.exec('create trigger evil after insert on box_item begin delete from box_item; end'),
    );
    await assert.rejects(back(url, source, true), /holds the trigger evil/);
  });

  it('is refused when it is of another program, or of a newer one of ours', async () => {
    const foreign = await copyOf((db) => db.exec('drop table signalbox_migration'));
    await assert.rejects(back(foreign.url, foreign.source, true), /has no signalbox_migration/);
    const newer = await copyOf((db) =>
      db.exec(`insert into signalbox_migration values (9, 'box', '0009-future', '2030-01-01T00:00:00.000Z', '7.0.0')`),
    );
    await assert.rejects(back(newer.url, newer.source, true), /box\/0009-future, brought by Signalbox 7\.0\.0/);
    assert.deepEqual(await ids(newer.url), ['a', 'b']);
  });

  it('is refused when it is the database itself, or one in use', async () => {
    const { url, db } = await filled('sqlite', 'a');
    const path = url.slice('sqlite:'.length);
    await assert.rejects(back(url, path, true), /is the database itself/);
    const empty = await freshAddress('sqlite');
    await assert.rejects(back(empty, path), /is a database in use, not a backup/);
    await db.close();
  });
});

describe('scheduled backups', () => {
  it('keep the newest and touch nothing else', async () => {
    const place = await folder();
    const days = Array.from({ length: 5 }, (_, n) => toInstant(Date.UTC(2026, 2, n + 1, 2, 30)));
    for (const day of days) await writeFile(join(place, backupName(day, 'sqlite')), '');
    const others = ['signalbox.db', 'signalbox-old.sqlite', 'notes.txt', 'signalbox-20260301T023000Z.sqlite.txt'];
    for (const name of others) await writeFile(join(place, name), '');
    await mkdir(join(place, 'signalbox-20200101T000000Z.sqlite'));
    await symlink('/nowhere', join(place, 'signalbox-20200102T000000Z.sqlite'));
    const [fresh, stale] = ['signalbox-20260306T023000Z.sqlite.partial', 'signalbox-20260228T023000Z.sqlite.partial'];
    const now = systemClock.now();
    for (const name of [fresh, stale]) await writeFile(join(place, name), '');
    const longAgo = new Date(Date.parse(now) - DAY);
    await utimes(join(place, stale), longAgo, longAgo);
    const removed = await keepNewest(place, 2, now);
    assert.deepEqual(removed.sort(), [
      stale,
      'signalbox-20260301T023000Z.sqlite',
      'signalbox-20260302T023000Z.sqlite',
      'signalbox-20260303T023000Z.sqlite',
    ]);
    const left = await readdir(place);
    for (const name of [...others, fresh, 'signalbox-20200101T000000Z.sqlite', 'signalbox-20200102T000000Z.sqlite']) {
      assert.ok(left.includes(name), name);
    }
  });

  it('are a job that makes a verified file and says so', async () => {
    const { db } = await filled('sqlite', 'a');
    const place = join(await folder(), 'backups');
    const lines: string[] = [];
    const log = createLogger('info', { write: (line: string) => void lines.push(line) });
    const job = scheduledBackup({ db, folder: place, keep: 2, cron: '30 2 * * *', zone: 'UTC', log });
    assert.deepEqual(job.schedule, { cron: '30 2 * * *', zone: 'UTC' });
    await job.run(new AbortController().signal);
    const [name = ''] = await readdir(place);
    assert.match(name, /^signalbox-\d{8}T\d{6}Z\.sqlite$/);
    assert.deepEqual(await ids(join(place, name)), ['a']);
    assert.match(lines.join(''), /backup made and verified/);
  });
});
