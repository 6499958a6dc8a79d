import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE } from '../../../core/index.ts';
import { eventEndsPause, pauseAfterFailure, type ReadingState, readingDueAt, regularReading } from './schedule.ts';
import { nextMidnight } from './updated-ago.ts';

const STATE: ReadingState = {
  dirty: false,
  startedAt: '2025-11-20T12:00:00.000Z',
  nextAt: '2025-11-20T13:00:00.000Z',
  holdUntil: null,
};

describe('readingDueAt', () => {
  it('waits for the regular reading when nothing happens', () => {
    assert.equal(readingDueAt(STATE, 2000), '2025-11-20T13:00:00.000Z');
  });
  it('is the window after the last start when something happened', () => {
    assert.equal(readingDueAt({ ...STATE, dirty: true }, 2000), '2025-11-20T12:00:02.000Z');
  });
  it('never lies within a pause', () => {
    const holdUntil = '2025-11-20T12:01:00.000Z';
    assert.equal(readingDueAt({ ...STATE, dirty: true, holdUntil }, 2000), holdUntil);
  });
  it('does not put off the regular reading because of an event', () => {
    const late = { ...STATE, dirty: true, startedAt: '2025-11-20T12:59:59.000Z' };
    assert.equal(readingDueAt(late, 2000), '2025-11-20T13:00:00.000Z');
  });
});

describe('regularReading', () => {
  it('is after the interval', () => {
    assert.equal(regularReading('2025-11-20T12:00:00.000Z', 60 * MINUTE, 'UTC'), '2025-11-20T13:00:00.000Z');
  });
  it('is at local midnight when that comes first', () => {
    assert.equal(regularReading('2025-11-20T22:30:00.000Z', 60 * MINUTE, 'Europe/Rome'), '2025-11-20T23:00:00.000Z');
  });
});

describe('nextMidnight', () => {
  it('knows days of 23 and of 25 hours', () => {
    assert.equal(nextMidnight('2025-03-29T23:00:00.000Z', 'Europe/Rome'), '2025-03-30T22:00:00.000Z');
    assert.equal(nextMidnight('2025-10-25T22:00:00.000Z', 'Europe/Rome'), '2025-10-26T23:00:00.000Z');
  });
});

describe('pauses', () => {
  it('grow from one minute to five', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 50].map((n) => pauseAfterFailure(n, undefined) / MINUTE),
      [1, 2, 4, 5, 5],
    );
  });
  it('are as long as GitLab asks', () => assert.equal(pauseAfterFailure(1, 600), 10 * MINUTE));
  it('end with an event only when the failure was a network or server one', () => {
    assert.deepEqual(
      [eventEndsPause('timeout'), eventEndsPause('rate_limited'), eventEndsPause('auth'), eventEndsPause(null)],
      [true, false, false, false],
    );
  });
});
