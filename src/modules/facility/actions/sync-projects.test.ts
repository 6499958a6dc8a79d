import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { FacilityConfig } from '../config.ts';
import { migrations } from '../store/migrations/index.ts';
import { listProjects } from '../store/project-store.ts';
import { tables } from '../store/schema.ts';
import { type FacilityWorld, facilityWorld } from './facility-world.cases.ts';
import { freeClaims, readAllSoon, syncProjects } from './sync-projects.ts';

const empty = (world: FacilityWorld): FacilityWorld['context'] => ({
  ...world.context,
  config: () => FacilityConfig.parse({}),
});

describe('syncProjects', () => {
  eachDatabase((open, engine) => {
    it('withdraws the devices of a removed project and takes them back with their keys', async () => {
      const world = await facilityWorld({ db: await open({ parts: [{ name: 'facility', tables, migrations }] }) });
      await world.reconcile();
      world.news();
      await syncProjects(empty(world));
      assert.deepEqual(
        world.news().map(({ type, key }) => [type, key]),
        [
          ['component.withdrawn', 'facility/cryo-a'],
          ['component.withdrawn', 'facility/laser-2'],
        ],
      );
      assert.deepEqual(await listProjects(world.db), []);
      await syncProjects(world.context);
      await world.reconcile();
      const news = world.news();
      assert.deepEqual(
        news.filter(({ type }) => type === 'component.declared').map(({ key }) => key),
        ['facility/cryo-a', 'facility/laser-2'],
      );
      assert.equal(news.filter(({ type }) => type === 'component.signal_reported').length, 2);
    });

    it('writes nothing when nothing changed', async () => {
      const world = await facilityWorld({ db: await open({ parts: [{ name: 'facility', tables, migrations }] }) });
      await world.reconcile();
      const before = await listProjects(world.db);
      await syncProjects(world.context);
      assert.deepEqual(await listProjects(world.db), before);
    });

    it('frees at start what the last process held, only where there is one process', async () => {
      const world = await facilityWorld({ db: await open({ parts: [{ name: 'facility', tables, migrations }] }) });
      world.gitlab.faults.add({ kind: 'hang', times: 1 });
      const dying = world.reconcile();
      while (world.gitlab.requests.list().length === 0) await new Promise(setImmediate);
      await freeClaims(world.context);
      const [row] = await listProjects(world.db);
      assert.equal(row?.claim === null, engine === 'sqlite');
      await dying;
    });

    it('reads everything at start, whatever was planned', async () => {
      const world = await facilityWorld({ db: await open({ parts: [{ name: 'facility', tables, migrations }] }) });
      await world.reconcile();
      await readAllSoon(world.context);
      assert.deepEqual(
        (await listProjects(world.db)).map((row) => row.next_at),
        [world.clock.now()],
      );
    });

    it('reads at once with the token of a new configuration, but leaves GitLab the pause it asked for', async () => {
      const world = await facilityWorld({ db: await open({ parts: [{ name: 'facility', tables, migrations }] }) });
      const holdAfter = async (status: number, retryAfter?: number): Promise<string | null | undefined> => {
        world.gitlab.faults.clear();
        world.gitlab.faults.add({ kind: 'status', status, retryAfter });
        await world.reconcile();
        assert.ok((await listProjects(world.db))[0]?.hold_until);
        await readAllSoon(world.context);
        return (await listProjects(world.db))[0]?.hold_until;
      };
      assert.equal(await holdAfter(401), null);
      assert.ok(await holdAfter(429, 600));
    });
  });
});
