import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { eachDatabase, freshAddress } from '../../../test/support/databases.ts';
import { migrate, openDatabase } from '../database/index.ts';
import { Broke, hear, heardBy, journalOn, parts, Rang } from './bell.cases.ts';
import { on } from './index.ts';

eachDatabase((_open, engine) => {
  it('loses and doubles nothing when the process is killed again and again', async () => {
    const url = await freshAddress(engine);
    const first = await openDatabase({ url });
    await migrate(first, parts);
    await first.close();
    const answered: number[] = [];
    for (let round = 0; round < 6; round++) {
      const program = join(import.meta.dirname, 'killed-consumer.cases.ts');
      const child = spawn(process.execPath, [program, url, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      let seen = 0;
      for await (const line of createInterface(child.stdout)) {
        answered.push(Number(line));
        if (++seen === 20 + 17 * round) child.kill('SIGKILL');
      }
      await exited;
      assert.equal(child.signalCode, 'SIGKILL');
    }

    await using db = await openDatabase({ url });
    const journal = journalOn(db);
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
    await journal.drain();
    const rung = (await journal.readAfter(db, '0', { types: ['bell.rang'], limit: 100_000 })).map(
      ({ payload }) => (payload as { times: number }).times,
    );
    const known = new Set(rung);
    assert.deepEqual(
      answered.filter((times) => !known.has(times)),
      [],
      'answered and lost',
    );
    for (const listener of ['first', 'second']) {
      const heard = (await heardBy(db, listener)).map(Number);
      assert.deepEqual([...heard].sort(byNumber), [...rung].sort(byNumber), `${listener} hears each once`);
      for (const bell of [1, 2, 3]) {
        const ofBell = heard.filter((times) => Math.floor((times % 1_000_000) / 100_000) === bell);
        assert.deepEqual(ofBell, [...ofBell].sort(byNumber), `${listener} hears bell ${bell} in order`);
      }
    }
    assert.ok(answered.length > 300);
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
