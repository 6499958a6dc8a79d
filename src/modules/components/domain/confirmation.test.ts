import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isAtLeast, type Level, MINUTE, SEVERITIES, type Severity } from '../../../core/index.ts';
import { minutes } from './builders.cases.ts';
import { AT_ONCE, type Confirmation, type ConfirmedLevel, confirm, observationsNeeded } from './confirmation.ts';

const LETTERS: Record<string, Level> = {
  o: 'operational',
  n: 'notice',
  d: 'degraded',
  p: 'partial_outage',
  m: 'major_outage',
  w: 'maintenance',
  u: 'unknown',
};

/** One observation a minute, each a letter. */
function observe(letters: string) {
  return [...letters].map((letter, index) => ({ observedAt: minutes(index), level: LETTERS[letter] as Level }));
}

/** Feeds observations one by one, as they come in, and returns what was confirmed on the way. */
function feed(letters: string, rules: Confirmation, keep = Infinity): string[] {
  const all = observe(letters);
  let inForce: ConfirmedLevel | null = null;
  const said: string[] = [];
  all.forEach(({ observedAt }, index) => {
    const seen = all.slice(Math.max(0, index + 1 - keep), index + 1);
    for (const step of confirm(inForce, seen, rules, observedAt).steps) {
      said.push(`${step.level} since ${all.findIndex((one) => one.observedAt === step.since)} at ${index}`);
      inForce = step;
    }
  });
  return said;
}

const count = (n: number, of: number) => ({ kind: 'count', n, of }) as const;
const lasting = (m: number) => ({ kind: 'lasting', ms: m * MINUTE }) as const;

describe('confirm by "n of the last m"', () => {
  const bothWays: Confirmation = { worse: count(2, 3), better: count(2, 3) };
  const cases: [string, string, Confirmation, string[]][] = [
    ['confirms at once without a rule', 'om', AT_ONCE, ['operational since 0 at 0', 'major_outage since 1 at 1']],
    [
      'waits for the n-th and counts from the first',
      'oodd',
      bothWays,
      ['operational since 0 at 1', 'degraded since 2 at 3'],
    ],
    ['forgives a single bad observation', 'oodooo', bothWays, ['operational since 0 at 1']],
    [
      'counts n of m although a good one lies between',
      'oodod',
      bothWays,
      ['operational since 0 at 1', 'degraded since 2 at 4'],
    ],
    [
      'confirms only as bad as n observations were',
      'oodm',
      bothWays,
      ['operational since 0 at 1', 'degraded since 2 at 3'],
    ],
    [
      'goes on to what is worse',
      'oodmm',
      bothWays,
      ['operational since 0 at 1', 'degraded since 2 at 3', 'major_outage since 3 at 4'],
    ],
    [
      'comes back only after n good ones, which begin after the outage was sure',
      'oododoo',
      bothWays,
      ['operational since 0 at 1', 'degraded since 2 at 4', 'operational since 5 at 6'],
    ],
    [
      'takes a recovery at once when only worsening needs proof',
      'ommo',
      { worse: count(2, 2), better: null },
      ['operational since 0 at 0', 'major_outage since 1 at 2', 'operational since 3 at 3'],
    ],
    [
      'takes maintenance and unknown at once',
      'oowu',
      bothWays,
      ['operational since 0 at 1', 'maintenance since 2 at 2', 'unknown since 3 at 3'],
    ],
    [
      'starts counting anew after maintenance',
      'oodwd',
      bothWays,
      ['operational since 0 at 1', 'maintenance since 3 at 3'],
    ],
    ['says nothing until the first level is sure', 'mo', { worse: count(2, 3), better: count(2, 3) }, []],
  ];
  for (const [name, letters, rules, expected] of cases) {
    it(name, () => assert.deepEqual(feed(letters, rules), expected));
  }

  it('does not let old bad observations undo a confirmed recovery', () => {
    const rules: Confirmation = { worse: count(2, 5), better: count(2, 2) };
    assert.deepEqual(feed('oommoooo', rules), [
      'operational since 0 at 1',
      'major_outage since 2 at 3',
      'operational since 4 at 5',
    ]);
  });

  it('needs no more than the last m observations to be kept', () => {
    const letters = fc.array(fc.constantFrom('o', 'n', 'd', 'm'), { maxLength: 30 }).map((list) => list.join(''));
    const rule = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
      .map(([n, more]) => count(n, n + more));
    fc.assert(
      fc.property(letters, rule, rule, (text, worse, better) => {
        const rules = { worse, better };
        assert.deepEqual(feed(text, rules, observationsNeeded(rules)), feed(text, rules));
      }),
    );
  });

  it('is as bad as n observations in a row agree on, and never worse than n of the last n were', () => {
    const levels = fc.array(fc.constantFrom<Severity>(...SEVERITIES), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 4 }), (list, n) => {
        const rules: Confirmation = { worse: count(n, n), better: null };
        let inForce: ConfirmedLevel = { level: 'operational', since: minutes(-10), confirmedAt: minutes(-10) };
        list.forEach((_level, index) => {
          const before = inForce.level;
          const seen = list.slice(0, index + 1).map((one, at) => ({ observedAt: minutes(at), level: one }));
          inForce = confirm(inForce, seen, rules, minutes(index)).steps.at(-1) ?? inForce;
          const lastN = list.slice(Math.max(0, index + 1 - n), index + 1);
          const inARow =
            lastN.length === n ? lastN.reduce((least, one) => (isAtLeast(one, least) ? least : one)) : 'operational';
          assert.ok(isAtLeast(inForce.level, inARow), `${n} times at least ${inARow} and still ${inForce.level}`);
          const worsened = isAtLeast(inForce.level, before as Severity) && inForce.level !== before;
          if (worsened) assert.equal(inForce.level, inARow);
        });
      }),
    );
  });
});

