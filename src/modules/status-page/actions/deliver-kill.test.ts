import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';
import { eachDatabase, freshAddress } from '../../../../test/support/databases.ts';
import { OPERATOR, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { confirmedSubscription } from '../../../../test/support/subscription-context.ts';
import { startWebReceiver } from '../../../../test/support/web-receiver.ts';
import { migrate, openDatabase } from '../../../platform/database/index.ts';
import { insertSubscription } from '../store/subscription-store.ts';
import { postUpdate } from './post-update.ts';

const PROGRAM = join(import.meta.dirname, 'killed-deliverer.cases.ts');

/** Where a process dies, and at which message. */
const DEATHS: readonly (readonly [place: string, message: number])[] = [
  ['stored', 0],
  ['taken', 1],
  ['sent', 1],
  ['taken', 2],
  ['sent', 2],
  ['stored late', 0],
  ['taken', 3],
  ['sent', 3],
];

eachDatabase((_open, engine) => {
  it('tells every beginning and every end once, wherever kill -9 comes between plan, take, send and mark', {
    timeout: 280_000,
  }, async () => {
    await using receiver = await startWebReceiver();
    const url = await freshAddress(engine);
    const begin = async () => {
      const world = await statusPageWorld(
        async ({ parts = [], ...options } = {}) => {
          const db = await openDatabase({ url, ...options });
          await migrate(db, parts);
          return db;
        },
        { components: ['status-page/a', 'status-page/b'] },
      );
      return world;
    };
    const first = await begin();
    const target = `${receiver.url}/webhook`;
    await first.db.write((tx) =>
      insertSubscription(tx, confirmedSubscription(first.clock.now(), { kind: 'webhook', target })),
    );
    await first.db.close();
    const run = async (round: number, place: string, message: number) => {
      const given = [PROGRAM, url, String(round), place, String(message)];
      const child = spawn(process.execPath, given, { stdio: ['ignore', 'ignore', 'inherit'] });
      await once(child, 'exit');
      return child.signalCode;
    };
    for (const [index, [place, message]] of DEATHS.entries()) {
      assert.equal(await run(index, place, message), 'SIGKILL', place);
    }
    // What those that died early left open is closed, and a last process sends what is left.
    const last = await begin();
    for (const { id, end } of await last.all()) {
      if (end !== null) continue;
      last.clock.set('2026-11-22T12:00:00.000Z');
      await postUpdate(last.context, OPERATOR, id, { status: 'resolved', text: 'It works again.' });
    }
    const incidents = (await last.all()).map(({ id }) => id);
    await last.db.close();
    assert.equal(await run(100, '', 0), null);

    const byId = Map.groupBy(receiver.received, ({ headers }) => String(headers['webhook-id']));
    for (const [id, same] of byId) {
      assert.equal(new Set(same.map(({ body }) => body)).size, 1, `${id} says the same each time`);
    }
    assert.ok(receiver.received.length > byId.size, 'some attempts were repeated');
    const told = [...byId.values()].flatMap(([message]) => {
      const { type, data } = JSON.parse(message?.body ?? '') as { type: string; data: { incident: { id: number } } };
      return [{ type, incident: data.incident.id }];
    });
    assert.ok(incidents.length >= 2);
    for (const id of incidents) {
      const types = told.filter(({ incident }) => incident === id).map(({ type }) => type);
      assert.deepEqual(types.filter((type) => type === 'incident.resolved').length, 1, `${id}: ${types.join(', ')}`);
      assert.equal(types.at(-1), 'incident.resolved');
      assert.ok(types.filter((type) => type === 'incident.opened').length <= 1);
    }
  });
});
