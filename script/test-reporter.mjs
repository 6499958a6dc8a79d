/**
 * What a run of node:test tells: failures with their reason and what the file printed, files that take long, and for the
 * script that started the run a JSON file (SIGNALBOX_TEST_RESULT) with the counts and the coverage of each line.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

const SLOW_MS = 10_000;
const PRINTED_AT_MOST = 4000;

function relative(file) {
  return file === undefined ? '' : path.relative(process.cwd(), file);
}

function reasonOf(error) {
  const cause = error?.cause ?? error;
  if (!(cause instanceof Error)) return inspect(cause);
  const { stack = '', message, ...rest } = cause;
  const lines = (stack.includes(message) ? stack : `${message}\n${stack}`)
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:internal/.test(line));
  const inner = cause.cause === undefined ? '' : `\n  cause: ${inspect(cause.cause)}`;
  const details = 'code' in rest && rest.code !== 'ERR_ASSERTION' ? `\n  code: ${rest.code}` : '';
  return lines.join('\n') + details + inner;
}

function indent(text) {
  return text.replace(/^/gm, '    ').trimEnd();
}

/** A suite fails because one of its tests did, which has been told already. */
function isEcho(data) {
  return data.details?.error?.failureType === 'subtestsFailed';
}

function lineCoverage(summary) {
  return summary.files.map((file) => ({
    file: relative(file.path),
    lines: Object.fromEntries(file.lines.map(({ line, count }) => [line, count])),
  }));
}

export default async function* report(events) {
  const result = { passed: 0, failed: 0, skipped: 0, coverage: [] };
  const printed = new Map();
  for await (const { type, data } of events) {
    switch (type) {
      case 'test:stdout':
      case 'test:stderr': {
        const before = printed.get(relative(data.file)) ?? '';
        printed.set(relative(data.file), (before + data.message).slice(-PRINTED_AT_MOST));
        break;
      }
      case 'test:fail':
        if (data.todo === undefined && !isEcho(data)) {
          yield `\n✖ ${relative(data.file)}:${data.line ?? 0} ${data.name}\n${indent(reasonOf(data.details?.error))}\n`;
          const output = printed.get(relative(data.file));
          if (output) yield `  The file has printed:\n${indent(output)}\n`;
          printed.delete(relative(data.file));
        }
        break;
      case 'test:coverage':
        result.coverage = lineCoverage(data.summary);
        break;
      case 'test:summary':
        if (data.file === undefined) {
          const { passed, failed, cancelled, skipped, todo } = data.counts;
          Object.assign(result, { passed, failed: failed + cancelled, skipped: skipped + todo });
        } else if (data.duration_ms > SLOW_MS) {
          yield `  ${relative(data.file)} took ${(data.duration_ms / 1000).toFixed(0)} s\n`;
        }
        break;
    }
  }
  if (process.env.SIGNALBOX_TEST_RESULT) writeFileSync(process.env.SIGNALBOX_TEST_RESULT, JSON.stringify(result));
}
