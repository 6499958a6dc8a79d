import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-commit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the hook says about a message; empty when it is content. */
function complaint(message) {
  const file = path.join(folder, 'COMMIT_EDITMSG');
  writeFileSync(file, message);
  const script = path.join(import.meta.dirname, 'check-commit.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--file', file], { encoding: 'utf8' });
  assert.equal(status === 0, stderr === '', 'it fails exactly when it says why');
  return stderr;
}

describe('the form of commit subjects', () => {
  for (const subject of [
    'fix(core): keep the order of levels',
    'feat(facility)!: read labels of groups',
    'docs: tell where things are',
    'fixup! fix(core): keep the order of levels',
    "Merge branch 'main'",
  ]) {
    it(`accepts "${subject}"`, () => assert.equal(complaint(`${subject}\n\nAnything. At all.\n`), ''));
  }

  for (const [subject, why] of [
    ['keep the order', /not of the form/],
    ['improve(core): keep the order', /type "improve"/],
    ['fix(everything): keep the order', /scope "everything"/],
    ['fix(core): Keep the order', /capital/],
    ['fix(core): keep the order.', /full stop/],
    [`fix(core): ${'x'.repeat(62)}`, /73 characters/],
  ]) {
    it(`refuses "${subject}"`, () => assert.match(complaint(subject), why));
  }
});
