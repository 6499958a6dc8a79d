import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { OPERATOR, START, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { addMs, HOUR } from '../../../core/index.ts';
import { openIncident } from '../actions/open-incident.ts';
import { holders } from './holder-store.ts';
import { findIncidents } from './incident-store.ts';
import { findTroubles, saveTrouble } from './trouble-store.ts';

/** More than either database takes in one statement: SQLite has 32,766 parameters, PostgreSQL 65,535. */
const MANY = Array.from({ length: 70_000 }, (_, index) => index + 1000);

eachDatabase((open) => {
  it('finds troubles, incidents and what they hold among more than one statement takes', async () => {
    const world = await statusPageWorld(open);
    const input = { title: 'Storage is slow', impact: 1, components: ['status-page/a'] };
    const { id: late } = await openIncident(world.context, OPERATOR, input);
    const older = { ...input, components: ['status-page/b'], start: addMs(START, -HOUR) };
    const { id: early } = await openIncident(world.context, OPERATOR, older);
    const keys = MANY.map((number) => `status-page/c${number}`);
    const last = keys.at(-1) ?? '';
    await world.db.write((tx) => saveTrouble(tx, { component: last, impact: 2, at: START }));
    assert.deepEqual([...(await findTroubles(world.db, keys)).keys()], [last]);
    const ids = [late, ...MANY, early];
    assert.deepEqual(
      (await findIncidents(world.db, ids, 'incident')).map((incident) => incident.id),
      [late, early],
    );
    assert.deepEqual(
      (await holders(world.db, ids)).map(({ incident, present }) => [incident.id, present]),
      [
        [early, ['status-page/b']],
        [late, ['status-page/a']],
      ],
      'the oldest first, in whichever portion it was found',
    );
  });
});
