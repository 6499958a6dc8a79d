import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, type Level, type Period } from '../../../core/index.ts';
import { meanTimeToRepair } from './repair-time.ts';

/** Periods that follow each other at full hours of a day; the last goes on when it has no end. */
function day(...parts: [from: number, level: Level, until: number | null][]): Period[] {
  const at = (hour: number): string => `2025-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
  return parts.map(([from, level, until]) => ({ from: at(from), level, until: until === null ? null : at(until) }));
}

describe('the mean time to repair', () => {
  it('is the mean of the times a device was down', () => {
    const periods = day(
      [0, 'operational', 1],
      [1, 'major_outage', 3],
      [3, 'degraded', 5],
      [5, 'major_outage', 9],
      [9, 'operational', null],
    );
    assert.equal(meanTimeToRepair(periods), 3 * HOUR);
  });

  it('leaves out what goes on and what began before', () => {
    assert.equal(meanTimeToRepair(day([0, 'major_outage', 1], [1, 'operational', 5], [5, 'major_outage', null])), null);
  });

  it('is not told of what was never down', () => {
    assert.equal(meanTimeToRepair(day([0, 'operational', 1], [1, 'degraded', 2], [2, 'operational', null])), null);
    assert.equal(meanTimeToRepair([]), null);
  });
});
