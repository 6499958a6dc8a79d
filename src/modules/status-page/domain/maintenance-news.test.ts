import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident, IncidentStatus, IncidentUpdate } from './incident.ts';
import { type MailSettings, newsOf, recipientsOf, type Step } from './maintenance-news.ts';

const NOBODY: MailSettings = { reviewers: [], to_contact: true, exclude: [] };
const AUTHOR = { label: 'user:ada', account: 'ada' };
const OPERATOR = { label: 'user:olga', account: 'olga' };

function told(before: IncidentStatus | null, status: IncidentStatus, more: Partial<Step> = {}) {
  const after = { type: 'maintenance', status, createdById: 'ada' } as Incident;
  return newsOf({ before, after, update: null, handedIn: false, by: OPERATOR, ...more });
}

describe('what staff are told of a maintenance', () => {
  it('is each real transition, with where it was', () => {
    assert.deepEqual(told('pending_review', 'reviewed'), { state: 'reviewed', before: 'waits' });
    assert.deepEqual(told('reviewed', 'planned'), { state: 'planned', before: 'reviewed' });
    assert.deepEqual(told('planned', 'in_progress'), { state: 'in_progress', before: 'planned' });
    assert.deepEqual(told('in_progress', 'completed'), { state: 'completed', before: 'in_progress' });
    assert.deepEqual(told('planned', 'cancelled'), { state: 'cancelled', before: 'planned' });
    for (const status of ['pending_review', 'reviewed', 'planned', 'in_progress', 'completed', 'cancelled'] as const) {
      assert.equal(told(status, status), null, status);
    }
    assert.equal(told('modified', 'planned'), null, 'another window is no other status');
    assert.equal(told('modified', 'in_progress')?.state, 'in_progress');
  });

  it('is the announcement, unless it was over by then', () => {
    assert.deepEqual(told(null, 'pending_review'), { state: 'waits', before: null });
    assert.deepEqual(told(null, 'planned'), { state: 'scheduled', before: null });
    assert.deepEqual(told(null, 'in_progress'), { state: 'in_progress', before: null });
    assert.equal(told(null, 'completed'), null);
  });

  it('is that it is given back, and that it waits again', () => {
    const update = { fact: { kind: 'given_back' } } as IncidentUpdate;
    assert.deepEqual(told('pending_review', 'pending_review', { update }), { state: 'given_back', before: 'waits' });
    const again = told('pending_review', 'pending_review', { handedIn: true, by: AUTHOR });
    assert.deepEqual(again, { state: 'waits', before: 'given_back' });
  });

  it('calls it rejected when somebody else than its author ends it under review', () => {
    assert.equal(told('pending_review', 'cancelled')?.state, 'rejected');
    assert.equal(told('pending_review', 'cancelled', { by: AUTHOR })?.state, 'cancelled');
    assert.equal(told('planned', 'cancelled')?.state, 'cancelled');
  });

  it('is nothing of incidents and informations, nor of the days of a series as they are unfolded', () => {
    const info = { type: 'info', status: 'planned', createdById: null } as Incident;
    assert.equal(newsOf({ before: null, after: info, update: null, handedIn: false, by: OPERATOR }), null);
    const by = { label: 'system:series', account: null };
    assert.equal(told(null, 'planned', { by }), null);
    assert.equal(told('planned', 'cancelled', { by }), null);
    const checker = { label: 'system:checker', account: null };
    assert.equal(told('planned', 'in_progress', { by: checker })?.state, 'in_progress');
  });
});

describe('who is told of a maintenance', () => {
  const settings = { ...NOBODY, reviewers: ['board@example.org', 'Olga@Example.org'] };
  const to = (state: 'waits' | 'reviewed' | 'given_back' | 'completed', contact: string | null, given = settings) =>
    recipientsOf({ state, before: null }, contact, given).map(
      ({ address, isReviewer }) => `${address}${isReviewer ? ' decides' : ''}`,
    );

  it('are reviewers and the contact while it is reviewed, the contact alone for everything else', () => {
    const all = ['board@example.org decides', 'olga@example.org decides', 'team@example.org'];
    assert.deepEqual(to('waits', 'team@example.org'), all);
    assert.deepEqual(to('reviewed', 'team@example.org'), all);
    assert.deepEqual(to('given_back', 'team@example.org'), ['team@example.org']);
    assert.deepEqual(to('completed', 'team@example.org'), ['team@example.org']);
    assert.deepEqual(to('completed', null), []);
  });

  it('is each address once, whatever its case and the spaces around it', () => {
    assert.deepEqual(to('waits', ' OLGA@example.org '), ['board@example.org decides', 'olga@example.org decides']);
  });

  it('is no address that is excluded, and no contact where contacts are not told', () => {
    const exclude = [' TEAM@example.org', 'board@example.org'];
    assert.deepEqual(to('waits', 'team@example.org', { ...settings, exclude }), ['olga@example.org decides']);
    assert.deepEqual(to('completed', 'team@example.org', { ...settings, to_contact: false }), []);
  });
});
