import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { stripOnce } from './strip-types.mjs';

describe('sources whose types were taken out once', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'signalbox strip-'));
  after(() => rmSync(root, { recursive: true, force: true }));
  const file = path.join(root, 'src', 'main.ts');
  const kept = path.join(root, 'kept');

  function run(nodeOptions) {
    const ran = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE_OPTIONS: nodeOptions },
    });
    return ran.stdout.trim() || ran.stderr;
  }

  it('are what a process loads, until a file is another than it was', () => {
    mkdirSync(path.dirname(file));
    writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
    writeFileSync(file, 'const word: string = "as written"; console.log(word);\n');
    const options = stripOnce(root, kept);
    assert.equal(run(options), 'as written');
    for (const name of readdirSync(kept)) writeFileSync(path.join(kept, name), 'console.log("as kept");');
    assert.equal(run(options), 'as kept');
    writeFileSync(file, 'const word: string = "written anew"; console.log(word);\n');
    assert.equal(run(options), 'written anew');
  });

  it('leave what is more than types to who loads it', () => {
    writeFileSync(file, 'enum Word { One }; console.log(Word.One);\n');
    assert.match(run(stripOnce(root, kept)), /ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX/);
  });
});
