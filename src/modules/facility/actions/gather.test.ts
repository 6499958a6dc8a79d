import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../core/index.ts';
import { gather } from './gather.ts';

function recorder(refused: (items: readonly string[]) => unknown = () => null) {
  const runs: string[][] = [];
  const take = gather(async (items: readonly string[]) => {
    runs.push([...items]);
    await Promise.resolve();
    const error = refused(items);
    if (error instanceof Error) throw error;
    return items.map((item) => item.toUpperCase());
  });
  return { runs, take };
}

describe('gather', () => {
  it('runs together what came during a run, and answers each with its own', async () => {
    const { runs, take } = recorder();
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(take)), ['A', 'B', 'C']);
    assert.equal(await take('d'), 'D');
    assert.deepEqual(runs, [['a'], ['b', 'c'], ['d']]);
  });

  it('lets one bad item harm no other', async () => {
    const { take } = recorder((items) => (items.includes('bad') ? new Error('bad') : null));
    const outcomes = await Promise.allSettled(['a', 'b', 'bad', 'c'].map(take));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('does not try each alone when it is the database that fails', async () => {
    const { runs, take } = recorder(() => new AppError('unavailable', 'full'));
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(take));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.equal(runs.length, 2);
  });
});
