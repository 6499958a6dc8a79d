import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { START, type StatusPageWorld, statusPageWorld } from '../../../../test/support/status-page-world.ts';
import { DAY, HOUR } from '../../../core/index.ts';
import { readSource } from '../store/import-source.ts';
import { findIncident, saveIncident } from '../store/incident-store.ts';
import { ADMIN } from './catalog-world.cases.ts';
import { checkByClock } from './check-by-clock.ts';
import { type DashboardSource, dashboardSource, type Row } from './dashboard-source.cases.ts';
import { importStatusDashboard } from './import-status-dashboard.ts';

const PLANNED = 50;
const RUNNING = 51;
const OVER = 52;

function maintenance(id: number, start: string, end: string): Row {
  return { id, text: `Maintenance ${id}`, start_date: start, end_date: end, impact: 0, system: 0 };
}

function row(id: number, incident: number, timestamp: string, [status, text]: [string, string]): Row {
  return { id, incident_id: incident, timestamp, status, text };
}

/** As the Flask generation keeps maintenances: a planned one has its description and nothing else. */
async function fill(source: DashboardSource): Promise<void> {
  await source.insert('component', { id: 1, name: 'Servers' });
  await source.insert(
    'incident',
    maintenance(PLANNED, '2026-12-01 20:00:00', '2026-12-01 23:00:00'),
    maintenance(RUNNING, '2026-11-21 11:00:00', '2026-11-21 15:00:00'),
    maintenance(OVER, '2026-11-10 11:00:00', '2026-11-10 15:00:00'),
  );
  await source.insert(
    'incident_component_relation',
    ...[PLANNED, RUNNING, OVER].map((id) => ({ incident_id: id, component_id: 1 })),
  );
  await source.insert(
    'incident_status',
    row(1, PLANNED, '2026-11-19 10:00:00', ['description', 'New disks']),
    row(2, RUNNING, '2026-11-18 10:00:00', ['description', 'New racks']),
    row(3, RUNNING, '2026-11-21 11:00:00', ['in progress', 'It begins']),
  );
}

async function run(world: StatusPageWorld, source: DashboardSource) {
  return await importStatusDashboard(world.context, ADMIN, { source: await readSource(source.address) });
}

async function storyOf(world: StatusPageWorld, id: number): Promise<string[]> {
  const view = await world.view(id);
  return (view?.updates ?? [])
    .map(({ status, at, text }) => `${at.slice(0, 16)} ${status}${text === null ? '' : `: ${text}`}`)
    .reverse();
}

async function stateOf(world: StatusPageWorld, id: number) {
  const view = await world.view(id);
  return [view?.status, view?.start.slice(0, 16), view?.end?.slice(0, 16)];
}

