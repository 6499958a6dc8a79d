import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import {
  CREATOR,
  START,
  type StatusPageWorld,
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { addMs, MINUTE } from '../../../core/index.ts';
import { autoClose } from './auto-close.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';

const [A, B] = ['status-page/a', 'status-page/b'] as const;

/** One that a machine opened. */
async function byMachine(world: StatusPageWorld, components: string[]): Promise<number> {
  const { id } = await openIncident(world.context, CREATOR, { title: 'Incident', impact: 2, components });
  const set = { system: 1 };
  type Tables = { status_page_incident: { id: number; system: number } };
  await world.db.write((tx) =>
    tx.for<Tables>().updateTable('status_page_incident').set(set).where('id', '=', id).execute(),
  );
  return id;
}

async function reported(world: StatusPageWorld, component: string): Promise<void> {
  const row = { component, impact: 2, at: world.clock.now() };
  type Tables = { status_page_report: typeof row };
  await world.db.write((tx) =>
    tx
      .for<Tables>()
      .insertInto('status_page_report')
      .values(row)
      .onConflict((conflict) => conflict.column('component').doUpdateSet({ at: row.at }))
      .execute(),
  );
}

eachDatabase((open) => {
  it('closes what only machines touched once monitors are silent about all of it', async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    const id = await byMachine(world, [A, B]);
    await reported(world, A);
    world.clock.go(5 * MINUTE);
    await reported(world, B);
    world.clock.go(9 * MINUTE);
    assert.equal(await autoClose(world.context), 0, 'B was reported 9 minutes ago');
    world.clock.go(MINUTE);
    assert.deepEqual((await Promise.all([autoClose(world.context), autoClose(world.context)])).sort(), [0, 1]);
    const view = await world.view(id);
    assert.deepEqual([view?.status, view?.end], ['resolved', addMs(START, 15 * MINUTE)]);
    assert.deepEqual(story(view).at(-1), 'resolved: auto_closed');
    assert.equal(view?.updates[0]?.createdBy, 'system:checker');
    await world.settle();
    assert.match(await world.level(A), /^operational/);
  });

  it('leaves to people what a person has touched', async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    const id = await byMachine(world, [A]);
    await postUpdate(world.context, CREATOR, id, { status: 'analysing', text: 'We look.' });
    world.clock.go(60 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
  });

  it('never closes while some signal says that a component is broken', async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    await byMachine(world, [A]);
    await world.report({ component: A, level: 'degraded' });
    await world.settle();
    world.clock.go(60 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
    await world.report({ component: A, level: 'operational' });
    assert.equal(await autoClose(world.context), 1);
  });

  it('closes nothing unless it is told to', async () => {
    const world = await statusPageWorld(open);
    await byMachine(world, [A]);
    world.clock.go(24 * 60 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
  });
});
