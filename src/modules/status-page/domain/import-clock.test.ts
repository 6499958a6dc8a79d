import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withRowsOfTheClock } from './import-clock.ts';
import type { ForeignUpdate } from './import-model.ts';

const START = '2026-11-21T11:00:00.000Z';
const NOW = '2026-11-21T12:00:00.000Z';

function said(status: ForeignUpdate['status'], at: string): ForeignUpdate {
  return { status, at, system: false, text: 'Said', fact: null, createdBy: null };
}

const running = { type: 'maintenance', status: 'in_progress', start: START, end: null, createdAt: START } as const;

it('puts what was planned before what was said in the same moment', () => {
  const { updates } = withRowsOfTheClock({ ...running, updates: [said('in_progress', START)] }, NOW);
  assert.deepEqual(
    updates.map(({ status, text }) => [status, text]),
    [
      ['planned', ''],
      ['in_progress', 'Said'],
    ],
  );
});

it('leaves a maintenance alone that people completed early, or that waits for review', () => {
  for (const status of ['completed', 'pending_review'] as const) {
    const updates = [said(status, START)];
    assert.deepEqual(withRowsOfTheClock({ ...running, status, updates }, NOW), { status, updates });
  }
});

it('adds nothing to an incident', () => {
  const incident = { ...running, type: 'incident', status: 'fixing', updates: [] } as const;
  assert.deepEqual(withRowsOfTheClock(incident, NOW), { status: 'fixing', updates: [] });
});