eachDatabase((open, engine) => {
  it('notes with an import what the clock would, so that it adds nothing', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await run(world, source);
    assert.deepEqual(await storyOf(world, PLANNED), ['2026-11-19T10:00 planned']);
    assert.deepEqual(await storyOf(world, RUNNING), [
      '2026-11-18T10:00 planned',
      '2026-11-21T11:00 in_progress: It begins',
    ]);
    assert.deepEqual(await storyOf(world, OVER), [
      '2026-11-10T11:00 planned',
      '2026-11-10T11:00 in_progress',
      '2026-11-10T15:00 completed',
    ]);
    assert.equal(await checkByClock(world.context), 0);
    assert.equal((await findIncident(world.db, PLANNED))?.version, 1);
  });

  it('makes of what was modified or reviewed there what the clock makes of it', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await source.insert(
      'incident_status',
      row(4, PLANNED, '2026-11-20 10:00:00', ['modified', 'Later']),
      row(5, RUNNING, '2026-11-21 11:30:00', ['reviewed', 'Good']),
    );
    await run(world, source);
    assert.deepEqual(await storyOf(world, PLANNED), ['2026-11-19T10:00 planned', '2026-11-20T10:00 modified: Later']);
    assert.deepEqual(
      [(await stateOf(world, PLANNED))[0], (await stateOf(world, RUNNING))[0]],
      ['planned', 'in_progress'],
    );
    assert.equal(await checkByClock(world.context), 0);
  });

  it('takes over new dates of a maintenance that the clock alone has changed here', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await run(world, source);
    world.clock.go(10 * DAY);
    assert.equal(await checkByClock(world.context), 1);
    assert.deepEqual(
      [(await stateOf(world, PLANNED))[0], (await stateOf(world, RUNNING))[0]],
      ['planned', 'completed'],
    );
    world.clock.go(9 * HOUR);
    assert.equal(await checkByClock(world.context), 1);
    await source.run(`update incident set end_date = '2026-12-04 10:00:00' where id in (${PLANNED}, ${RUNNING})`);
    const report = await run(world, source);
    assert.deepEqual([report.remarks, report.incidents.changed], [[], 2]);
    assert.deepEqual(await stateOf(world, PLANNED), ['in_progress', '2026-12-01T20:00', '2026-12-04T10:00']);
    assert.deepEqual(await stateOf(world, RUNNING), ['in_progress', '2026-11-21T11:00', '2026-12-04T10:00']);
    assert.equal(await checkByClock(world.context), 0);
    await source.run(`update incident set start_date = '2026-12-03 20:00:00' where id = ${PLANNED}`);
    assert.equal((await run(world, source)).incidents.changed, 1);
    assert.deepEqual(await storyOf(world, PLANNED), ['2026-11-19T10:00 planned']);
  });

  it('leaves alone what a person changed here, also when the clock changed it before or after', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await run(world, source);
    const touch = async (id: number) => {
      const found = await findIncident(world.db, id);
      await world.db.write((tx) => saveIncident(tx, { ...(found as NonNullable<typeof found>), title: 'Ours' }));
    };
    await touch(PLANNED);
    world.clock.go(10 * DAY);
    await checkByClock(world.context);
    await touch(RUNNING);
    world.clock.go(9 * HOUR);
    await checkByClock(world.context);
    await source.run(`update incident set end_date = '2026-12-04 10:00:00' where id in (${PLANNED}, ${RUNNING})`);
    const report = await run(world, source);
    assert.deepEqual(
      report.remarks.map(({ id, what, why }) => `${id} ${what}: ${why}`),
      [PLANNED, RUNNING].map(
        (id) => `${id} left out: it was changed there, and here too: incident ${id} stays as it is here`,
      ),
    );
    assert.deepEqual(await stateOf(world, RUNNING), ['completed', '2026-11-21T11:00', '2026-11-21T15:00']);
  });

  it('says which incident only staff see, because it names no component', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await source.insert('incident', { ...maintenance(58, '2026-11-01 10:00:00', '2026-11-01 11:00:00'), impact: 2 });
    const report = await run(world, source);
    assert.deepEqual(report.remarks, [
      {
        table: 'incident',
        id: '58',
        what: 'changed',
        why: 'it names no component: only staff see it; add components on its page, /incidents/58',
      },
    ]);
    assert.deepEqual((await run(world, source)).remarks, []);
  });

  it('was written when it was known first, never later than now', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await source.insert('incident', maintenance(60, '2026-12-05 20:00:00', '2026-12-05 23:00:00'));
    await source.insert('incident_component_relation', { incident_id: 60, component_id: 1 });
    await source.insert('incident_status', row(9, PLANNED, '2026-12-01 20:00:00', ['planned', 'As announced']));
    await run(world, source);
    const made = async (id: number) => (await findIncident(world.db, id))?.createdAt;
    assert.deepEqual(await Promise.all([PLANNED, RUNNING, OVER, 60].map(made)), [
      '2026-11-19T10:00:00.000Z',
      '2026-11-18T10:00:00.000Z',
      '2026-11-10T11:00:00.000Z',
      START,
    ]);
    const view = await world.view(PLANNED);
    for (const { createdAt } of view?.updates ?? []) assert.ok(createdAt <= START);
    world.clock.go(HOUR);
    assert.equal((await run(world, source)).incidents.changed, 0);
    await source.run("update incident set text = 'New fans' where id = 60");
    assert.equal((await run(world, source)).incidents.changed, 1);
    assert.equal(await made(60), START);
    assert.deepEqual(await storyOf(world, 60), [`${START.slice(0, 16)} planned`]);
  });

  it('is over when it has ended, whatever was said of it last', async () => {
    const world = await statusPageWorld(open);
    const source = await dashboardSource(engine);
    await fill(source);
    await source.insert('incident', { ...maintenance(61, '2026-11-01 10:00:00', '2026-11-01 11:00:00'), impact: 2 });
    await source.insert('incident_component_relation', { incident_id: 61, component_id: 1 });
    await source.insert(
      'incident_status',
      row(10, 61, '2026-11-01 11:00:00', ['resolved', 'Fixed']),
      row(11, 61, '2026-11-02 11:00:00', ['changed', 'The impact was smaller']),
      row(12, OVER, '2026-11-11 11:00:00', ['changed', 'It took longer']),
    );
    await run(world, source);
    assert.deepEqual([(await stateOf(world, 61))[0], (await stateOf(world, OVER))[0]], ['resolved', 'completed']);
    assert.deepEqual(await storyOf(world, 61), [
      '2026-11-01T11:00 resolved: Fixed',
      '2026-11-02T11:00 changed: The impact was smaller',
    ]);
  });
});
