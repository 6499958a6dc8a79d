import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hookProblem } from './hook-problem.ts';

const LOOK = '2025-11-20T12:00:00.000Z';
const LATER = '2025-11-20T12:00:01.000Z';

describe('hookProblem', () => {
  it('is over when a delivery has come since the look that found it', () => {
    for (const problem of ['missing', 'disabled', 'failing', 'unreadable'])
      assert.equal(hookProblem({ problem, lookedAt: LOOK, lastEventAt: LATER }), null, problem);
  });

  it('stays when the last delivery is older, or when there was none', () => {
    for (const lastEventAt of [null, LOOK])
      assert.equal(hookProblem({ problem: 'failing', lookedAt: LOOK, lastEventAt }), 'failing');
  });

  it('stays when deliveries say nothing about it', () => {
    for (const problem of ['events', 'unverified'])
      assert.equal(hookProblem({ problem, lookedAt: LOOK, lastEventAt: LATER }), problem);
  });
});
