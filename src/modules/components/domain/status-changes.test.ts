import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Instant, Level } from '../../../core/index.ts';
import { anyClaim, claim, minutes, NOON } from './builders.cases.ts';
import type { Claim } from './claim.ts';
import { decideStatus } from './decide-status.ts';
import { type Situation, statusChanges } from './status-changes.ts';

const BASE: Situation = {
  level: 'operational',
  since: minutes(-100),
  decidedAt: minutes(-20),
  claims: [],
  changed: [],
  dependencies: [],
  expected: [],
  now: NOON,
};

function levels(situation: Situation): [Level, Instant][] {
  return statusChanges(situation).changes.map(({ since, status }) => [status.level, since]);
}

describe('statusChanges', () => {
  it('dates a change by the observation, not by its arrival', () => {
    const before = claim('operational');
    const after = claim('major_outage');
    const changed = [
      [
        { from: '', claim: before },
        { from: minutes(-3), claim: after },
      ],
    ];
    assert.deepEqual(levels({ ...BASE, changed }), [['major_outage', minutes(-3)]]);
  });

  it('records the gap when evidence ran out before the next came', () => {
    const before = claim('operational', { expiresAt: minutes(-10) });
    const after = claim('operational', { expiresAt: minutes(20) });
    const changed = [
      [
        { from: '', claim: before },
        { from: minutes(-4), claim: after },
      ],
    ];
    assert.deepEqual(levels({ ...BASE, changed }), [
      ['unknown', minutes(-10)],
      ['operational', minutes(-4)],
    ]);
  });

  it('dates an expiry by the end of the evidence, however late it is noticed', () => {
    assert.deepEqual(levels({ ...BASE, claims: [claim('operational', { expiresAt: minutes(-7) })] }), [
      ['unknown', minutes(-7)],
    ]);
  });

  it('begins and ends a maintenance in time', () => {
    const claims = [claim('operational'), claim('maintenance', { from: minutes(-15), until: minutes(-5) })];
    assert.deepEqual(levels({ ...BASE, claims }), [
      ['maintenance', minutes(-15)],
      ['operational', minutes(-5)],
    ]);
  });

  it('never goes back before the status in force', () => {
    const changed = [
      [
        { from: '', claim: claim('operational') },
        { from: minutes(-300), claim: claim('degraded') },
      ],
    ];
    assert.deepEqual(levels({ ...BASE, changed }), [['degraded', minutes(-100)]]);
  });

  it('lets the first history ever begin in the past', () => {
    const changed = [[{ from: minutes(-300), claim: claim('degraded') }]];
    assert.deepEqual(levels({ ...BASE, level: 'unknown', since: null, changed }), [['degraded', minutes(-300)]]);
  });

  it('gives the same history however often it was looked at in between', () => {
    const looks = fc.uniqueArray(fc.integer({ min: -29, max: 29 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 4 }), looks, (claims: Claim[], moments) => {
        const start = minutes(-30);
        const level = decideStatus({ claims, dependencies: [], now: start }).level;
        const walk = (ends: number[]) => {
          const said: [Level, Instant][] = [];
          let at: Situation = { ...BASE, level, since: start, decidedAt: start, claims };
          for (const end of ends) {
            const found = levels({ ...at, now: minutes(end) });
            said.push(...found);
            const [last, since] = found.at(-1) ?? [at.level, at.since];
            at = { ...at, level: last, since, decidedAt: minutes(end) };
          }
          return said;
        };
        assert.deepEqual(walk([...moments.sort((a, b) => a - b), 30]), walk([30]));
      }),
    );
  });
});
