import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Level, Period } from '../../../core/index.ts';
import { type StateChange, withUnwatched } from './unwatched.ts';

const at = (hour: number): string => `2025-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;

function change(device: string, hour: number, from: string | null, to: string): StateChange {
  return { device, at: at(hour), from, to, level: 'notice', iid: 7, url: 'https://x' };
}

function period(from: number, level: Level, until: number | null): Period {
  return { from: at(from), level, until: until === null ? null : at(until) };
}

/** Changes are given newest first, as they are read. */
function told(changes: StateChange[], periods: Record<string, Period[]>): string[] {
  return withUnwatched(changes.toReversed(), new Map(Object.entries(periods))).map(
    ({ at: time, device, from, to, level, iid }) => `${time.slice(11, 13)} ${device} ${from}→${to} ${level} ${iid}`,
  );
}

describe('changes of state with the times that nobody watched', () => {
  it('go to unknown and back to what is known then', () => {
    const periods = [period(1, 'notice', 3), period(3, 'unknown', 5), period(5, 'notice', null)];
    assert.deepEqual(told([change('a', 1, null, 'INFO')], { a: periods }), [
      '05 a UNKNOWN→INFO notice 7',
      '03 a INFO→UNKNOWN unknown null',
      '01 a null→INFO notice 7',
    ]);
  });

  it('stay unknown while nobody watches', () => {
    const periods = [period(1, 'notice', 3), period(3, 'unknown', null)];
    assert.deepEqual(told([change('a', 1, null, 'INFO')], { a: periods }), [
      '03 a INFO→UNKNOWN unknown null',
      '01 a null→INFO notice 7',
    ]);
  });

  it('end with the change that came at that moment', () => {
    const periods = [period(1, 'notice', 3), period(3, 'unknown', 5), period(5, 'notice', null)];
    assert.deepEqual(told([change('a', 1, null, 'INFO'), change('a', 5, 'INFO', 'RUNNING')], { a: periods }), [
      '05 a UNKNOWN→RUNNING notice 7',
      '03 a INFO→UNKNOWN unknown null',
      '01 a null→INFO notice 7',
    ]);
  });

  it('begin with the first change, and follow each other by time over all devices', () => {
    const changes = [change('a', 2, null, 'INFO'), change('b', 4, null, 'INFO')];
    const periods = {
      a: [period(2, 'notice', 3), period(3, 'unknown', 5), period(5, 'notice', null)],
      b: [period(2, 'unknown', 4), period(4, 'notice', null)],
    };
    assert.deepEqual(told(changes, periods), [
      '05 a UNKNOWN→INFO notice 7',
      '04 b null→INFO notice 7',
      '03 a INFO→UNKNOWN unknown null',
      '02 a null→INFO notice 7',
    ]);
  });

  it('leave what happened meanwhile at its own time', () => {
    const periods = [period(1, 'notice', 3), period(3, 'unknown', 6)];
    assert.deepEqual(told([change('a', 1, null, 'INFO'), change('a', 4, 'INFO', 'RUNNING')], { a: periods }), [
      '06 a UNKNOWN→RUNNING notice 7',
      '04 a INFO→RUNNING notice 7',
      '03 a INFO→UNKNOWN unknown null',
      '01 a null→INFO notice 7',
    ]);
  });
});
