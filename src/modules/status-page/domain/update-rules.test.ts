import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, incident, maintenance } from './builders.cases.ts';
import { INCIDENT_TYPES, type Incident, parseStatus, STATUSES, STATUSES_OF } from './incident.ts';
import { allowedStatuses } from './statuses.ts';
import type { UpdateEffect, UpdateRequest } from './update-request.ts';
import { decideUpdate } from './update-rules.ts';
import { lastWritten } from './update-time.ts';

const NOW = at('12:30:20');

interface Given {
  now?: string;
  lastWritten?: string | null;
  impactSince?: string;
}

function decide(before: Incident, request: UpdateRequest, given: Given = {}) {
  return decideUpdate(request, {
    incident: before,
    lastWritten: given.lastWritten ?? null,
    impactSince: given.impactSince ?? before.start,
    now: given.now ?? NOW,
  });
}

function effect(before: Incident, request: UpdateRequest, given: Given = {}): UpdateEffect {
  const decided = decide(before, request, given);
  assert.ok(!Array.isArray(decided), JSON.stringify(decided));
  return decided;
}

function mistakes(before: Incident, request: UpdateRequest, given: Given = {}): string[] {
  const decided = decide(before, request, given);
  assert.ok(Array.isArray(decided), 'it was accepted');
  return decided.map(({ field, reason }) => `${field} ${reason}`);
}

const closed = incident({ status: 'resolved', end: at('12:20') });

describe('the statuses of an update', () => {
  it('are those of the type and state, and no others', () => {
    const examples: Incident[] = [
      incident(),
      closed,
      maintenance(),
      maintenance({ status: 'cancelled' }),
      incident({ type: 'info', impact: 0, status: 'planned' }),
    ];
    for (const example of examples) {
      for (const status of STATUSES) {
        const decided = decide(example, {
          status,
          impact: status === 'impact changed' ? 3 : undefined,
          ...(status === 'completed' ? { start: at('12:00'), end: at('12:10') } : {}),
          ...(status === 'in_progress' ? { end: at('16:00') } : {}),
        });
        const isAllowed = allowedStatuses(example).includes(status);
        assert.equal(!Array.isArray(decided), isAllowed, `${example.type} ${example.status} → ${status}`);
      }
    }
  });

  it('of an incident that is open are other ones than of one that is closed', () => {
    assert.deepEqual(allowedStatuses(incident()), [
      'detected',
      'analysing',
      'fixing',
      'impact changed',
      'observing',
      'resolved',
    ]);
    assert.deepEqual(allowedStatuses(closed), ['reopened', 'changed']);
    assert.deepEqual(mistakes(incident(), { status: 'reopened' }), ['status status_open']);
    assert.deepEqual(mistakes(closed, { status: 'fixing' }), ['status status_closed']);
  });

  it('say planned for both a maintenance and an info, and refuse what belongs to another type', () => {
    const types = INCIDENT_TYPES.filter((type) => STATUSES_OF[type].includes('planned'));
    assert.deepEqual(types, ['maintenance', 'info']);
    assert.deepEqual(mistakes(incident(), { status: 'in_progress' }), ['status status_foreign']);
    assert.deepEqual(mistakes(maintenance(), { status: 'resolved' }), ['status status_foreign']);
  });

  it('may be given in the words of every generation', () => {
    const words = [
      'analyzing',
      'identified',
      'watching',
      'fixed',
      'scheduled',
      'in progress',
      'Pending Review',
      'bogus',
    ];
    assert.deepEqual(words.map(parseStatus), [
      'analysing',
      'analysing',
      'observing',
      'resolved',
      'planned',
      'in_progress',
      'pending_review',
      null,
    ]);
  });

  it('never lead out of a cancellation', () => {
    assert.deepEqual(mistakes(maintenance({ status: 'cancelled' }), { status: 'planned' }), ['status status_final']);
  });
});

