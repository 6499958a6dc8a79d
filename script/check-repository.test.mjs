import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

const HASH = 'sha512-AAAA';
let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'signalbox-repository-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the check says about a repository with one dependency, as the lock file tells of it, and other files. */
function complaints({ locked = { integrity: HASH }, declared = '^1.0.0', files = {} }) {
  const manifest = { name: 'sample', dependencies: { left: declared } };
  const lock = { packages: { '': { dependencies: { left: '^1.0.0' } }, 'node_modules/left': locked } };
  const all = { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock), ...files };
  for (const [file, text] of Object.entries(all)) {
    writeFileSync(path.join(folder, file), text);
    if (file.endsWith('.sh')) chmodSync(path.join(folder, file), 0o755);
  }
  execFileSync('git', ['-C', folder, 'init', '--quiet']);
  execFileSync('git', ['-C', folder, 'add', '--all']);
  const script = path.join(import.meta.dirname, 'check-repository.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  assert.equal(status === 0, stderr === '', 'it fails exactly when it says why');
  return stderr;
}

describe('the check of the repository', () => {
  it('has nothing against packages pinned by their hash', () => {
    assert.equal(complaints({}), '');
  });

  it('refuses a package that comes from one place only', () => {
    const resolved = 'https://packages.example/left.tgz';
    assert.match(complaints({ locked: { integrity: HASH, resolved } }), /pins node_modules\/left to one registry/);
  });

  it('refuses a package that could be another next time', () => {
    assert.match(complaints({ locked: {} }), /no hash for node_modules\/left/);
  });

  it('refuses a lock file that was not made from package.json', () => {
    assert.match(complaints({ declared: '^2.0.0' }), /disagree about dependencies/);
  });

  it('refuses to install with the scripts of packages', () => {
    const files = { 'install.sh': '#!/bin/sh\nset -eu\nnpm ci --omit=dev\n' };
    assert.match(complaints({ files }), /install\.sh installs without --ignore-scripts/);
    assert.equal(complaints({ files: { 'install.sh': '#!/bin/sh\nnpm ci --ignore-scripts\n' } }), '');
  });

  it('refuses shell that only one shell understands, or that does not parse', () => {
    assert.match(complaints({ files: { 'a.sh': '#!/bin/bash\necho\n' } }), /not for \/bin\/sh/);
    assert.match(complaints({ files: { 'a.sh': '#!/bin/sh\nif true; then\n' } }), /a\.sh: /);
  });

  it('refuses a text that names a folder of one machine', () => {
    assert.match(complaints({ files: { 'notes.md': `see ${'/home'}/alice/notes\n` } }), /notes\.md:1 names a folder/);
  });
});
