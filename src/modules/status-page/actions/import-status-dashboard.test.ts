import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase, openTestDatabase } from '../../../../test/support/databases.ts';
import { startApp } from '../../../../test/support/start-app.ts';
import { until } from '../../../../test/support/until.ts';
import { ANONYMOUS, DAY, HOUR, MINUTE, system } from '../../../core/index.ts';
import { StatusPageConfig } from '../config.ts';
import { connectedComponents } from '../store/catalog-store.ts';
import { allComponents } from '../store/component-store.ts';
import { readSource } from '../store/import-source.ts';
import { readIncident, readIncidents } from '../store/incident-read.ts';
import { findIncident, insertIncident, saveIncident } from '../store/incident-store.ts';
import { ADMIN, type CatalogWorld, catalogWorld, TestClock } from './catalog-world.cases.ts';
import { type DashboardSource, dashboardSource } from './dashboard-source.cases.ts';
import { importStatusDashboard, planStatusDashboard } from './import-status-dashboard.ts';

const VIEWER = system('test');

async function fill(source: DashboardSource): Promise<void> {
  await source.insert(
    'component',
    { id: 11, name: 'Object Storage' },
    { id: 12, name: 'Object Storage' },
    { id: 13, name: 'Servers' },
  );
  await source.insert(
    'component_attribute',
    { id: 1, component_id: 11, name: 'region', value: 'Reg1' },
    { id: 2, component_id: 11, name: 'category', value: 'Storage' },
    { id: 3, component_id: 12, name: 'region', value: 'Reg2' },
    { id: 4, component_id: 13, name: 'region', value: 'Reg1' },
  );
  await source.insert(
    'incident',
    {
      id: 3,
      text: 'Slow uploads',
      start_date: '2026-10-01 10:00:00.5',
      end_date: '2026-10-01 16:00:00',
      impact: 1,
      system: 0,
    },
    {
      id: 5,
      text: 'Uploads <b>fail</b>',
      start_date: '2026-10-01 12:00:00',
      end_date: '2026-10-01 14:00:00',
      impact: 3,
      system: 0,
    },
    {
      id: 7,
      text: 'New disks',
      start_date: '2026-12-01 20:00:00',
      end_date: '2026-12-01 23:00:00',
      impact: 0,
      system: 0,
    },
    { id: 9, text: 'Incident', start_date: '2026-11-20 10:00:00', end_date: null, impact: 2, system: 1 },
  );
  await source.insert(
    'incident_component_relation',
    { incident_id: 3, component_id: 12 },
    { incident_id: 5, component_id: 11 },
    { incident_id: 7, component_id: 13 },
    { incident_id: 9, component_id: 13 },
  );
  await source.insert(
    'incident_status',
    {
      id: 1,
      incident_id: 3,
      timestamp: '2026-10-01 12:00:00',
      status: 'SYSTEM',
      text: "Object Storage (Reg1, Storage) moved to <a href='/incidents/5'>Uploads <b>fail</b></a>",
    },
    {
      id: 2,
      incident_id: 3,
      timestamp: '2026-10-01 16:00:00',
      status: 'resolved',
      text: 'Done, see <a href="/incidents/5">the other</a>',
    },
    {
      id: 3,
      incident_id: 5,
      timestamp: '2026-10-01 13:00:00',
      status: 'analyzing',
      text: '<script>alert(1)</script>Looking',
    },
    { id: 4, incident_id: 7, timestamp: '2026-11-19 10:00:00', status: 'description', text: 'Rolling restart' },
  );
}

async function run(world: CatalogWorld, source: DashboardSource) {
  return await importStatusDashboard(world.context, ADMIN, { source: await readSource(source.address) });
}

