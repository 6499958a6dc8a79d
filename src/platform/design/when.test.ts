import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../core/index.ts';
import { duration, type Locale, time, timeText } from './when.ts';

const locale: Locale = { language: 'en', timezone: 'Europe/Rome', now: '2026-11-21T09:54:00.000Z' };

describe('time', () => {
  it('says the hour of a moment of today in the zone of the site', () => {
    assert.equal(timeText('2026-11-21T07:42:00.000Z', locale), '08:42');
  });

  it('counts a day from midnight of the zone, not of UTC', () => {
    assert.equal(timeText('2026-11-20T23:30:00.000Z', locale), '00:30');
    assert.equal(timeText('2026-11-20T22:30:00.000Z', locale), '20 Nov, 23:30');
  });

  it('says the year when it is another one', () => {
    assert.equal(timeText('2025-11-20T22:30:00.000Z', locale), '20 Nov 2025, 23:30');
  });

  it('speaks Italian', () => {
    assert.equal(timeText('2025-01-20T22:30:00.000Z', { ...locale, language: 'it' }), '20 gen 2025, 23:30');
  });

  it('keeps the exact moment in the element and tells the script what to make of it', () => {
    assert.equal(
      time('2026-11-21T07:42:00.000Z', locale, { relative: 'ago' }).toString(),
      '<time datetime="2026-11-21T07:42:00.000Z" data-rel="ago">08:42</time>',
    );
    assert.match(time('2026-11-21T07:42:00.000Z', locale, { style: 'full' }).toString(), />21 Nov 2026, 08:42</);
  });
});

describe('duration', () => {
  const cases: [number, string][] = [
    [0, '0 s'],
    [-5, '0 s'],
    [40 * SECOND, '40 s'],
    [MINUTE, '1 min'],
    [HOUR + 12 * MINUTE + 3 * SECOND, '1 h 12 min'],
    [3 * DAY + 2 * HOUR, '3 d 2 h'],
    [40 * DAY + 2 * HOUR, '40 d'],
  ];
  for (const [ms, text] of cases) {
    it(`calls ${ms} ms ${text}`, () => {
      assert.equal(duration(ms, 'en'), text);
    });
  }

  it('speaks Italian', () => {
    assert.equal(duration(3 * DAY + 2 * HOUR, 'it'), '3 g 2 h');
  });
});
