import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ConfigHolder } from './config-holder.ts';

const BEGIN = 'http: { public_url: "https://status.example.org/lab" }\nsite: { title: Before }\n';

describe('a reload', () => {
  let folder: string;
  let file: string;
  let holder: ConfigHolder;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-reload-'));
    file = join(folder, 'signalbox.yaml');
    writeFileSync(file, BEGIN);
    holder = new ConfigHolder({ file, env: {}, sections: {}, folder });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('swaps the whole configuration and tells its listeners', () => {
    const before = holder.current();
    const heard: [string, string][] = [];
    const stop = holder.subscribe((now, then) => heard.push([then.site.title, now.site.title]));
    writeFileSync(file, BEGIN.replace('Before', 'After') + 'auth: { session_hours: 1 }\n');
    assert.deepEqual(holder.reload(), { ok: true, changed: ['site', 'auth'], needsRestart: [], failures: [] });
    assert.equal(holder.current().site.title, 'After');
    assert.equal(before.site.title, 'Before');
    stop();
    holder.reload();
    assert.deepEqual(heard, [['Before', 'After']]);
  });

  it('keeps the old one whole when there is one mistake among good changes', () => {
    const before = holder.current();
    let heard = 0;
    holder.subscribe(() => (heard += 1));
    writeFileSync(file, BEGIN.replace('Before', 'After') + 'log: { level: loud }\n');
    const result = holder.reload();
    assert.ok(!result.ok);
    assert.deepEqual(
      result.mistakes.map(({ path }) => path),
      ['log.level'],
    );
    assert.equal(holder.current(), before);
    assert.equal(heard, 0);
  });

  for (const [what, text] of [
    ['is cut in the middle', BEGIN.slice(0, 40)],
    ['is empty', ''],
    ['is not YAML', '{{{'],
  ] as const) {
    it(`keeps the old one when the file ${what}`, () => {
      writeFileSync(file, text);
      assert.equal(holder.reload().ok, false);
      assert.equal(holder.current().site.title, 'Before');
    });
  }

  it('keeps the old one when the file is gone', () => {
    rmSync(file);
    const result = holder.reload();
    assert.ok(!result.ok);
    assert.match(result.mistakes[0]?.problem ?? '', /There is no file/);
    assert.equal(holder.current().site.title, 'Before');
  });

  it('names the keys that wait for a restart and keeps their running values', () => {
    const wanted = 'http: { public_url: "https://status.example.org/new", listen: ":9000" }\n';
    writeFileSync(file, `${wanted}data: { folder: other }\nsite: { title: After }\n`);
    const result = holder.reload();
    assert.ok(result.ok);
    assert.deepEqual(result.needsRestart, [
      'http.listen',
      'http.public_url',
      'data.folder',
      'database.url',
      'database.backup.folder',
    ]);
    assert.deepEqual(result.changed, ['site']);
    const now = holder.current();
    assert.equal(now.site.title, 'After');
    assert.equal(now.http.public_url, 'https://status.example.org/lab');
    assert.equal(now.http.listen.port, 8080);
    assert.equal(now.database.url, `sqlite:${join(folder, 'data', 'signalbox.db')}`);
    assert.equal(now.database.backup.folder, join(folder, 'data', 'backups'));
    assert.ok(Object.isFrozen(now.database.backup));
  });

  it('tells every listener even when one fails', () => {
    let heard = 0;
    holder.subscribe(() => {
      throw new Error('not me');
    });
    holder.subscribe(() => (heard += 1));
    writeFileSync(file, BEGIN.replace('Before', 'After'));
    const result = holder.reload();
    assert.ok(result.ok);
    assert.match(String(result.failures), /not me/);
    assert.equal(heard, 1);
    assert.equal(holder.current().site.title, 'After');
  });

  it('is not needed to refuse a first configuration with mistakes', () => {
    writeFileSync(file, 'site: { title: "" }\n');
    assert.throws(() => new ConfigHolder({ file, env: {}, sections: {} }), /2 mistakes/);
  });
});