describe('importing the predecessor', () => {
  eachDatabase((open, engine) => {
    it('takes over components, incidents and updates with their numbers', async () => {
      const world = await catalogWorld(open);
      const source = await dashboardSource(engine);
      await fill(source);
      const dry = await planStatusDashboard(world.context, ADMIN, await readSource(source.address));
      assert.deepEqual(await allComponents(world.db), []);
      const report = await run(world, source);
      assert.deepEqual(report, dry);
      assert.deepEqual(report.remarks, []);
      assert.deepEqual(
        [report.components.added, report.incidents.added, report.updates, report.watchedFromWhy],
        [3, 4, 3, 'first incident'],
      );
      assert.deepEqual(
        (await allComponents(world.db)).map(({ number, key, watchedFrom, owner }) => [number, key, watchedFrom, owner]),
        [
          [11, 'status-page/object-storage-reg1', '2026-10-01T10:00:00.500Z', 'file'],
          [12, 'status-page/object-storage-reg2', '2026-10-01T10:00:00.500Z', 'file'],
          [13, 'status-page/servers-reg1', '2026-10-01T10:00:00.500Z', 'file'],
        ],
      );
      const slow = await readIncident(world.db, VIEWER, null, 3);
      assert.deepEqual(
        slow?.updates.map(({ status, system: isSystem, text, fact }) => [status, isSystem, text, fact]),
        [
          ['resolved', false, 'Done, see [the other](/incidents/5)', null],
          [
            'detected',
            true,
            null,
            { kind: 'component_moved_to', component: 'status-page/object-storage-reg1', incident: 5 },
          ],
        ],
      );
      assert.deepEqual(slow?.components, ['status-page/object-storage-reg2']);
      assert.deepEqual(
        slow?.past.map(({ component, to, movedTo }) => [component, to, movedTo]),
        [['status-page/object-storage-reg1', '2026-10-01T12:00:00.000Z', 5]],
      );
      const fails = await readIncident(world.db, VIEWER, null, 5);
      assert.deepEqual(
        [fails?.title, fails?.status, fails?.updates[0]?.text],
        ['Uploads <b>fail</b>', 'resolved', 'Looking'],
      );
      const disks = await readIncident(world.db, VIEWER, null, 7);
      assert.deepEqual([disks?.type, disks?.description, disks?.status], ['maintenance', 'Rolling restart', 'planned']);
      const open9 = await readIncident(world.db, VIEWER, null, 9);
      assert.deepEqual([open9?.status, open9?.system, open9?.createdBy], ['detected', true, 'import']);
      const next = await world.db.write((tx) => insertIncident(tx, { ...(open9 as NonNullable<typeof open9>) }));
      assert.equal(next, 10);
    });

    it('adds nothing the second time, then only what is new, and changes what was not touched here', async () => {
      const world = await catalogWorld(open);
      const source = await dashboardSource(engine);
      await fill(source);
      await run(world, source);
      await world.told();
      world.clock.go(HOUR);
      const again = await run(world, source);
      assert.deepEqual(
        [again.components.added, again.components.matched, again.incidents.added, again.incidents.changed],
        [0, 0, 0, 0],
      );
      const { found, unchanged, merged } = again.components;
      assert.ok(unchanged > 0);
      assert.equal(unchanged + merged, found);
      assert.equal(again.incidents.unchanged, again.incidents.found);
      assert.deepEqual(await world.told(), []);

      const touched = await findIncident(world.db, 5);
      await world.db.write((tx) => saveIncident(tx, { ...(touched as NonNullable<typeof touched>), title: 'Ours' }));
      await source.run("update incident set text = 'Theirs' where id in (3, 5)");
      await source.run("update incident set end_date = '2026-11-21 12:30:00' where id = 9");
      await source.insert('incident_status', {
        id: 9,
        incident_id: 9,
        timestamp: '2026-11-21 12:30:00',
        status: 'resolved',
        text: 'Over',
      });
      await source.insert('component', { id: 20, name: 'DNS' });
      await source.run("update component_attribute set value = 'Cold storage' where id = 2");
      const report = await run(world, source);
      assert.deepEqual([report.components.added, report.components.changed, report.incidents.changed], [1, 1, 2]);
      assert.deepEqual(
        report.remarks.map(({ id, what }) => [id, what]),
        [['5', 'left out']],
      );
      const titles = [3, 5].map(async (id) => (await findIncident(world.db, id))?.title);
      assert.deepEqual(await Promise.all(titles), ['Theirs', 'Ours']);
      const over = await readIncident(world.db, VIEWER, null, 9);
      assert.deepEqual([over?.status, over?.updates.length, over?.version], ['resolved', 1, 2]);
      const storage = (await connectedComponents(world.db)).find(({ number }) => number === 11);
      assert.equal(storage?.category, 'Cold storage');
      const last = await run(world, source);
      assert.deepEqual([last.components.changed, last.incidents.changed, last.incidents.added], [0, 0, 0]);
    });

    it('joins what a catalogue provided already, and gives other numbers where ours are taken', async () => {
      const world = await catalogWorld(open);
      await world.provision(
        'components: [{key: obs, name: Object Storage, attributes: {region: Reg1, category: Disks}}]',
      );
      const [mine] = await allComponents(world.db);
      const source = await dashboardSource(engine);
      await fill(source);
      const other = await catalogWorld(open);
      await run(other, source);
      const template = await findIncident(other.db, 9);
      for (let made = 1; made <= 3; made += 1) {
        await world.db.write((tx) => insertIncident(tx, template as NonNullable<typeof template>));
      }
      const report = await run(world, source);
      assert.equal(report.components.matched, 1);
      assert.match(report.remarks[0]?.why ?? '', /another incident 3 here: it is number 10 now/);
      const [joined] = await allComponents(world.db);
      assert.deepEqual([joined?.number, joined?.key, joined?.category], [mine?.number, 'status-page/obs', 'Disks']);
      assert.equal(joined?.watchedFrom, '2026-10-01T10:00:00.500Z');
      const moved = await readIncident(world.db, VIEWER, null, 10);
      assert.equal(moved?.title, 'Slow uploads');
      assert.equal((await run(world, source)).incidents.added, 0);
    });

    it('understands the later generation', async () => {
      const world = await catalogWorld(open);
      const source = await dashboardSource(engine, true);
      const at = '2026-05-01 10:00:00+00';
      await source.insert(
        'component',
        { id: 1, name: 'Storage', created_at: at, deleted_at: null },
        { id: 2, name: 'Fax', created_at: at, deleted_at: '2026-06-01 10:00:00+00' },
      );
      await source.insert('incident', {
        id: 30,
        text: 'Firmware',
        start_date: '2026-12-10 20:00:00+00',
        end_date: '2026-12-10 23:00:00+00',
        impact: 0,
        system: 0,
        created_at: at,
        deleted_at: null,
        type: 'maintenance',
        description: '**Rolling** restart',
        status: 'pending review',
        created_by: 'user-a',
        contact_email: 'team@example.org',
        version: 4,
      });
      await source.insert(
        'incident_component_relation',
        { incident_id: 30, component_id: 1 },
        { incident_id: 30, component_id: 2 },
      );
      await source.insert('incident_status', {
        id: 1,
        incident_id: 30,
        timestamp: at,
        status: 'pending review',
        text: 'Maintenance is pending review.',
        created_at: at,
        deleted_at: null,
        created_by: 'user-a',
      });
      const report = await run(world, source);
      assert.deepEqual(report.remarks, []);
      assert.equal(report.watchedFromWhy, '90 days');
      const one = await findIncident(world.db, 30);
      assert.deepEqual(
        [one?.status, one?.createdBy, one?.contactEmail, one?.description, one?.createdAt, one?.told],
        ['pending_review', 'user-a', 'team@example.org', '**Rolling** restart', '2026-05-01T10:00:00.000Z', false],
      );
      const fax = (await allComponents(world.db)).find(({ name }) => name === 'Fax');
      assert.equal(fax?.retiredAt, '2026-06-01T10:00:00.000Z');
      assert.deepEqual(
        (await world.told()).filter((line) => line.endsWith(' fax')),
        ['declared fax', 'history_told fax', 'withdrawn fax'],
      );
    });

    it('takes 10,000 incidents, and goes on after an interruption', async () => {
      const world = await catalogWorld(open);
      const source = await dashboardSource(engine);
      await source.insert(
        'component',
        ...Array.from({ length: 50 }, (_, at) => ({ id: at + 1, name: `Service ${at}` })),
      );
      const ids = Array.from({ length: 10_000 }, (_, at) => at + 1);
      const day = (id: number) =>
        `2026-${String(1 + (id % 9)).padStart(2, '0')}-${String(1 + (id % 28)).padStart(2, '0')}`;
      await source.insert(
        'incident',
        ...ids.map((id) => ({
          id,
          text: `Incident ${id}`,
          start_date: `${day(id)} 10:00:00`,
          end_date: `${day(id)} 11:00:00`,
          impact: 1 + (id % 3),
          system: 0,
        })),
      );
      await source.insert(
        'incident_component_relation',
        ...ids.map((id) => ({ incident_id: id, component_id: 1 + (id % 50) })),
      );
      await source.insert(
        'incident_status',
        ...ids.map((id) => ({
          id,
          incident_id: id,
          timestamp: `${day(id)} 11:00:00`,
          status: 'resolved',
          text: 'Done',
        })),
      );
      const read = await readSource(source.address);
      const stopAt = (what: string, done: number) => {
        if (what === 'incidents' && done === 3) throw new Error('interrupted');
      };
      await assert.rejects(
        importStatusDashboard(world.context, ADMIN, { source: read, progress: stopAt }),
        /interrupted/,
      );
      const rest = await importStatusDashboard(world.context, ADMIN, { source: read });
      assert.deepEqual([rest.components.added, rest.incidents.added], [0, 9700]);
      const { total } = await readIncidents(world.db, VIEWER, null, { limit: 1 });
      assert.equal(total, 10_000);
      const told = await world.told();
      assert.equal(told.filter((line) => line.startsWith('history_told')).length, 50);
      assert.equal(told.filter((line) => line.startsWith('incident_changed')).length, 0);
    });
  });

  it('says what is wrong with an address, without its password', async () => {
    await assert.rejects(readSource('/nowhere/at/all.sqlite'), { code: 'not_found' });
    await assert.rejects(readSource(import.meta.filename), {
      code: 'invalid',
      message: /cannot be read as a database of status-dashboard/,
    });
    await assert.rejects(readSource('mysql://root@x/y'), { code: 'invalid' });
    await assert.rejects(readSource('postgres://u:geheim@127.0.0.1:1/x'), (error: Error) => {
      assert.doesNotMatch(error.message, /geheim/);
      return true;
    });
    const world = await catalogWorld(openTestDatabase);
    const source = { name: 'x', rows: { components: [], attributes: [], incidents: [], relations: [], updates: [] } };
    await assert.rejects(importStatusDashboard(world.context, ANONYMOUS, { source }), { code: 'unauthenticated' });
  });

  it('never writes to the database it reads', async () => {
    const source = await dashboardSource('sqlite');
    await source.run('pragma journal_mode = delete');
    await fill(source);
    const world = await catalogWorld(openTestDatabase);
    const { readFile } = await import('node:fs/promises');
    const before = await readFile(source.address);
    await run(world, source);
    assert.deepEqual(await readFile(source.address), before);
  });

  it('shows the past on the bars, and what happened between two imports', async () => {
    const clock = new TestClock();
    // What runs by the real clock would take the hours that this one jumps over for time that nobody watched.
    const box = await startApp({ clock, scheduled: false });
    try {
      const { app } = box;
      const config = StatusPageConfig.parse(undefined);
      const site = { publicUrl: box.url } as never;
      const context = { config: () => config, site: () => site, db: app.db, journal: app.journal, clock };
      const source = await dashboardSource('sqlite');
      await fill(source);
      await importStatusDashboard(context, ADMIN, { source: await readSource(source.address) });
      await app.journal.drain();
      const timeline = async (key: string, days: number) => {
        const window = { from: new Date(Date.parse(clock.now()) - days * DAY).toISOString(), until: clock.now() };
        return (await app.components.periods(ANONYMOUS, `status-page/${key}`, window)).map(
          ({ level, from }) => `${level} ${from.slice(0, 16)}`,
        );
      };
      assert.deepEqual(await timeline('object-storage-reg1', 60), [
        'unknown 2026-09-22T12:00',
        'degraded 2026-10-01T10:00',
        'major_outage 2026-10-01T12:00',
        'operational 2026-10-01T14:00',
      ]);
      assert.deepEqual(await timeline('servers-reg1', 20), [
        'operational 2026-11-01T12:00',
        'partial_outage 2026-11-20T10:00',
      ]);
      assert.deepEqual(await app.journal.deadLetters(app.db), []);

      clock.go(5 * HOUR);
      await source.run("update incident set end_date = '2026-11-21 13:00:00' where id = 9");
      await source.insert('incident', {
        id: 10,
        text: 'Short',
        start_date: '2026-11-21 14:00:00',
        end_date: '2026-11-21 15:00:00',
        impact: 3,
        system: 0,
      });
      await source.insert('incident_component_relation', { incident_id: 10, component_id: 11 });
      await importStatusDashboard(context, ADMIN, { source: await readSource(source.address) });
      await app.journal.drain();
      clock.go(MINUTE);
      assert.deepEqual(await timeline('servers-reg1', 1), [
        'partial_outage 2026-11-20T17:01',
        'operational 2026-11-21T13:00',
      ]);
      assert.deepEqual(await timeline('object-storage-reg1', 1), [
        'operational 2026-11-20T17:01',
        'major_outage 2026-11-21T14:00',
        'operational 2026-11-21T15:00',
      ]);
      const page = await until('the incident is shown', async () => {
        const answer = await fetch(`${box.url}/incidents/3`);
        return answer.ok ? await answer.text() : null;
      });
      assert.match(page, /Slow uploads/);
      assert.deepEqual(await app.journal.deadLetters(app.db), []);
    } finally {
      await box.stop();
    }
  });
});
