import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { StatementCache } from './statement-cache.ts';

describe('kept statements of a connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-statements-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function world(name: string) {
    const file = join(folder, `${name}.db`);
    const [reader, writer] = [new DatabaseSync(file), new DatabaseSync(file)];
    writer.exec("create table box (a text, b text); insert into box values ('1', '2')");
    const cache = new StatementCache(reader);
    return { writer, rows: (sql = 'select * from box') => cache.run(sql, []).rows };
  }

  it('give rows as plain objects, by the names of their columns', () => {
    const { rows } = world('plain');
    assert.deepEqual(rows('select b as last, a, null as none from box'), [{ last: '2', a: '1', none: null }]);
  });

  it('never give a value under the name of another column after another connection has changed the table', () => {
    const { writer, rows } = world('changed');
    assert.deepEqual(rows(), [{ a: '1', b: '2' }]);
    writer.exec('alter table box rename column b to c');
    assert.deepEqual(rows(), [{ a: '1', c: '2' }]);
    writer.exec("alter table box add column d text default '3'; alter table box drop column a");
    assert.deepEqual(rows(), [{ c: '2', d: '3' }]);
    assert.deepEqual(rows('select box.* from box'), [{ c: '2', d: '3' }]);
  });
});
