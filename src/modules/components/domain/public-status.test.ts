import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { anyClaim, claim, minutes, NOON } from './builders.cases.ts';
import type { Claim } from './claim.ts';
import { decideStatus } from './decide-status.ts';
import { evidenceTime, publicStatus } from './public-status.ts';

const SINCE = minutes(-45);

function seen(claims: Claim[]) {
  const question = { claims, dependencies: [], now: NOON };
  return {
    status: publicStatus(question, decideStatus(question), SINCE),
    evidenceAt: evidenceTime(claims, NOON, false),
  };
}

/** Anything about a confidential claim but what it says about the level. */
function disguise(one: Claim, text: string, observedAt: string): Claim {
  if (!one.confidential) return one;
  return {
    ...one,
    name: text,
    source: text,
    observedAt,
    confirmed: one.confirmed && {
      ...one.confirmed,
      state: text,
      summary: text,
      evidence: `https://issues.example/${encodeURIComponent(text)}`,
      since: observedAt,
      confirmedAt: observedAt,
    },
  };
}

describe('publicStatus', () => {
  it('shows level and since of a confidential report and nothing else', () => {
    const { status } = seen([
      claim('major_outage', {
        confidential: true,
        confirmed: {
          level: 'major_outage',
          state: 'DOWN',
          summary: 'stolen',
          evidence: 'https://issues.example/7',
          since: minutes(-50),
          confirmedAt: minutes(-50),
        },
      }),
      claim('operational', { source: 'probe' }),
    ]);
    assert.equal(status.level, 'major_outage');
    assert.equal(status.state, null);
    assert.deepEqual(status.why.signals[0], {
      source: '',
      name: '',
      level: 'major_outage',
      state: null,
      summary: null,
      evidence: null,
      observedAt: SINCE,
      expiresAt: null,
      live: true,
      confidential: true,
    });
    assert.deepEqual(
      status.why.signals.slice(1).map(({ source }) => source),
      ['probe'],
    );
  });

  it('does not mention a confidential report that decides nothing', () => {
    const { status } = seen([claim('operational', { confidential: true, source: 'secret' }), claim('operational')]);
    assert.deepEqual(
      status.why.signals.map(({ source, confidential }) => [source, confidential]),
      [['test', false]],
    );
    assert.equal(status.state, 'OPERATIONAL');
  });

  it('leaves a status without confidential claims as it is', () => {
    const question = { claims: [claim('notice')], dependencies: [], now: NOON };
    const status = decideStatus(question);
    assert.equal(publicStatus(question, status, SINCE), status);
  });

  it('is the same whatever a confidential claim says beyond its level', () => {
    const around = fc.integer({ min: -500, max: -1 }).map(minutes);
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 5 }), fc.string(), around, (claims, text, observedAt) => {
        const original = seen(claims);
        const disguised = seen(claims.map((one) => disguise(one, text, observedAt)));
        assert.equal(JSON.stringify(disguised), JSON.stringify(original));
      }),
      { numRuns: 500 },
    );
  });
});

describe('evidenceTime', () => {
  it('is the newest evidence for those who may see all', () => {
    const claims = [
      claim('operational', { observedAt: minutes(-9) }),
      claim('notice', { observedAt: minutes(-2), confidential: true }),
    ];
    assert.equal(evidenceTime(claims, NOON, true), minutes(-2));
    assert.equal(evidenceTime(claims, NOON, false), minutes(-9));
  });

  it('takes of a confidential claim only the time of its source', () => {
    assert.equal(
      evidenceTime([claim('notice', { confidential: true, renewedAt: minutes(-5) })], NOON, false),
      minutes(-5),
    );
    assert.equal(evidenceTime([], NOON, true), null);
  });
});
