import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { isKept, parseLocation } from './location.ts';

describe('the address of a database', () => {
  it('is a file, with or without sqlite: before it', () => {
    for (const url of ['data/a.db', 'sqlite:data/a.db', 'sqlite:./data/a.db']) {
      const path = resolve('data/a.db');
      assert.deepEqual(parseLocation(url), { engine: 'sqlite', path, display: path });
    }
    assert.equal(parseLocation('sqlite:///var/lib/a.db').display, '/var/lib/a.db');
  });

  it('is a PostgreSQL URL, shown without user and password', () => {
    const location = parseLocation('postgres://me:s3cret@db.example.org:5433/box?schema=lab&sslmode=require');
    assert.deepEqual(location, {
      engine: 'postgres',
      connectionString: 'postgres://me:s3cret@db.example.org:5433/box?sslmode=require',
      schema: 'lab',
      display: 'postgres://db.example.org:5433/box (schema lab)',
    });
    assert.equal(parseLocation('postgresql://localhost/box').display, 'postgres://localhost/box');
  });

  it('is refused when it is something else', () => {
    for (const url of ['', 'sqlite:', ':memory:', 'sqlite::memory:', 'mysql://localhost/box', 'postgres://:::']) {
      assert.throws(() => parseLocation(url), { code: 'invalid' }, url);
    }
    for (const schema of ['a b', 'A', 'a;drop', '1a', '', `a'--`]) {
      const url = `postgres://localhost/box?schema=${encodeURIComponent(schema)}`;
      assert.throws(() => parseLocation(url), { code: 'invalid' }, schema);
    }
  });
});

describe('isKept', () => {
  it('finds a file that is there, makes none, and leaves PostgreSQL to whoever opens it', () => {
    assert.equal(isKept(`sqlite:${import.meta.filename}`), true);
    assert.equal(isKept(`sqlite:${import.meta.dirname}/no-such-folder/signalbox.db`), false);
    assert.equal(isKept('postgres://signalbox@db.example.test/signalbox'), true);
  });
});
