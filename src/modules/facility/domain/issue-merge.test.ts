import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenIssue } from './device-state.ts';
import { isOutdated, type KnownIssue, mergeReading } from './issue-merge.ts';

const READ_AT = '2025-11-20T12:00:00.000Z';
const EARLIER = '2025-11-20T11:59:00.000Z';
const LATER = '2025-11-20T12:00:01.000Z';

const read = (updatedAt: string, labels = ['D:A']): OpenIssue => ({
  id: 1,
  iid: 58,
  title: 'Alarm',
  url: 'https://gitlab.example.test/58',
  confidential: false,
  labels,
  dueOn: null,
  updatedAt,
});
const known = (updatedAt: string, seenAt: string, open = true): KnownIssue => ({
  ...read(updatedAt, ['D:A', 'CRITICAL']),
  open,
  seenAt,
});

const at = (updatedAt: string, confidential = false) => ({ updatedAt, confidential });

describe('isOutdated', () => {
  it('believes the confidential one of two states of one second', () => {
    const secret = { ...known(EARLIER, EARLIER), confidential: true };
    assert.ok(isOutdated(at(EARLIER), secret));
    assert.ok(!isOutdated(at(EARLIER, true), secret));
    assert.ok(!isOutdated(at(EARLIER, true), known(EARLIER, EARLIER)));
    assert.ok(!isOutdated(at(LATER), secret), 'it was opened to everybody again');
  });

  it('drops an event that is older than what is known', () => {
    assert.ok(isOutdated(at('2025-11-20T06:12:43.000Z'), known('2025-11-20T06:12:44.101Z', EARLIER)));
  });
  it('takes an event of the same second, since events have no milliseconds', () => {
    assert.ok(!isOutdated(at('2025-11-20T06:12:44.000Z'), known('2025-11-20T06:12:44.101Z', EARLIER)));
  });
  it('takes the first event of an issue', () => assert.ok(!isOutdated(at(EARLIER), undefined)));
});

describe('mergeReading', () => {
  it('takes what was read', () => {
    assert.deepEqual(mergeReading([], [read(EARLIER)], READ_AT), [{ ...read(EARLIER), open: true, seenAt: READ_AT }]);
  });
  it('forgets an open issue that is not listed any more', () => {
    assert.deepEqual(mergeReading([known(EARLIER, EARLIER)], [], READ_AT), []);
  });
  it('keeps an issue that an event brought after the reading began', () => {
    assert.deepEqual(mergeReading([known(LATER, LATER)], [], READ_AT), [known(LATER, LATER)]);
  });
  it('keeps what an event told after the reading began', () => {
    assert.deepEqual(mergeReading([known(LATER, LATER)], [read(EARLIER)], READ_AT), [known(LATER, LATER)]);
  });
  it('takes a reading that calls it confidential against an open event of the same second', () => {
    const [issue] = mergeReading([known(EARLIER, LATER)], [{ ...read(EARLIER), confidential: true }], READ_AT);
    assert.equal(issue?.confidential, true);
  });

  it('does not reopen an issue that was closed while the list was read', () => {
    const closed = known(LATER, LATER, false);
    assert.deepEqual(mergeReading([closed], [read(EARLIER)], READ_AT), [closed]);
  });
  it('believes a recent event against a reading that lags behind, but not for ever', () => {
    const event = known('2025-11-20T11:58:00.000Z', '2025-11-20T11:58:01.000Z');
    assert.deepEqual(mergeReading([event], [read('2025-11-20T10:00:00.000Z')], READ_AT), [event]);
    const old = known('2025-11-20T11:58:00.000Z', '2025-11-20T11:00:00.000Z');
    assert.equal(
      mergeReading([old], [read('2025-11-20T10:00:00.000Z')], READ_AT)[0]?.updatedAt,
      '2025-11-20T10:00:00.000Z',
    );
  });
  it('remembers a closed issue for a day', () => {
    const closed = known(EARLIER, EARLIER, false);
    assert.deepEqual(mergeReading([closed], [], READ_AT), [closed]);
    assert.deepEqual(mergeReading([closed], [], '2025-11-22T12:00:00.000Z'), []);
  });
});
