import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import { HOUR, MINUTE } from '../../core/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import {
  type BellTables,
  bellWorld,
  hear,
  heardBy,
  journalOn,
  ManualClock,
  NO_JITTER,
  parts,
  Rang,
  ring,
} from './bell.cases.ts';
import { type OperatedJournal, on } from './index.ts';

eachDatabase((open) => {
  const world = (retry: { attempts?: number } = {}) => bellWorld(open, retry);

  describe('a handler that fails', () => {
    /** Fails while `broken` holds its number, after having written its effect. */
    function listenWhileBroken(journal: OperatedJournal, broken: Set<number>): string[] {
      const tried: string[] = [];
      journal.consume({
        name: 'test.listen',
        subscriptions: [
          on(Rang, async ({ key, payload }, tx) => {
            tried.push(`${key} ${payload.times}`);
            await hear(tx, 'test.listen', `${key} ${payload.times}`);
            if (broken.has(payload.times)) throw new Error(`bell ${payload.times} is cracked`);
          }),
        ],
      });
      return tried;
    }

    it('holds up the later events of its key only, and its effects are undone', async () => {
      const { db, journal, ring } = await world();
      const broken = new Set([1]);
      listenWhileBroken(journal, broken);
      for (const [key, times] of [
        ['bell/a', 1],
        ['bell/b', 2],
        ['bell/a', 3],
      ] as const) {
        await ring(key, times);
      }
      await journal.drain();
      assert.deepEqual(await heardBy(db, 'test.listen'), ['bell/b 2']);
    });

    it('is tried again after growing pauses and then followed by its key in order', async () => {
      const { clock, db, journal, ring } = await world();
      const broken = new Set([1]);
      const tried = listenWhileBroken(journal, broken);
      await ring('bell/a', 1);
      await ring('bell/a', 2);
      await journal.drain();
      const counts: number[] = [];
      for (const pause of [999, 1, 1999, 1, 3999, 1]) {
        clock.advance(pause);
        await journal.drain();
        counts.push(tried.length);
      }
      const [first = 0] = counts;
      assert.deepEqual(counts, [first, first + 1, first + 1, first + 2, first + 2, first + 3]);
      await ring('bell/a', 3);
      broken.clear();
      clock.advance(8000);
      await journal.drain();
      assert.deepEqual(await heardBy(db, 'test.listen'), ['bell/a 1', 'bell/a 2', 'bell/a 3']);
      await ring('bell/a', 4);
      await journal.drain();
      assert.equal((await heardBy(db, 'test.listen')).at(-1), 'bell/a 4');
    });

    it('ends among the dead letters with its reason, and its key goes on', async () => {
      const { clock, db, journal, ring } = await world({ attempts: 3 });
      listenWhileBroken(journal, new Set([1]));
      await ring('bell/a', 1);
      await ring('bell/a', 2);
      for (let round = 0; round < 3; round++) {
        await journal.drain();
        clock.advance(HOUR);
      }
      await journal.drain();
      assert.deepEqual(await heardBy(db, 'test.listen'), ['bell/a 2']);
      const letters = await journal.deadLetters(db);
      assert.equal(letters.length, 1);
      const [letter] = letters;
      assert.equal(letter?.reason, 'Error: bell 1 is cracked');
      assert.equal(letter.consumer, 'test.listen');
      assert.equal(letter.attempts, 3);
      assert.deepEqual(letter.event.payload, { times: 1 });
      assert.equal(letter.event.key, 'bell/a');
    });

    it('goes to the dead letters too for a statement that nobody waited for', async () => {
      const { clock, db, journal, ring } = await world({ attempts: 2 });
      journal.consume({
        name: 'test.listen',
        subscriptions: [
          on(Rang, async ({ key, payload }, tx) => {
            // What the compiler would refuse is what the database has to refuse here.
            const event = payload.times === 1 ? (null as unknown as string) : `${key} ${payload.times}`;
            tx.send(tx.for<BellTables>().insertInto('bell_heard').values({ listener: 'test.listen', event }));
          }),
        ],
      });
      for (const [key, times] of [
        ['bell/b', 2],
        ['bell/a', 1],
        ['bell/c', 3],
      ] as const)
        await ring(key, times);
      await journal.drain();
      assert.deepEqual(await heardBy(db, 'test.listen'), ['bell/b 2', 'bell/c 3']);
      clock.advance(HOUR);
      await journal.drain();
      assert.deepEqual(
        (await journal.deadLetters(db)).map(({ event }) => event.key),
        ['bell/a'],
      );
    });

    it('gets a dead letter again when somebody puts it back, once', async () => {
      const { clock, db, journal, ring } = await world({ attempts: 2 });
      const broken = new Set([1]);
      listenWhileBroken(journal, broken);
      await ring('bell/a', 1);
      await journal.drain();
      clock.advance(MINUTE);
      await journal.drain();
      const [letter] = await journal.deadLetters(db);
      assert.ok(letter);
      broken.clear();
      await db.write((tx) => journal.retryDeadLetter(tx, letter.id));
      await journal.drain();
      assert.deepEqual(await heardBy(db, 'test.listen'), ['bell/a 1']);
      assert.deepEqual(await journal.deadLetters(db), []);
      await assert.rejects(
        db.write((tx) => journal.retryDeadLetter(tx, letter.id)),
        { code: 'not_found' },
      );
    });

    it('is named in the log, with the event and never with its payload', async () => {
      const lines: string[] = [];
      const clock = new ManualClock();
      const db = await open({ parts, clock });
      const log = createLogger('info', { write: (line: string) => void lines.push(line) });
      const journal = journalOn(db, { log, retry: { ...NO_JITTER, attempts: 2 } });
      listenWhileBroken(journal, new Set([770077]));
      await ring(journal, db, 'bell/a', 770077);
      await journal.drain();
      clock.advance(MINUTE);
      await journal.drain();
      const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        entries.map(({ level, consumer, key, attempts }) => [level, consumer, key, attempts]),
        [
          [40, 'test.listen', 'bell/a', 1],
          [50, 'test.listen', 'bell/a', 2],
        ],
      );
      assert.ok(!lines.join('').includes('"times"'));
    });
  });

  it('counts what it publishes, handles and gives up, and how far consumers are behind', async () => {
    const clock = new ManualClock();
    const db = await open({ parts, clock });
    const metrics = createMetrics();
    const journal = journalOn(db, { metrics, retry: { ...NO_JITTER, attempts: 2 } });
    journal.consume({
      name: 'test.listen',
      subscriptions: [
        on(Rang, async ({ payload }) => {
          if (payload.times === 1) throw new Error('cracked');
        }),
      ],
    });
    await ring(journal, db, 'bell/a', 1);
    await ring(journal, db, 'bell/b', 2);
    await journal.drain();
    clock.advance(MINUTE);
    await journal.drain();
    await ring(journal, db, 'bell/b', 3);
    const text = await metrics.render();
    for (const line of [
      'signalbox_journal_published_total 3',
      'signalbox_journal_handled_total{consumer="test.listen"} 1',
      'signalbox_journal_failures_total{consumer="test.listen"} 2',
      'signalbox_journal_dead_letters 1',
      'signalbox_journal_lag_events{consumer="test.listen"} 1',
    ]) {
      assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
    }
  });
});
