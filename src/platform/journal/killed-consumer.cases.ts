import { openDatabase } from '../database/index.ts';
import { createLogger } from '../log/index.ts';
import { Broke, hear, Rang } from './bell.cases.ts';
import { createJournal, on } from './index.ts';

/**
 * Run as a process of its own by journal-kill.test.ts: publishes and handles until it is killed. Each ring is answered
 * on stdout once it is durable; each is handled by one consumer that passes it on to a second.
 */

const [url = '', round = ''] = process.argv.slice(2);
const db = await openDatabase({ url });
const journal = createJournal({ db, clock: db.clock, log: createLogger('silent') });

journal.consume({
  name: 'killed.first',
  subscriptions: [
    on(Rang, async ({ key, payload }, tx) => {
      await hear(tx, 'first', String(payload.times));
      await journal.publish(tx, Broke, { key, payload });
    }),
  ],
});
journal.consume({
  name: 'killed.second',
  subscriptions: [on(Broke, ({ payload }, tx) => hear(tx, 'second', String(payload.times)))],
});
await journal.start();

async function keepRinging(bell: number): Promise<never> {
  for (let n = 0; ; n++) {
    const times = Number(round) * 1_000_000 + bell * 100_000 + n;
    await db.write((tx) => journal.publish(tx, Rang, { key: `bell/${bell}`, payload: { times } }));
    process.stdout.write(`${times}\n`);
  }
}

await Promise.all([1, 2, 3].map(keepRinging));
