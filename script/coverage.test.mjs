import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { codeLines, coverageRows, coverageTable, isTooLow } from './coverage.mjs';

const root = mkdtempSync(path.join(tmpdir(), 'signalbox-coverage-'));
after(() => rmSync(root, { recursive: true, force: true }));

function put(file, text) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

describe('coverage', () => {
  it('counts lines of code, and neither types, comments, blanks nor doors', () => {
    const source = [
      "import type { A } from './a.ts';",
      "export type { A } from './a.ts';",
      "export { b } from './b.ts';",
      '/** Says',
      ' *  what. */',
      'interface Shape {',
      '  size: number;',
      '}',
      '',
      '// why',
      'export const one: number = 1;',
      'export function two(shape: Shape): number {',
      '  return shape.size;',
      '}',
    ].join('\n');
    assert.deepEqual(codeLines(source), [11, 12, 13, 14]);
  });

  it('counts a file that no test loads with all its lines', () => {
    put('src/modules/alpha/loaded.ts', 'export const one = 1;\nexport const two = 2;\n');
    put('src/modules/alpha/forgotten.ts', 'export const three = 3;\nexport const four = 4;\n');
    put('src/modules/alpha/loaded.test.ts', 'throw new Error();\n');
    put('src/platform/log/index.ts', 'export const log = 1;\n');
    const rows = coverageRows(root, [{ file: 'src/modules/alpha/loaded.ts', lines: { 1: 1, 2: 1, 3: 1 } }]);
    assert.deepEqual(
      rows.map(({ part, files, lines, covered, percent }) => [part, files, lines, covered, percent]),
      [
        ['src/modules/alpha', 2, 4, 2, 50],
        ['src/platform/log', 1, 1, 0, 0],
      ],
    );
    assert.deepEqual(rows.map(isTooLow), [true, false], 'modules and connectors are held, the rest is shown');
    assert.deepEqual(rows[0].idle, ['src/modules/alpha/forgotten.ts']);
    assert.match(coverageTable(rows), /No test runs a line of:\n {2}src\/modules\/alpha\/forgotten\.ts\n/);
    assert.match(coverageTable(rows), /^src\/modules\/alpha +2 +4 +50\.0 % {2}less than 80 %$/m);
  });
});
