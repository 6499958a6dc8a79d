import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, maintenance } from './builders.cases.ts';
import { byClock, type ClockRow } from './clock-rules.ts';
import type { Incident } from './incident.ts';

const planned: ClockRow = { status: 'planned', at: at('09:00') };
const pending: ClockRow = { status: 'pending_review', at: at('08:00') };
const reviewed: ClockRow = { status: 'reviewed', at: at('08:30') };
const cancelled: ClockRow = { status: 'cancelled', at: at('10:00') };
const info = (more: Partial<Incident>) => maintenance({ type: 'info', ...more });

function told(incident: Incident, rows: readonly ClockRow[], time: string): string {
  const verdict = byClock(incident, rows, at(time));
  if (verdict === null) return '–';
  const added = verdict.rows.map((row) => `${row.status} ${row.at.slice(11, 16)}`);
  return [verdict.status, ...added].join(', ');
}

/** incident, rows, now → what it should be, and the rows it lacks. */
const CASES: [string, Incident, ClockRow[], string, string][] = [
  [
    'reviewed becomes planned',
    maintenance({ status: 'reviewed' }),
    [pending, reviewed],
    '10:00',
    'planned, planned 10:00',
  ],
  ['planned in the future stays', maintenance(), [planned], '13:59', '–'],
  ['past its start it runs, since its start', maintenance(), [planned], '14:05', 'in_progress, in_progress 14:00'],
  [
    'past its end it is completed, with both rows',
    maintenance(),
    [planned],
    '17:00',
    'completed, in_progress 14:00, completed 16:00',
  ],
  [
    'reviewed too late, it has every row at its true time',
    maintenance({ status: 'reviewed' }),
    [pending, reviewed],
    '17:00',
    'completed, planned 14:00, in_progress 14:00, completed 16:00',
  ],
  ['without an end it runs', maintenance({ end: null }), [planned], '20:00', 'in_progress, in_progress 14:00'],
  ['without an end it is planned before', maintenance({ end: null }), [planned], '10:00', '–'],
  ['pending review waits for people', maintenance({ status: 'pending_review' }), [pending], '17:00', '–'],
  ['a cancellation wins over the clock', maintenance(), [planned, cancelled], '17:00', 'cancelled'],
  ['cancelled stays', maintenance({ status: 'cancelled' }), [planned, cancelled], '17:00', '–'],
  [
    'cancelled from pending review adds no planned row',
    maintenance({ status: 'cancelled', told: false }),
    [pending, cancelled],
    '10:05',
    '–',
  ],
  [
    'cancelled after review adds one',
    maintenance({ status: 'cancelled', told: false }),
    [pending, reviewed, cancelled],
    '10:05',
    'cancelled, planned 08:30',
  ],
  [
    'moved into the future after it ran, it runs again later',
    maintenance({ status: 'planned' }),
    [planned, { status: 'in_progress', at: at('12:00') }, { status: 'modified', at: at('12:30') }],
    '14:00',
    'in_progress, in_progress 14:00',
  ],
  [
    'running with a later end it stays as it is',
    maintenance({ status: 'in_progress' }),
    [planned, { status: 'in_progress', at: at('14:00') }, { status: 'modified', at: at('14:30') }],
    '15:00',
    '–',
  ],
  ['an info becomes active', info({}), [planned], '14:00', 'active, active 14:00'],
  [
    'an info without an end stays active',
    info({ end: null, status: 'active' }),
    [planned, { status: 'active', at: at('14:00') }],
    '23:00',
    '–',
  ],
  ['an info is completed', info({}), [planned], '16:00', 'completed, active 14:00, completed 16:00'],
  ['a cancelled info stays', info({ status: 'cancelled' }), [planned, cancelled], '16:00', '–'],
  ['an incident is not the clock’s', maintenance({ type: 'incident', impact: 1, status: 'fixing' }), [], '16:00', '–'],
];

describe('by the clock', () => {
  for (const [name, incident, rows, now, expected] of CASES) {
    it(name, () => assert.equal(told(incident, rows, now), expected));
  }

  it('changes nothing any more once its verdict is applied', () => {
    for (const [name, incident, rows, now] of CASES) {
      const verdict = byClock(incident, rows, at(now));
      if (verdict === null) continue;
      const after = { ...incident, status: verdict.status, told: verdict.told };
      assert.equal(byClock(after, [...rows, ...verdict.rows], at(now)), null, name);
    }
  });

  it('tells the public from planned on', () => {
    assert.equal(
      byClock(maintenance({ status: 'reviewed', told: false }), [pending, reviewed], at('10:00'))?.told,
      true,
    );
  });
});
