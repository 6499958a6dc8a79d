import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareSeverity, isAtLeast, isSeverity, type Level, SEVERITIES } from '../../../core/index.ts';
import { anyClaim, claim, minutes, NOON } from './builders.cases.ts';
import { type Claim, isLive, nextBoundary } from './claim.ts';
import { type DependencyLevel, decideStatus } from './decide-status.ts';

function decide(claims: Claim[], dependencies: DependencyLevel[] = [], expected: string[] = []) {
  return decideStatus({ claims, dependencies, expected, now: NOON });
}

const expired = { expiresAt: NOON };

describe('decideStatus', () => {
  const cases: [string, Claim[], Level, string][] = [
    [
      'takes the worst live signal',
      [claim('degraded'), claim('major_outage'), claim('operational')],
      'major_outage',
      'worst_signal',
    ],
    [
      'lets an outage show during maintenance',
      [claim('partial_outage'), claim('maintenance')],
      'partial_outage',
      'worst_signal',
    ],
    [
      'says maintenance when nothing is degraded',
      [claim('notice'), claim('maintenance')],
      'maintenance',
      'maintenance',
    ],
    [
      'says maintenance although a required signal expired',
      [claim('operational', expired), claim('maintenance')],
      'maintenance',
      'maintenance',
    ],
    [
      'is unknown when a required signal expired',
      [claim('operational', expired), claim('notice')],
      'unknown',
      'missing_required',
    ],
    [
      'lets a live outage win over an expired signal',
      [claim('operational', expired), claim('degraded')],
      'degraded',
      'worst_signal',
    ],
    [
      'ignores an expired signal that is not required',
      [claim('major_outage', { ...expired, required: false }), claim('notice')],
      'notice',
      'live_signal',
    ],
    ['never shows an expired outage as an outage', [claim('major_outage', expired)], 'unknown', 'missing_required'],
    [
      'takes an unconfirmed required signal for one that never came',
      [claim(null), claim('operational')],
      'unknown',
      'missing_required',
    ],
    [
      'believes a source that says it does not know',
      [claim('unknown'), claim('operational')],
      'unknown',
      'missing_required',
    ],
    [
      'does not count a maintenance that lies ahead',
      [claim('maintenance', { from: minutes(1) }), claim('operational')],
      'operational',
      'live_signal',
    ],
    [
      'does not count a maintenance that is over',
      [claim('maintenance', { until: NOON }), claim('operational')],
      'operational',
      'live_signal',
    ],
    [
      'counts a maintenance from its first moment',
      [claim('maintenance', { from: NOON }), claim('operational')],
      'maintenance',
      'maintenance',
    ],
    [
      'does not miss a required signal outside of its window',
      [claim('degraded', { ...expired, until: NOON }), claim('operational')],
      'operational',
      'live_signal',
    ],
    ['is unknown without signals', [], 'unknown', 'no_signal'],
    [
      'is unknown with only an expired extra signal',
      [claim('notice', { ...expired, required: false })],
      'unknown',
      'no_signal',
    ],
  ];
  for (const [name, claims, level, rule] of cases) {
    it(name, () => {
      const status = decide(claims);
      assert.deepEqual([status.level, status.why.rule], [level, rule]);
    });
  }

  it('marks maintenance beside an outage', () => {
    assert.equal(decide([claim('major_outage'), claim('maintenance')]).maintenance, true);
    assert.equal(decide([claim('major_outage')]).maintenance, false);
  });

  it('is unknown when a signal that the configuration expects never came', () => {
    assert.equal(decide([claim('operational')], [], ['heartbeat']).level, 'unknown');
    assert.equal(decide([claim('operational', { name: 'heartbeat' })], [], ['heartbeat']).level, 'operational');
  });

  it('tells what the last evidence said', () => {
    const status = decide([claim('notice', { ...expired, observedAt: minutes(-20) }), claim('operational')]);
    assert.deepEqual(status.lastKnown, { level: 'notice', state: 'NOTICE', observedAt: minutes(-20) });
    assert.equal(decide([]).lastKnown, null);
  });

  it('puts the deciding signals first, then by attention, source and name', () => {
    const { why } = decide([
      claim('operational', { name: 'b' }),
      claim('operational', { name: 'a' }),
      claim('notice', expired),
      claim('degraded', { name: 'z' }),
      claim('degraded', { source: 'other', name: 'y' }),
    ]);
    assert.deepEqual(
      why.signals.map(({ source, name }) => `${source} ${name}`),
      ['other y', 'test z', 'test state', 'test a', 'test b'],
    );
  });

  it('takes the state of the deciding signal', () => {
    assert.equal(decide([claim('degraded'), claim('operational')]).state, 'DEGRADED');
    assert.equal(decide([claim('operational', expired)]).state, null);
  });

  it('names a broken dependency without changing the level', () => {
    const status = decide(
      [claim('operational')],
      [
        { key: 'net/core', level: 'partial_outage', propagate: null },
        { key: 'net/edge', level: 'degraded', propagate: null },
      ],
    );
    assert.equal(status.level, 'operational');
    assert.deepEqual(status.causedBy, ['net/core']);
  });

  it('is degraded by a dependency that propagates', () => {
    const broken: DependencyLevel = { key: 'net/core', level: 'major_outage', propagate: 'degraded' };
    const status = decide([claim('operational')], [broken]);
    assert.deepEqual([status.level, status.why.rule, status.causedBy], ['degraded', 'dependency', ['net/core']]);
    assert.equal(decide([claim('partial_outage')], [broken]).level, 'partial_outage');
    assert.equal(decide([claim('operational')], [{ ...broken, level: 'unknown' }]).level, 'operational');
  });

  it('holds what the rules promise for any signals', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 6 }), (claims) => {
        const status = decide(claims);
        const live = claims.filter((one) => isLive(one, NOON));
        const severities = live.map((one) => one.confirmed?.level ?? 'unknown').filter(isSeverity);
        const worst = SEVERITIES.findLast((level) => severities.includes(level));
        if (worst && isAtLeast(worst, 'degraded')) assert.equal(status.level, worst);
        else assert.ok(!isAtLeast(status.level, 'degraded'));
        if (isSeverity(status.level)) assert.ok(severities.includes(status.level), 'a level that somebody claims now');
        if (isSeverity(status.level) && worst) assert.equal(compareSeverity(status.level, worst), 0);
        assert.equal(status.lastKnown !== null && status.level !== 'unknown', false);
        assert.equal(
          status.maintenance,
          live.some((one) => one.confirmed?.level === 'maintenance'),
        );
        const missing = claims.some(
          (one) => one.required && one.until === null && one.from === null && !isLive(one, NOON),
        );
        if (missing) assert.notEqual(status.level, 'operational');
      }),
    );
  });

  it('gives the same answer whatever the order of the signals', () => {
    const distinct = fc.uniqueArray(anyClaim, { maxLength: 5, selector: ({ source, name }) => source + name });
    fc.assert(
      fc.property(distinct, (claims) => {
        assert.deepEqual(decide(claims), decide([...claims].reverse()));
      }),
    );
  });

  it('does not change before the next boundary', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 5 }), fc.integer({ min: 1, max: 29 }), (claims, later) => {
        const next = nextBoundary(claims, NOON);
        const moment = minutes(later);
        if (next !== null && moment >= next) return;
        assert.equal(decide(claims).level, decideStatus({ claims, dependencies: [], now: moment }).level);
      }),
    );
  });
});