describe('confirm by "for at least"', () => {
  const rules: Confirmation = { worse: lasting(5), better: lasting(2) };
  const operational: ConfirmedLevel = { level: 'operational', since: minutes(-60), confirmedAt: minutes(-60) };

  it('says when a single observation will count, and counts it then from its beginning', () => {
    const seen = observe('m');
    assert.deepEqual(confirm(operational, seen, rules, minutes(1)), { steps: [], dueAt: minutes(5) });
    assert.deepEqual(confirm(operational, seen, rules, minutes(7)), {
      steps: [{ level: 'major_outage', since: minutes(0), confirmedAt: minutes(5) }],
      dueAt: null,
    });
  });

  it('starts anew when it was good in between', () => {
    assert.deepEqual(confirm(operational, observe('mmmom'), rules, minutes(5)).steps, []);
    assert.equal(confirm(operational, observe('mmmom'), rules, minutes(5)).dueAt, minutes(9));
  });

  it('counts the least of what lasted, then goes on to what is worse', () => {
    const { steps, dueAt } = confirm(operational, observe('dmm'), rules, minutes(5));
    assert.deepEqual(
      steps.map(({ level }) => level),
      ['degraded'],
    );
    assert.equal(dueAt, minutes(6));
    const later = confirm(operational, observe('dmm'), rules, minutes(20)).steps;
    assert.deepEqual(
      later.map(({ level, since }) => [level, since]),
      [
        ['degraded', minutes(0)],
        ['major_outage', minutes(1)],
      ],
    );
  });

  it('gives the same history however late it is asked', () => {
    const letters = fc.array(fc.constantFrom('o', 'n', 'd', 'p', 'm'), { minLength: 1, maxLength: 12 });
    const askedAt = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 10 });
    fc.assert(
      fc.property(letters, askedAt, (list, moments) => {
        const all = observe(list.join(''));
        const run = (asks: number[]) => {
          const steps: ConfirmedLevel[] = [];
          let inForce = operational;
          for (const at of asks) {
            const seen = all.filter(({ observedAt }) => observedAt <= minutes(at));
            for (const step of confirm(inForce, seen, rules, minutes(at)).steps) {
              steps.push(step);
              inForce = step;
            }
          }
          return steps;
        };
        // Every arrival is looked at; between arrivals anybody may look or not.
        const arrivals = all.map((_, index) => index);
        const seldom = run([...arrivals, 60]);
        const often = run([...new Set([...arrivals, ...moments, 60])].sort((a, b) => a - b));
        assert.deepEqual(often, seldom);
      }),
    );
  });
});
