import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agedSince, ageOf } from './updated-ago.ts';

describe('ageOf', () => {
  const cases: [string, string, string, string, 'hour' | 'day', number][] = [
    ['just now', '2025-11-20T06:00:00.000Z', '2025-11-20T06:59:59.999Z', 'UTC', 'hour', 0],
    ['hours below a day', '2025-11-20T06:00:00.000Z', '2025-11-21T05:00:00.000Z', 'UTC', 'hour', 23],
    ['a day', '2025-11-20T06:00:00.000Z', '2025-11-21T06:00:00.000Z', 'UTC', 'day', 1],
    ['days of the calendar', '2025-11-20T23:30:00.000Z', '2025-11-22T00:30:00.000Z', 'UTC', 'day', 2],
    ['the calendar of the zone', '2025-11-20T23:30:00.000Z', '2025-11-22T00:30:00.000Z', 'Asia/Tokyo', 'day', 1],
    ['over the end of summer time', '2025-10-25T21:30:00.000Z', '2025-10-26T23:30:00.000Z', 'Europe/Rome', 'day', 2],
    ['nothing of a time to come', '2025-11-20T08:00:00.000Z', '2025-11-20T06:00:00.000Z', 'UTC', 'hour', 0],
  ];
  for (const [name, at, now, zone, unit, count] of cases) {
    it(`counts ${name}`, () => assert.deepEqual(ageOf(at, now, zone), { unit, count }));
  }
});

describe('agedSince', () => {
  it('sees midnight of the zone', () => {
    const at = '2025-11-10T12:00:00.000Z';
    assert.ok(agedSince(at, '2025-11-20T22:59:00.000Z', '2025-11-20T23:01:00.000Z', 'Europe/Rome'));
    assert.ok(!agedSince(at, '2025-11-20T22:59:00.000Z', '2025-11-20T23:01:00.000Z', 'UTC'));
  });
});