describe('an update of an incident', () => {
  it('takes it out of the hands of machines, whatever it says', () => {
    assert.equal(effect(incident(), { status: 'fixing' }).incident.system, false);
  });

  it('keeps start, end and impact with an ordinary status', () => {
    const { incident: after, at: moment, kind } = effect(incident(), { status: 'observing' });
    assert.deepEqual(
      [after.status, after.start, after.end, after.impact, moment, kind],
      ['observing', at('12:00'), null, 2, NOW, 'updated'],
    );
  });

  it('ends it with resolved at the moment given, else now', () => {
    const given = effect(incident(), { status: 'resolved', at: at('12:10') });
    assert.deepEqual([given.incident.end, given.at, given.kind], [at('12:10'), at('12:10'), 'closed']);
    assert.equal(effect(incident(), { status: 'resolved' }).incident.end, NOW);
  });

  it('changes the impact with "impact changed" only, never to 0', () => {
    const worse = effect(incident(), { status: 'impact changed', impact: 3, at: at('12:10') });
    assert.deepEqual(
      [worse.incident.impact, worse.incident.status, worse.kind, worse.impactFrom, worse.fact],
      [3, 'analysing', 'worsened', at('12:10'), { kind: 'impact_changed', old: 2, new: 3 }],
    );
    assert.equal(effect(incident(), { status: 'impact changed', impact: 1 }).kind, 'updated');
    assert.deepEqual(mistakes(incident(), { status: 'analysing', impact: 3 }), ['impact impact_needs_status']);
    assert.deepEqual(mistakes(incident(), { status: 'impact changed', impact: 0 }), ['impact impact_zero']);
    assert.deepEqual(mistakes(incident(), { status: 'impact changed' }), ['impact impact_missing']);
    assert.deepEqual(mistakes(incident(), { status: 'impact changed', impact: 2 }), ['impact impact_same']);
    assert.ok(effect(incident(), { status: 'fixing', impact: 2 }), 'a form may send what is in force');
  });

  it('sets the impact after what a machine has set in the meantime', () => {
    const given = { impactSince: at('12:20') };
    const { at: moment, impactFrom } = effect(
      incident(),
      { status: 'impact changed', impact: 1, at: at('12:10') },
      given,
    );
    assert.deepEqual([moment, impactFrom], [at('12:10'), at('12:20')]);
  });

  it('does not move the start of one that is open, nor set an end beside its moment', () => {
    assert.deepEqual(mistakes(incident(), { status: 'fixing', start: at('11:00') }), ['start start_fixed']);
    assert.deepEqual(mistakes(incident(), { status: 'resolved', end: at('12:10') }), ['end end_fixed']);
  });

  it('clears the end with reopened, now', () => {
    const { incident: after, at: moment, kind } = effect(closed, { status: 'reopened', at: at('12:21') });
    assert.deepEqual([after.end, after.status, moment, kind], [null, 'reopened', NOW, 'reopened']);
    const worse = effect(closed, { status: 'reopened', impact: 3 });
    assert.deepEqual([worse.incident.impact, worse.impactFrom], [3, NOW]);
    assert.deepEqual(mistakes(closed, { status: 'reopened', impact: 0 }), ['impact impact_zero']);
    assert.deepEqual(mistakes(closed, { status: 'reopened', end: at('12:25') }), ['end end_fixed']);
  });

  it('moves start and end of one that is closed with changed', () => {
    const { incident: after, fact } = effect(closed, { status: 'changed', start: at('11:30'), end: at('12:15') });
    assert.deepEqual([after.start, after.end, after.status], [at('11:30'), at('12:15'), 'resolved']);
    assert.deepEqual(fact, {
      kind: 'window_changed',
      old: { start: at('12:00'), end: at('12:20') },
      new: { start: at('11:30'), end: at('12:15') },
    });
    assert.deepEqual(mistakes(closed, { status: 'changed', end: at('12:00') }), ['end end_before_start']);
    assert.deepEqual(mistakes(closed, { status: 'changed', end: at('13:00') }), ['end in_future']);
    const corrected = effect(closed, { status: 'changed', impact: 1 }, { impactSince: at('12:05') });
    assert.deepEqual([corrected.incident.impact, corrected.impactFrom], [1, at('12:05')]);
  });

  it('takes a new title and description, and empties the description', () => {
    const { incident: after } = effect(incident(), { status: 'fixing', title: 'Storage is down', description: 'All.' });
    assert.deepEqual([after.title, after.description], ['Storage is down', 'All.']);
    assert.equal(
      effect({ ...incident(), description: 'x' }, { status: 'fixing', description: '' }).incident.description,
      null,
    );
  });
});

