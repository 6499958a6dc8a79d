import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../../../core/index.ts';
import { afterFailure } from './retry-schedule.ts';

const MIDDLE = () => 0.5;
const lost = { retry: true, fault: 'target' } as const;

describe('after a failure', () => {
  it('the same is tried ten times in three days, then the target is disabled', () => {
    const waits = [];
    let next = afterFailure(lost, 1, MIDDLE);
    for (let attempt = 2; next.step === 'retry'; attempt += 1) {
      waits.push(next.afterMs);
      next = afterFailure(lost, attempt, MIDDLE);
    }
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR);
    assert.deepEqual(waits, [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...hours]);
    assert.deepEqual(next, { step: 'give_up', disable: true });
  });

  it('for good, nothing is tried again; whose fault it is decides what follows', () => {
    for (const [fault, disable] of [
      ['target', true],
      ['message', false],
      ['ours', false],
    ] as const) {
      assert.deepEqual(afterFailure({ retry: false, fault }, 1, MIDDLE), { step: 'give_up', disable });
      assert.deepEqual(afterFailure({ retry: true, fault }, 10, MIDDLE), { step: 'give_up', disable });
    }
  });

  it('a wait that was asked for is kept, and never longer than a day', () => {
    const wait = (retryAfter: number, attempt: number, random = 0) => {
      const next = afterFailure({ ...lost, retryAfter }, attempt, () => random);
      return next.step === 'retry' ? next.afterMs / SECOND : null;
    };
    assert.equal(wait(120, 1), 120);
    assert.equal(wait(120, 1, 0.5), 126);
    assert.equal(wait(1, 3, 0.5), 1800);
    assert.equal(wait(10 ** 9, 1, 0.9), 86_400);
  });

  it('waits lie within a tenth of the schedule, and never before what was asked for', () => {
    const failure = fc.record({
      retry: fc.constant(true),
      retryAfter: fc.option(fc.nat({ max: 86_400 }), { nil: undefined }),
      fault: fc.constantFrom('target', 'message', 'ours'),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(failure, fc.integer({ min: 1, max: 9 }), random, (failed, attempt, chance) => {
        const plain = afterFailure({ ...failed, retryAfter: undefined }, attempt, MIDDLE);
        const next = afterFailure(failed, attempt, () => chance);
        assert.ok(plain.step === 'retry' && next.step === 'retry');
        const asked = (failed.retryAfter ?? 0) * SECOND;
        assert.ok(next.afterMs >= Math.min(asked, 24 * HOUR));
        assert.ok(next.afterMs >= Math.round(plain.afterMs * 0.9));
        assert.ok(next.afterMs <= Math.ceil(Math.max(plain.afterMs, asked) * 1.1));
      }),
    );
  });
});
