import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE, type Uptime } from '../../core/index.ts';
import { sampleUptime } from './design-samples.ts';
import { percent, uptimeText, uptimeView } from './uptime.ts';

describe('uptimeText', () => {
  const cases: [string, Uptime, string][] = [
    ['all up and watched', sampleUptime(), '100 %'],
    ['down for a while', sampleUptime({ down: 13 * HOUR }), '99.3 %'],
    ['down for a minute', sampleUptime({ down: MINUTE }), '99.9 %'],
    ['not all watched', sampleUptime({ down: 12 * HOUR, unknown: 3 * DAY }), '99.4 % of 87 days watched'],
    ['up whenever watched', sampleUptime({ unknown: 3 * DAY }), 'No outage in 87 days watched'],
    ['up, and almost all watched', sampleUptime({ unknown: MINUTE }), '> 99.9 %'],
    ['never watched', sampleUptime({ unknown: 90 * DAY }), 'Not watched'],
    ['maintained all the time', sampleUptime({ maintenance: 90 * DAY }), 'Not watched'],
    ['watched for hours', sampleUptime({ down: HOUR, unknown: 89 * DAY }), '95.8 % of 24 hours watched'],
    ['watched for seconds', sampleUptime({ down: 20_000, unknown: 90 * DAY - 40_000 }), 'Just begun'],
    ['down all the time', sampleUptime({ down: 90 * DAY }), '0.0 %'],
  ];
  for (const [when, uptime, text] of cases) {
    it(`says "${text}" when ${when}`, () => {
      assert.equal(uptimeText('en', uptime), text);
    });
  }

  it('speaks Italian', () => {
    const uptime = sampleUptime({ down: 12 * HOUR, unknown: 3 * DAY });
    assert.equal(uptimeText('it', uptime), '99,4 % di 87 giorni osservati');
  });

  it('never says 100 % of a time that was not all watched and up', () => {
    const parts = fc.record({
      down: fc.integer({ min: 0, max: 30 * DAY }),
      unknown: fc.integer({ min: 0, max: 30 * DAY }),
      maintenance: fc.integer({ min: 0, max: 29 * DAY }),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const uptime = sampleUptime(given);
        const whole = given.down === 0 && given.unknown === 0;
        assert.equal(uptimeText('en', uptime).startsWith('100'), whole);
        assert.equal(uptimeView('en', uptime).toString().startsWith('100'), whole);
      }),
    );
  });
});

describe('percent', () => {
  it('cuts and does not round', () => {
    assert.equal(percent('en', 0.99999), '99.9 %');
    assert.equal(percent('en', 0.994), '99.4 %');
    assert.equal(percent('en', 1), '100 %');
  });
});
