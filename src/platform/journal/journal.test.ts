import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { eachDatabase } from '../../../test/support/databases.ts';
import { HOUR } from '../../core/index.ts';
import { openDatabase, type Tx } from '../database/index.ts';
import { Broke, bellWorld, hear, heardBy, journalOn, listen, Rang, ring } from './bell.cases.ts';
import { on, onAll } from './index.ts';

eachDatabase((open, engine) => {
  const world = () => bellWorld(open);

  describe('a consumer', () => {
    it('gets what was published, in order, with its key, time and payload', async () => {
      const { db, clock, journal } = await world();
      const heard: unknown[] = [];
      journal.consume({
        name: 'test.listen',
        subscriptions: [on(Rang, async ({ type, key, at, payload }) => void heard.push({ type, key, at, payload }))],
      });
      await db.write(async (tx) => {
        await journal.publish(tx, Rang, { key: 'bell/a', payload: { times: 1 } });
        await journal.publish(tx, Rang, { key: 'bell/b', payload: { times: 2 } });
      });
      await journal.drain();
      const facts = { type: 'bell.rang', at: clock.now() };
      assert.deepEqual(heard, [
        { ...facts, key: 'bell/a', payload: { times: 1 } },
        { ...facts, key: 'bell/b', payload: { times: 2 } },
      ]);
    });

    it('gets nothing of a unit that failed', async () => {
      const { db, journal } = await world();
      const heard = listen(journal);
      const failing = db.write(async (tx) => {
        await journal.publish(tx, Rang, { key: 'bell/a', payload: { times: 1 } });
        throw new Error('no');
      });
      await assert.rejects(failing);
      await journal.drain();
      assert.deepEqual(heard, []);
    });

    it('gets only the types it asked for, each event once', async () => {
      const { db, journal, ring } = await world();
      const heard = listen(journal);
      await db.write((tx) => journal.publish(tx, Broke, { key: 'bell/a', payload: { times: 9 } }));
      await ring('bell/a', 1);
      await journal.drain();
      await journal.drain();
      await ring('bell/a', 2);
      await journal.drain();
      assert.deepEqual(heard, ['bell/a 1', 'bell/a 2']);
    });

    it('goes on where it was after a restart', async () => {
      const { db, journal, ring } = await world();
      const before = listen(journal);
      await ring('bell/a', 1);
      await journal.drain();
      await journal.stop();
      await ring('bell/a', 2);
      const again = journalOn(db);
      const after = listen(again);
      await again.drain();
      assert.deepEqual([before, after], [['bell/a 1'], ['bell/a 2']]);
    });

    it('begins at the start or with now, as it says', async () => {
      const { journal, ring } = await world();
      await ring('bell/a', 1);
      // On PostgreSQL an older transaction of anybody hides it for a while; "now" is after what can be read.
      await journal.drain();
      const all = listen(journal, 'test.all');
      const later: number[] = [];
      journal.consume({
        name: 'test.later',
        from: 'now',
        subscriptions: [on(Rang, async ({ payload }) => void later.push(payload.times))],
      });
      await journal.start();
      await ring('bell/a', 2);
      await journal.drain();
      await journal.stop();
      assert.deepEqual([all, later], [['bell/a 1', 'bell/a 2'], [2]]);
    });

    it('handles what another publishes in its handler before drain answers', async () => {
      const { journal, ring } = await world();
      const heard: number[] = [];
      journal.consume({
        name: 'test.echo',
        subscriptions: [
          on(Rang, ({ key, payload }, tx) =>
            journal.publish(tx, Broke, { key, payload: { times: payload.times * 10 } }),
          ),
        ],
      });
      journal.consume({
        name: 'test.listen',
        subscriptions: [on(Broke, async ({ payload }) => void heard.push(payload.times))],
      });
      await ring('bell/a', 4);
      await journal.drain();
      assert.deepEqual(heard, [40]);
    });

    it('waits in drain for what a handler that is under way already publishes', async () => {
      const { journal, ring } = await world();
      const heard: number[] = [];
      const [entered, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      journal.consume({
        name: 'test.echo',
        subscriptions: [
          on(Rang, async ({ key, payload }, tx) => {
            entered.resolve(undefined);
            await gate.promise;
            await journal.publish(tx, Broke, { key, payload });
          }),
        ],
      });
      journal.consume({
        name: 'test.listen',
        subscriptions: [on(Broke, async ({ payload }) => void heard.push(payload.times))],
      });
      await journal.start();
      await ring('bell/a', 4);
      await entered.promise;
      const drained = journal.drain();
      setImmediate(() => gate.resolve(undefined));
      await drained;
      const atOnce = [...heard];
      await journal.stop();
      assert.deepEqual(atOnce, [4]);
    });

    it('handles hundreds of events in the order of their keys', async () => {
      const { db, journal } = await world();
      const heard = listen(journal);
      const all = Array.from({ length: 350 }, (_, n) => ({ key: `bell/${n % 7}`, payload: { times: n } }));
      for (let from = 0; from < all.length; from += 50) {
        await db.write(async (tx) => {
          for (const event of all.slice(from, from + 50)) await journal.publish(tx, Rang, event);
        });
      }
      await journal.drain();
      assert.deepEqual(
        heard,
        all.map(({ key, payload }) => `${key} ${payload.times}`),
      );
    });

    it('gets neighbours of one type together where it says so, and one by one when that fails', async () => {
      const { db, journal, clock } = await world();
      const handed: string[] = [];
      const take = (name: string) => async (events: readonly { key: string; payload: { times: number } }[], tx: Tx) => {
        handed.push(`${name} ${events.map(({ payload }) => payload.times).join(' ')}`);
        for (const { payload } of events) await hear(tx, name, String(payload.times));
        if (events.some(({ payload }) => payload.times === 4)) throw new Error('four');
      };
      journal.consume({
        name: 'test.together',
        subscriptions: [onAll(Rang, take('rang')), on(Broke, (event, tx) => take('broke')([event], tx))],
      });
      const publish = (type: typeof Rang, times: number, key = 'bell/a') =>
        db.write((tx) => journal.publish(tx, type, { key, payload: { times } }));
      for (const times of [1, 2]) await publish(Rang, times);
      for (const times of [1, 2]) await publish(Broke, times);
      await publish(Rang, 3);
      await journal.drain();
      assert.deepEqual(handed.splice(0), ['rang 1 2', 'broke 1', 'broke 2', 'rang 3']);
      await publish(Rang, 4);
      for (const times of [5, 6]) await publish(Rang, times, 'bell/b');
      await publish(Rang, 7);
      await journal.drain();
      assert.deepEqual(handed.splice(0), ['rang 4 5 6 7', 'rang 4', 'rang 5', 'rang 6']);
      assert.deepEqual(await heardBy(db, 'rang'), ['1', '2', '3', '5', '6'], 'the fourth holds up its key alone');
      await publish(Rang, 8, 'bell/b');
      clock.advance(HOUR);
      await journal.drain();
      assert.equal((await heardBy(db, 'rang')).includes('8'), true);
    });

    it('is refused a second time under one name', async () => {
      const { journal } = await world();
      listen(journal);
      assert.throws(() => listen(journal), /two journal consumers named test.listen/);
    });

    it('runs by itself once the journal is started, until it is stopped', async () => {
      const { journal, ring } = await world();
      const heard = Promise.withResolvers<number>();
      const calls: number[] = [];
      journal.consume({
        name: 'test.listen',
        subscriptions: [
          on(Rang, async ({ payload }) => {
            calls.push(payload.times);
            heard.resolve(payload.times);
          }),
        ],
      });
      await journal.start();
      await ring('bell/a', 1);
      assert.equal(await heard.promise, 1);
      await journal.stop();
      await ring('bell/a', 2);
      await journal.drain();
      assert.deepEqual(calls, [1]);
    });
  });

  describe('reading without a consumer', () => {
    it('gives what came after a cursor, by type and limit', async () => {
      const { db, journal, ring } = await world();
      const begin = await journal.head(db);
      for (const times of [1, 2, 3]) await ring('bell/a', times);
      await db.write((tx) => journal.publish(tx, Broke, { key: 'bell/a', payload: { times: 4 } }));
      const all = await journal.readAfter(db, begin);
      assert.deepEqual(
        all.map(({ payload }) => payload),
        [1, 2, 3, 4].map((times) => ({ times })),
      );
      assert.equal(await journal.head(db), all.at(-1)?.cursor);
      const second = all[1]?.cursor ?? '';
      assert.deepEqual(
        (await journal.readAfter(db, second, { types: ['bell.rang'] })).map(({ payload }) => payload),
        [{ times: 3 }],
      );
      assert.equal((await journal.readAfter(db, begin, { limit: 2 })).length, 2);
      assert.deepEqual(await journal.readAfter(db, all.at(-1)?.cursor ?? ''), []);
    });

    it('refuses a cursor that is none', async () => {
      const { db, journal } = await world();
      for (const cursor of ['', 'x', '1-2-3', '-1', `1' or '1'='1`, '9'.repeat(40)]) {
        await assert.rejects(journal.readAfter(db, cursor), { code: 'invalid' }, cursor);
      }
    });
  });

  describe('whoever waits for news', () => {
    it('is woken after a commit, once for many, until it has had enough', async () => {
      const { db, journal } = await world();
      let wakes = 0;
      let woken = Promise.withResolvers<undefined>();
      const stop = journal.onNew(() => {
        wakes += 1;
        woken.resolve(undefined);
      });
      await journal.start();
      await Promise.all([1, 2, 3].map((times) => ring(journal, db, 'bell/a', times)));
      await woken.promise;
      await journal.drain();
      assert.ok(wakes >= 1 && wakes <= 3);
      stop();
      woken = Promise.withResolvers<undefined>();
      const before = wakes;
      await ring(journal, db, 'bell/a', 4);
      await journal.drain();
      assert.equal(wakes, before);
      await journal.stop();
    });

    it('is woken by what another process commits', async () => {
      const { db, journal: ours } = await world();
      const address = db.location.engine === 'sqlite' ? db.location.path : urlOf(db.location);
      await using otherDb = await openDatabase({ url: address, clock: db.clock });
      const other = journalOn(otherDb);
      const polling = journalOn(db, { pollMs: 10 });
      const heard = Promise.withResolvers<number>();
      polling.consume({
        name: 'test.listen',
        subscriptions: [on(Rang, async ({ payload }) => heard.resolve(payload.times))],
      });
      const woken = Promise.withResolvers<undefined>();
      polling.onNew(() => woken.resolve(undefined));
      await polling.start();
      await ring(other, otherDb, 'bell/a', 5);
      assert.equal(await heard.promise, 5);
      await woken.promise;
      await polling.stop();
      await ours.stop();
    });
  });

  describe('several processes under one name', () => {
    it('handle each event once', async () => {
      const { db, clock } = await world();
      const address = db.location.engine === 'sqlite' ? db.location.path : urlOf(db.location);
      await using otherDb = await openDatabase({ url: address, clock });
      const journals = [db, otherDb].map((one) => journalOn(one, { pollMs: 5 }));
      for (const journal of journals) {
        journal.consume({
          name: 'test.listen',
          subscriptions: [on(Rang, ({ payload }, tx) => hear(tx, 'test.listen', String(payload.times)))],
        });
        await journal.start();
      }
      const numbers = Array.from({ length: 120 }, (_, n) => n);
      for (const n of numbers) await ring(journals[n % 2]!, n % 2 === 0 ? db : otherDb, 'bell/a', n);
      for (let heard: string[] = []; heard.length < numbers.length; heard = await heardBy(db, 'test.listen')) {
        await Promise.all(journals.map((journal) => journal.drain()));
      }
      for (const journal of journals) await journal.stop();
      assert.deepEqual(
        (await heardBy(db, 'test.listen')).map(Number).sort((a, b) => a - b),
        numbers,
      );
    });
  });

  if (engine === 'postgres') {
    describe('on PostgreSQL a transaction that stays open', () => {
      it('holds back what commits after it, so that no cursor passes its events', async () => {
        const { db, journal } = await world();
        const heard = listen(journal);
        const begun = Promise.withResolvers<undefined>();
        const gate = Promise.withResolvers<undefined>();
        const slow = db.write(async (tx) => {
          await journal.publish(tx, Rang, { key: 'bell/slow', payload: { times: 1 } });
          begun.resolve(undefined);
          await gate.promise;
        });
        await begun.promise;
        await ring(journal, db, 'bell/quick', 2);
        assert.deepEqual(await journal.readAfter(db, '0'), []);
        const drained = journal.drain();
        gate.resolve(undefined);
        await slow;
        await drained;
        assert.deepEqual(heard, ['bell/slow 1', 'bell/quick 2']);
      });

      it('keeps its order when a dump meets a server that counts from a lower number', async () => {
        const { db, journal, ring } = await world();
        const before = listen(journal);
        await ring('bell/a', 1);
        await journal.drain();
        await ring('bell/a', 2);
        await journal.stop();
        await db.write(async (tx) => {
          for (const table of ['journal_event', 'journal_cursor']) {
            await sql`update ${sql.table(table)} set xid = xid + 1000000000`.execute(tx.for<unknown>());
          }
        });
        const again = journalOn(db);
        const after = listen(again);
        await again.start();
        await ring('bell/a', 3);
        await again.drain();
        await again.stop();
        assert.deepEqual([before, after], [['bell/a 1'], ['bell/a 2', 'bell/a 3']]);
      });
    });
  }
});

function urlOf(location: { connectionString: string; schema: string | null }): string {
  const url = new URL(location.connectionString);
  if (location.schema !== null) url.searchParams.set('schema', location.schema);
  return url.href;
}
