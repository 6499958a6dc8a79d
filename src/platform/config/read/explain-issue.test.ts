import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { loadConfig } from '../load-config.ts';
import type { Mistake } from './mistake.ts';

const Rule = z.union([
  z
    .strictObject({ times: z.int().min(1).describe('How often'), of: z.int().min(1).describe('Of how many') })
    .refine(({ times, of }) => times <= of, 'needs "of" to be at least "times"')
    .transform(({ times, of }) => [times, of]),
  z
    .strictObject({
      lasting: z
        .string()
        .regex(/^\d+m$/, 'write minutes, such as 5m')
        .describe('How long'),
    })
    .transform(({ lasting }) => [lasting]),
]);

const Meaning = z.union([
  z.literal('ignored'),
  z.literal('plain'),
  z.strictObject({ state: z.string().describe('Word'), level: z.enum(['down', 'degraded']).describe('How bad') }),
]);

const lab = z
  .strictObject({
    rules: z
      .array(z.strictObject({ worse: Rule.optional().describe('When') }))
      .default([])
      .describe('Rules'),
    labels: z.record(z.string(), Meaning).default({}).describe('Labels'),
    impact: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe('Impact'),
    project: z
      .union([z.int().positive(), z.string().min(3)])
      .optional()
      .describe('Number or path'),
    must: z
      .strictObject({ place: z.union([z.int(), z.string()]).describe('Place') })
      .optional()
      .describe('Must'),
  })
  .prefault({})
  .describe('A lab');

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-explain-'));
});
after(() => rmSync(folder, { recursive: true }));

function mistakes(yaml: string): Mistake[] {
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, yaml);
  const result = loadConfig({ file, env: {}, sections: { lab }, purpose: 'tool', folder });
  return result.ok ? [] : result.mistakes;
}

function short(yaml: string): string[] {
  return mistakes(yaml).map(({ path, problem }) => `${path}: ${problem}`);
}

const rule = (text: string) => `lab: { rules: [{ worse: ${text} }] }`;

describe('a value with several forms', () => {
  it('is told what is wrong with the form it has', () => {
    assert.deepEqual(short(rule('{ times: 5, of: 3 }')), ['lab.rules[0].worse: needs "of" to be at least "times"']);
    assert.deepEqual(short(rule('{ lasting: 5x }')), ['lab.rules[0].worse.lasting: write minutes, such as 5m']);
    assert.deepEqual(short(rule('{ times: 0, of: 3 }')), ['lab.rules[0].worse.times: must be at least 1']);
    assert.deepEqual(short(rule('{ of: 3 }')), ['lab.rules[0].worse.times: is missing']);
    assert.deepEqual(short('lab: { labels: { CRIT: { state: DOWN, level: dwon } } }'), [
      'lab.labels.CRIT.level: is not one of down, degraded',
    ]);
  });

  it('is told which keys exclude each other when it mixes them', () => {
    const [mistake, ...more] = mistakes(rule('{ times: 3, of: 5, lasting: 5m }'));
    assert.deepEqual(more, []);
    assert.equal(mistake?.path, 'lab.rules[0].worse');
    assert.equal(mistake.problem, 'has keys that exclude each other');
    assert.equal(mistake.remedy, 'Write either times and of, or lasting.');
  });

  it('is told the forms there are when it has none of them', () => {
    for (const text of ['{}', '5m', '[3, 5]']) {
      const [mistake, ...more] = mistakes(rule(text));
      assert.deepEqual(more, []);
      assert.equal(mistake?.problem, 'must be a group of keys', text);
      assert.equal(mistake.remedy, 'Write either times and of, or lasting.');
    }
  });

  it('is told the words there are, and the one that was meant', () => {
    assert.deepEqual(mistakes('lab: { labels: { CRIT: plian } }'), [
      {
        path: 'lab.labels.CRIT',
        line: 1,
        column: 18,
        value: '"plian"',
        problem: 'is not one of ignored, plain, nor a group of keys',
        remedy: 'Did you mean plain?',
      },
    ]);
    const [mistake] = mistakes('lab: { labels: { CRIT: donw } }');
    assert.equal(mistake?.problem, 'is not one of ignored, plain, nor a group of keys');
    assert.equal(mistake.remedy, 'Write one of these words, or a group with state and level.');
    assert.deepEqual(short('lab: { impact: 3 }'), ['lab.impact: is not one of 1, 2']);
  });

  it('is told that it is missing where it must be', () => {
    assert.deepEqual(short('lab: { must: {} }'), ['lab.must.place: is missing']);
  });

  it('is told what is wrong with a text or a number where both may stand', () => {
    assert.deepEqual(short('lab: { project: 0 }'), ['lab.project: must be more than 0']);
    assert.deepEqual(short('lab: { project: ab }'), ['lab.project: must have at least 3 characters']);
  });
});
