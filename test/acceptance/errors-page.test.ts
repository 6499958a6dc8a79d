import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_CODES, type UpstreamReason } from '../../src/core/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

/** The compiler asks for a new reason here, and this test for its row. */
const REASONS: Readonly<Record<UpstreamReason, true>> = {
  auth: true,
  rate_limited: true,
  client: true,
  server: true,
  timeout: true,
  unreachable: true,
};

/** The rows of the table under a heading: first cell, others. */
function rows(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/errors.md', () => {
  it('has one row for each code and none for others', () => {
    assert.deepEqual(
      rows('Codes').map(([code]) => code),
      ERROR_CODES.map((code) => `\`${code}\``),
    );
  });

  it('says with each code which status it is, what it means and what to do', () => {
    for (const [code, status, meaning, remedy, ...more] of rows('Codes')) {
      assert.match(status ?? '', /^[45]\d\d$/, code);
      assert.ok((meaning ?? '').length > 20 && (remedy ?? '').length > 20, code);
      assert.deepEqual(more, []);
    }
  });

  it('has one row for each reason why an outside system failed, and none for others', () => {
    assert.deepEqual(
      rows('Outside systems').map(([reason]) => reason),
      Object.keys(REASONS).map((reason) => `\`${reason}\``),
    );
  });

  it('gives the statuses that the error mapper gives', () => {
    const mapper = readFileSync(join(import.meta.dirname, '../../src/platform/http/error-mapper.ts'), 'utf8');
    for (const [code = '', status = ''] of rows('Codes')) {
      assert.match(mapper, new RegExp(`^  ${code.replaceAll('`', '')}: ${status},$`, 'm'));
    }
  });
});