describe('the moment of an update', () => {
  it('is not in the future and not before the start', () => {
    assert.deepEqual(mistakes(incident(), { status: 'fixing', at: at('12:30:21') }), ['at in_future']);
    assert.deepEqual(mistakes(incident(), { status: 'fixing', at: at('11:59') }), ['at before_start']);
  });

  it('may lie in the same minute, and second, as the one before', () => {
    const given = { lastWritten: at('12:30:10') };
    assert.equal(effect(incident(), { status: 'fixing', at: at('12:30:10') }, given).at, at('12:30:10'));
    assert.equal(effect(incident(), { status: 'fixing', at: at('12:30') }, given).at, at('12:30:10'), 'of a form');
    assert.deepEqual(mistakes(incident(), { status: 'fixing', at: at('12:30:09') }, given), ['at before_update']);
    assert.deepEqual(mistakes(incident(), { status: 'fixing', at: at('12:29') }, given), ['at before_update']);
  });

  it('in the minute of the start is taken as the start', () => {
    assert.equal(effect(incident({ start: at('12:00:40') }), { status: 'fixing', at: at('12:00') }).at, at('12:00:40'));
  });

  it('is never held up by what the program noted', () => {
    const rows = [
      { at: at('12:01'), status: 'fixing' as const, text: 'We look at it.' },
      { at: at('12:25'), status: 'fixing' as const, text: null },
      { at: at('12:26'), status: 'changed' as const, text: 'The end was another.' },
    ];
    assert.equal(lastWritten(rows), at('12:01'));
    assert.equal(lastWritten(rows.slice(1)), null);
  });
});

describe('an update of a maintenance', () => {
  it('says that it runs, from the moment given', () => {
    const early = effect(maintenance(), { status: 'in_progress', at: at('12:20') });
    assert.deepEqual(
      [early.incident.status, early.incident.start, early.incident.end],
      ['in_progress', at('12:20'), at('16:00')],
    );
    const note = effect(maintenance({ status: 'in_progress' }), { status: 'in_progress' }, { now: at('15:00') });
    assert.equal(note.incident.start, at('14:00'), 'a second time is only a note');
    assert.deepEqual(mistakes(maintenance(), { status: 'in_progress' }, { now: at('16:00') }), ['at after_end']);
  });

  it('ends it at the moment given, and never before it began', () => {
    const running = maintenance({ status: 'in_progress' });
    const { incident: after, kind } = effect(running, { status: 'completed', at: at('15:00') }, { now: at('15:10') });
    assert.deepEqual([after.end, after.status, kind], [at('15:00'), 'completed', 'closed']);
    assert.deepEqual(mistakes(maintenance(), { status: 'completed' }), ['status not_started']);
    assert.deepEqual(mistakes(running, { status: 'completed', at: at('13:00') }, { now: at('15:10') }), [
      'at before_start',
    ]);
    const note = effect(maintenance({ status: 'completed' }), { status: 'completed' }, { now: at('18:00') });
    assert.equal(note.incident.end, at('16:00'));
  });

  it('moves its window with any status, the end after the start', () => {
    const { incident: after, fact } = effect(maintenance(), {
      status: 'modified',
      start: at('18:00'),
      end: at('19:00'),
    });
    assert.deepEqual([after.start, after.end, after.status], [at('18:00'), at('19:00'), 'planned']);
    assert.equal(fact?.kind, 'window_changed');
    const back = effect(
      maintenance({ status: 'in_progress' }),
      { status: 'modified', end: at('20:00') },
      { now: at('15:00') },
    );
    assert.deepEqual([back.incident.status, back.incident.end], ['in_progress', at('20:00')]);
    assert.deepEqual(mistakes(maintenance(), { status: 'modified', end: at('14:00') }), ['end end_before_start']);
    assert.deepEqual(mistakes(maintenance(), { status: 'planned', start: at('17:00') }), ['end end_before_start']);
  });

  it('has no impact and always a description', () => {
    assert.deepEqual(mistakes(maintenance(), { status: 'planned', impact: 1 }), ['impact impact_not_zero']);
    assert.deepEqual(mistakes(maintenance(), { status: 'planned', description: ' ' }), [
      'description description_missing',
    ]);
  });

  it('closes it when cancelled', () => {
    const { incident: after, kind } = effect(maintenance(), { status: 'cancelled' });
    assert.deepEqual([after.status, kind], ['cancelled', 'closed']);
  });
});

describe('an update of an info', () => {
  it('is open-ended until somebody completes it', () => {
    const info = incident({ type: 'info', impact: 0, status: 'active' });
    assert.equal(effect(info, { status: 'active' }).incident.end, null);
    assert.equal(effect(info, { status: 'completed', at: at('12:20') }).incident.end, at('12:20'));
  });
});
