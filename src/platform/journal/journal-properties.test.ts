import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { eachDatabase } from '../../../test/support/databases.ts';
import { HOUR } from '../../core/index.ts';
import { type BellTables, hear, journalOn, ManualClock, parts, Rang, ring } from './bell.cases.ts';
import { on } from './index.ts';
import { isAnyRetryDue } from './retry-store.ts';

const ATTEMPTS = 3;

/** One event: its key, how often its handler fails before it works, and what happens after it is published. */
const step = fc.record({
  key: fc.constantFrom('bell/a', 'bell/b', 'bell/c'),
  failures: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: ATTEMPTS + 1 })),
  then: fc.constantFrom('nothing', 'drain', 'wait', 'restart'),
});

eachDatabase((open, engine) => {
  it('delivers each event at least once and in the order of its key, with effects exactly once, whatever fails', async () => {
    const clock = new ManualClock();
    const db = await open({ parts, clock });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const listener = `test.run-${++run}`;
        const failuresLeft = new Map(steps.map(({ failures }, n) => [n, failures]));
        const begin = () => {
          const journal = journalOn(db, { retry: { attempts: ATTEMPTS } });
          journal.consume({
            name: listener,
            from: 'now',
            subscriptions: [
              on(Rang, async ({ payload: { times } }, tx) => {
                // The effect comes first, so that a failure has something to undo.
                await hear(tx, listener, String(times));
                const left = failuresLeft.get(times) ?? 0;
                failuresLeft.set(times, left - 1);
                if (left > 0) throw new Error('cracked');
              }),
            ],
          });
          return journal;
        };
        let journal = begin();
        await journal.drain();
        for (const [n, { key, then }] of steps.entries()) {
          await ring(journal, db, key, n);
          if (then === 'wait') clock.advance(HOUR);
          if (then === 'restart') {
            await journal.stop();
            journal = begin();
          }
          if (then !== 'nothing') await journal.drain();
        }
        for (let round = 0; round <= ATTEMPTS * steps.length; round++) {
          await journal.drain();
          if (!(await isAnyRetryDue(db, '9999'))) break;
          clock.advance(HOUR);
        }

        const numbers = [...steps.keys()];
        const dead = (await journal.deadLetters(db))
          .filter(({ consumer }) => consumer === listener)
          .map(({ event }) => (event.payload as { times: number }).times);
        const rows = await db
          .for<BellTables>()
          .selectFrom('bell_heard')
          .select('event')
          .where('listener', '=', listener)
          .orderBy('place')
          .execute();
        const heard = rows.map(({ event }) => Number(event));
        // A batch that fails is repeated one by one, which costs its event one more failure.
        const mustDie = numbers.filter((n) => (steps[n]?.failures ?? 0) > ATTEMPTS);
        assert.deepEqual([...heard, ...dead].sort(byNumber), numbers, 'each event once, heard or dead');
        assert.ok(mustDie.every((n) => dead.includes(n)));
        assert.ok(dead.every((n) => (steps[n]?.failures ?? 0) >= ATTEMPTS));
        for (const key of new Set(steps.map((one) => one.key))) {
          const ofKey = heard.filter((n) => steps[n]?.key === key);
          assert.deepEqual(ofKey, [...ofKey].sort(byNumber), `order of ${key}`);
        }
        await journal.stop();
      }),
      { numRuns: engine === 'sqlite' ? 40 : 10 },
    );
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
