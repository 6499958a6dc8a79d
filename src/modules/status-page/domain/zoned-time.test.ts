import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError, HOUR, toInstant, toMs } from '../../../core/index.ts';
import { instantToLocal, localToInstant } from './zoned-time.ts';

const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid';

describe('localToInstant', () => {
  const cases: [string, string, string, string][] = [
    ['in winter', 'Europe/Rome', '2026-01-15T10:00', '2026-01-15T09:00:00.000Z'],
    ['in summer', 'Europe/Rome', '2026-07-15T10:00', '2026-07-15T08:00:00.000Z'],
    ['before the hour that is skipped', 'Europe/Rome', '2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
    ['in the hour that is skipped: an hour later', 'Europe/Rome', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['after the hour that is skipped', 'Europe/Rome', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
    ['in the hour that comes twice: the first', 'Europe/Rome', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['after the hour that comes twice', 'Europe/Rome', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
    ['in New York, skipped', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30:00.000Z'],
    ['in New York, twice', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    ['where half an hour is skipped', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45:00.000Z'],
    ['where midnight is skipped', 'America/Santiago', '2026-09-06T00:30', '2026-09-06T04:30:00.000Z'],
    ['where a whole day was skipped', 'Pacific/Apia', '2011-12-30T10:00', '2011-12-30T20:00:00.000Z'],
    ['14 hours ahead', 'Pacific/Kiritimati', '2026-01-01T00:00', '2025-12-31T10:00:00.000Z'],
    ['on a leap day', 'UTC', '2028-02-29T12:00', '2028-02-29T12:00:00.000Z'],
    ['with the seconds that some browsers add', 'UTC', '2026-01-01T12:00:00', '2026-01-01T12:00:00.000Z'],
  ];
  for (const [what, zone, local, instant] of cases) {
    it(what, () => assert.equal(localToInstant(local, zone), instant));
  }

  it('refuses what no calendar has, and years that nobody plans for', () => {
    const wrong = [
      '',
      '2026-02-30T10:00',
      '2026-02-29T10:00',
      '2026-13-01T10:00',
      '2026-01-01T24:00',
      '2026-01-01T10:60',
      '2026-01-01',
      '2026-01-01 10:00',
      '2026-01-01T10:00Z',
      '2026-01-01T10:00:30',
      '26-01-01T10:00',
      '1969-12-31T10:00',
      '9999-01-01T00:00',
      '+010000-01-01T00:00',
      '2026-01-01T10:00\n',
    ];
    for (const local of wrong) assert.throws(() => localToInstant(local, 'UTC'), refused, local);
    assert.throws(() => localToInstant('2026-01-01T00:00', 'Mars/Base'), refused);
  });
});

describe('instantToLocal', () => {
  it('says what the clocks show', () => {
    assert.equal(instantToLocal('2026-03-29T00:59:59.999Z', 'Europe/Rome'), '2026-03-29T01:59');
    assert.equal(instantToLocal('2026-03-29T01:00:00.000Z', 'Europe/Rome'), '2026-03-29T03:00');
    assert.equal(instantToLocal('2026-12-31T23:30:00.000Z', 'Europe/Rome'), '2027-01-01T00:30');
    assert.equal(instantToLocal('2026-10-25T00:30:00.000Z', 'Europe/Rome'), '2026-10-25T02:30');
    assert.equal(instantToLocal('2026-10-25T01:30:00.000Z', 'Europe/Rome'), '2026-10-25T02:30');
  });

  it('is turned back by localToInstant, or by an hour less where a time comes twice', () => {
    const minute = fc
      .integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2090, 0, 1) / 60_000 })
      .map((minutes) => minutes * 60_000);
    const zones = fc.constantFrom('Europe/Rome', 'America/New_York', 'UTC', 'Asia/Kathmandu', 'Australia/Sydney');
    fc.assert(
      fc.property(minute, zones, (at, zone) => {
        const local = instantToLocal(toInstant(at), zone);
        const back = toMs(localToInstant(local, zone));
        assert.ok(back === at || back === at - HOUR);
        assert.equal(instantToLocal(toInstant(back), zone), local);
      }),
      { numRuns: 300 },
    );
  });
});
