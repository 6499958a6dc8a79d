/**
 * Line coverage per part of the product. Only lines that hold code count: types, comments and blank lines are always
 * "covered" and would hide the rest. A file that no test has loaded counts with all its lines.
 */
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

export const LEAST_PERCENT = 80;
/** Parts whose coverage is a promise; the others are shown. */
const HELD = /^src\/(modules|connectors)\//;
const NOT_MEASURED = /\.(test|spec|cases)\.ts$|\/test-support\//;

/** `src/modules/facility`, `src/platform/journal`, `src/core`, … */
function partOf(file) {
  const [, layer, name] = file.split('/');
  if (name === undefined) return 'src';
  return ['modules', 'connectors', 'platform'].includes(layer) ? `src/${layer}/${name}` : `src/${layer}`;
}

/** Numbers of the lines that are left when types, comments and blanks are taken away. */
export function codeLines(source) {
  const code = stripTypeScriptTypes(source)
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^[ \t]*\/\/.*$/gm, '');
  return code.split('\n').flatMap((line, index) => (/[^\s;]/.test(line) && !isDoor(line) ? [index + 1] : []));
}

/** A door's line and an empty module do nothing that a test could miss. */
function isDoor(line) {
  return /^export (\{.*\}|\*) from |^export \{\};?$/.test(line.trim());
}

/** Rows `{part, files, lines, covered, percent, idle}` ordered by part; `idle` are files of which no test runs a line. */
export function coverageRows(root, coverage) {
  const counts = new Map(coverage.map(({ file, lines }) => [file, lines]));
  const rows = new Map();
  for (const file of globSync('src/**/*.ts', { cwd: root }).sort()) {
    if (NOT_MEASURED.test(file)) continue;
    const numbers = codeLines(readFileSync(path.join(root, file), 'utf8'));
    if (numbers.length === 0) continue;
    const row = rows.get(partOf(file)) ?? { part: partOf(file), files: 0, lines: 0, covered: 0, idle: [] };
    rows.set(row.part, row);
    row.files += 1;
    row.lines += numbers.length;
    const covered = numbers.filter((line) => (counts.get(file)?.[line] ?? 0) > 0).length;
    row.covered += covered;
    if (covered === 0) row.idle.push(file);
  }
  return [...rows.values()]
    .sort((a, b) => a.part.localeCompare(b.part))
    .map((row) => ({ ...row, percent: (100 * row.covered) / row.lines }));
}

export function isTooLow({ part, percent }) {
  return HELD.test(part) && percent < LEAST_PERCENT;
}

export function coverageTable(rows) {
  const width = Math.max(4, ...rows.map(({ part }) => part.length));
  const line = (part, files, lines, percent, mark) =>
    `${part.padEnd(width)} ${String(files).padStart(6)} ${String(lines).padStart(7)} ${percent.padStart(8)}${mark}`;
  const idle = rows.flatMap((row) => row.idle);
  return [
    line('part', 'files', 'lines', 'covered', ''),
    ...rows.map((row) =>
      line(
        row.part,
        row.files,
        row.lines,
        `${row.percent.toFixed(1)} %`,
        isTooLow(row) ? `  less than ${LEAST_PERCENT} %` : '',
      ),
    ),
    ...(idle.length > 0 ? ['', 'No test runs a line of:', ...idle.map((file) => `  ${file}`)] : []),
  ].join('\n');
}
