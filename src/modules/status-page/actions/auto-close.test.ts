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
import { addMs, MINUTE, SignalWithdrawn } from '../../../core/index.ts';
import { registerReportListeners } from '../report-listeners.ts';
import { saveTrouble } from '../store/trouble-store.ts';
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

async function withdrawn({ db, journal }: StatusPageWorld, component: string): Promise<void> {
  const payload = { component, source: 'test', name: 'state' };
  await db.write((tx) => journal.publish(tx, SignalWithdrawn, { key: component, payload }));
  await journal.drain();
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

  /** Machines' signals open the incidents. */
  const withSignals = async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    registerReportListeners(world.journal, world.context);
    return world;
  };

  it('never closes while some signal says that a component is broken', async () => {
    const world = await withSignals();
    await world.report({ component: A, level: 'degraded' });
    world.clock.go(60 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
    assert.deepEqual((await world.all()).map(story), [['detected: detected']]);
  });

  it('counts from the end of the trouble, however long it lasted', async () => {
    const world = await withSignals();
    await world.report({ component: A, level: 'degraded' });
    world.clock.go(120 * MINUTE);
    await world.report({ component: A, level: 'operational' });
    assert.equal(await autoClose(world.context), 0, 'it has only just recovered');
    world.clock.go(9 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
    world.clock.go(MINUTE);
    assert.equal(await autoClose(world.context), 1);
  });

  it('keeps one incident open over a monitor that wavers', async () => {
    const world = await withSignals();
    for (let n = 0; n < 5; n++) {
      await world.report({ component: A, level: 'major_outage' });
      world.clock.go(9 * MINUTE);
      assert.equal(await autoClose(world.context), 0);
      await world.report({ component: A, level: 'operational' });
      world.clock.go(9 * MINUTE);
      assert.equal(await autoClose(world.context), 0);
    }
    world.clock.go(MINUTE);
    assert.equal(await autoClose(world.context), 1);
    assert.equal((await world.all()).length, 1);
  });

  it('takes the silence of a monitor that died for no recovery', async () => {
    const world = await withSignals();
    const expiresAt = addMs(START, 15 * MINUTE);
    await world.report({ component: A, level: 'degraded', expiresAt });
    world.clock.go(120 * MINUTE);
    await world.settle();
    assert.equal(await autoClose(world.context), 0, 'nobody knows how it is');
    await world.report({ component: A, level: 'operational' });
    assert.equal(await autoClose(world.context), 0);
    world.clock.go(10 * MINUTE);
    assert.equal(await autoClose(world.context), 1);
  });

  it('takes no silence for a recovery of what opens no incidents either', async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    await byMachine(world, [A]);
    await world.report({ component: A, level: 'degraded', expiresAt: addMs(START, 15 * MINUTE) });
    world.clock.go(120 * MINUTE);
    await world.settle();
    assert.equal(await autoClose(world.context), 0);
  });

  it('closes when an alert was taken back for that long', async () => {
    const world = await withSignals();
    await world.report({ component: A, level: 'degraded' });
    world.clock.go(120 * MINUTE);
    await withdrawn(world, A);
    assert.equal(await autoClose(world.context), 0);
    world.clock.go(10 * MINUTE);
    assert.equal(await autoClose(world.context), 1);
  });

  it('notes the end of a trouble itself where no event told of it, and counts from then', async () => {
    const world = await statusPageWorld(open, { config: { auto_close: '10m' } });
    const id = await byMachine(world, [A]);
    await world.db.write((tx) => saveTrouble(tx, { component: A, impact: 2, at: START }));
    world.clock.go(120 * MINUTE);
    await world.report({ component: A, level: 'operational' });
    assert.equal(await autoClose(world.context), 0);
    assert.deepEqual(story(await world.view(id)).at(-1), `detected: recovery_seen ${A}`);
    world.clock.go(10 * MINUTE);
    assert.equal(await autoClose(world.context), 1);
  });

  it('closes nothing unless it is told to', async () => {
    const world = await statusPageWorld(open);
    await byMachine(world, [A]);
    world.clock.go(24 * 60 * MINUTE);
    assert.equal(await autoClose(world.context), 0);
  });
});
