import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import { addMs, DAY, HOUR } from '../../core/index.ts';
import { Broke, bellWorld, journalOn, listen, Rang, ring } from './bell.cases.ts';
import { type OperatedJournal, on } from './index.ts';

eachDatabase((open) => {
  const world = (retry: { attempts?: number } = {}) => bellWorld(open, retry);

  describe('retention', () => {
    it('removes what is old and passed by all, and keeps what is still needed', async () => {
      const { clock, db, journal, ring } = await world({ attempts: 2 });
      const broken = listenFor(journal, 'test.failing', 1);
      await ring('bell/a', 1);
      await ring('bell/b', 2);
      await journal.drain();
      clock.advance(DAY);
      await journal.drain();
      assert.equal(broken.length > 0, true);
      const kept = await journal.deadLetters(db);
      assert.equal(kept.length, 1);
      await ring('bell/c', 3);
      await journal.drain();
      assert.equal(await journal.prune(addMs(clock.now(), -HOUR)), 1);
      const left = await journal.readAfter(db, '0');
      assert.deepEqual(
        left.map(({ key }) => key),
        ['bell/a', 'bell/c'],
      );
    });

    it('keeps what a consumer has not reached, unless nobody has read under its name for a month', async () => {
      const { clock, db, journal, ring } = await world();
      listen(journal, 'test.gone');
      await journal.start();
      await journal.stop();
      await ring('bell/a', 1);
      const next = journalOn(db);
      listen(next, 'test.here');
      await next.drain();
      clock.advance(2 * DAY);
      assert.equal(await next.prune(clock.now()), 0);
      clock.advance(31 * DAY);
      assert.equal(await next.prune(clock.now()), 1);
    });

    it('counts events nobody here wants as passed', async () => {
      const { clock, db, journal } = await world();
      listen(journal);
      await db.write((tx) => journal.publish(tx, Broke, { key: 'bell/a', payload: { times: 1 } }));
      await journal.drain();
      clock.advance(DAY);
      assert.equal(await journal.prune(clock.now()), 1);
      await ring(journal, db, 'bell/a', 2);
      await journal.drain();
      assert.equal((await journal.readAfter(db, '0')).length, 1);
    });

    function listenFor(journal: OperatedJournal, name: string, failing: number): number[] {
      const tried: number[] = [];
      journal.consume({
        name,
        subscriptions: [
          on(Rang, async ({ payload }) => {
            tried.push(payload.times);
            if (payload.times === failing) throw new Error('cracked');
          }),
        ],
      });
      return tried;
    }
  });
});
