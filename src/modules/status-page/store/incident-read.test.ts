import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { ANONYMOUS, DAY, HOUR } from '../../../core/index.ts';
import type { Queries } from '../../../platform/database/index.ts';
import { announceMaintenance } from '../actions/announce-maintenance.ts';
import { cancelMaintenance } from '../actions/cancel-maintenance.ts';
import { openIncident } from '../actions/open-incident.ts';
import { postUpdate } from '../actions/post-update.ts';
import { publishInfo } from '../actions/publish-info.ts';
import { readIncidents, visibleKeys } from './incident-read.ts';
import { findIncident, saveIncident } from './incident-store.ts';

const components = ['status-page/a'];

eachDatabase((open, engine) => {
  it('orders what is over by the moment it was over: cancelled then, or begun then and without an end', async () => {
    const world = await statusPageWorld(open);
    const { context, clock } = world;
    const resolve = async (title: string) => {
      const { id } = await openIncident(context, OPERATOR, { title, impact: 1, components });
      clock.go(HOUR);
      await postUpdate(context, OPERATOR, id, { status: 'resolved', text: 'Done.' });
      clock.go(DAY);
    };
    const { id: info } = await publishInfo(context, OPERATOR, { title: 'Info without an end', components });
    // As it may come from another system: over, and nobody knows since when.
    await world.db.write(async (tx) => {
      const stored = await findIncident(tx, info);
      if (stored !== null) await saveIncident(tx, { ...stored, status: 'completed', end: null });
    });
    clock.go(HOUR);
    await resolve('The first trouble');
    const planned = {
      title: 'Disks are swapped',
      description: 'Disks.',
      components,
      start: '2027-03-01T12:00:00Z',
      end: '2027-03-01T14:00:00Z',
    };
    const { id } = await announceMaintenance(context, OPERATOR, planned);
    await cancelMaintenance(context, OPERATOR, id ?? 0, { version: 1 });
    clock.go(HOUR);
    await resolve('The last trouble');
    await postUpdate(context, OPERATOR, id ?? 0, { version: 2, status: 'cancelled', text: 'We are sorry.' });
    for (const viewer of [OPERATOR, ANONYMOUS]) {
      const visible = await visibleKeys(world.reads, viewer);
      const { incidents } = await readIncidents(world.db, viewer, visible, { state: 'closed', order: 'end' });
      assert.deepEqual(
        incidents.map(({ title }) => title),
        ['The last trouble', 'Disks are swapped', 'The first trouble', 'Info without an end'],
      );
    }
  });

  it('finds a component in exactly one incident while it goes from one to the next', async () => {
    const { context, reads, db } = await statusPageWorld(open);
    const moves = { made: 0 };
    // Whoever opens an incident over a component takes it out of the one that holds it, which goes on with the other.
    const move = () => {
      const taken = moves.made % 2 === 0 ? ['status-page/a', 'status-page/b'] : components;
      return openIncident(context, OPERATOR, { title: `Trouble ${(moves.made += 1)}`, impact: 1, components: taken });
    };
    await move();
    const visible = await visibleKeys(reads, OPERATOR);
    const holders = async (q: Queries) => {
      const { incidents } = await readIncidents(q, OPERATOR, visible, { state: 'open' });
      return incidents.filter((one) => one.components.includes('status-page/a')).length;
    };
    const writer = (async () => {
      while (moves.made < 20) await move();
    })();
    while (moves.made < 20) {
      assert.equal(await holders(db), 1);
      await turn();
    }
    await writer;
    if (engine === 'sqlite') return;
    // Another process commits after every single statement.
    const between: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (moves.made < 30) await move();
        return result;
      },
    };
    const watched: Queries = {
      engine,
      for: <T>() => db.for<T>().withPlugin(between),
      snapshot: (reading) => db.snapshot(reading),
    };
    while (moves.made < 30) assert.equal(await holders(watched), 1);
  });
});
