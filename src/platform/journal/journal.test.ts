import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../test/support/databases.ts';
import { eventType } from '../../core/index.ts';
import { createLogger } from '../log/index.ts';
import { createJournal, journalSchema, on } from './index.ts';

const Rang = eventType<{ times: number }>('bell.rang');

eachDatabase((open) => {
  it('delivers what was published to a consumer', async () => {
    const db = await open({ parts: [journalSchema] });
    const journal = createJournal({ db, clock: db.clock, log: createLogger('silent') });
    const heard: number[] = [];
    journal.consume({
      name: 'test.listen',
      subscriptions: [on(Rang, async (event) => void heard.push(event.payload.times))],
    });
    await db.write((tx) => journal.publish(tx, Rang, { key: 'bell/door', payload: { times: 2 } }));
    await journal.drain();
    assert.deepEqual(heard, [2]);
  });
});
