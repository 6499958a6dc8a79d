import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { MINUTE } from '../../../core/index.ts';
import { changeProject, findProject, markDirty } from '../store/project-store.ts';
import { type FacilityWorld, facilityWorld, PROJECT } from './facility-world.cases.ts';
import { ReconcileRunner } from './reconcile-runner.ts';

function runnerOf(world: FacilityWorld): ReconcileRunner {
  const runner = new ReconcileRunner(world.context);
  after(() => runner.stop());
  return runner;
}

const passes = (world: FacilityWorld): number =>
  world.gitlab.requests.list({ path: '/api/v4/projects/301/labels' }).length;

async function happens(world: FacilityWorld): Promise<void> {
  await world.db.write(async (tx) => markDirty(tx, PROJECT, { confidential: false }));
}

describe('ReconcileRunner', () => {
  it('acts on the first event at once and on those within the window once, after it', async () => {
    const world = await facilityWorld();
    const runner = runnerOf(world);
    await world.reconcile();
    world.clock.pass(10_000);
    await happens(world);
    runner.wake(PROJECT);
    await runner.settled();
    assert.equal(passes(world), 2);
    for (let event = 0; event < 5; event += 1) {
      await happens(world);
      runner.wake(PROJECT);
      await runner.settled();
    }
    assert.equal(passes(world), 2, 'the window is not over');
    world.clock.pass(2000);
    runner.wake(PROJECT);
    await runner.settled();
    assert.equal(passes(world), 3);
  });

  it('makes exactly one more reading of many events during one', async () => {
    const world = await facilityWorld({ project: { coalesce_window: '0s' } });
    const runner = runnerOf(world);
    world.gitlab.faults.add({ kind: 'latency', ms: 30 });
    runner.wake(PROJECT);
    while (passes(world) === 0) await new Promise(setImmediate);
    for (let event = 0; event < 20; event += 1) {
      await happens(world);
      runner.wake(PROJECT);
    }
    await runner.settled();
    assert.equal(passes(world), 2);
  });

  it('reads again when the hour is over, without any event', async () => {
    const world = await facilityWorld();
    const runner = runnerOf(world);
    runner.wakeAll();
    await runner.settled();
    world.clock.pass(59 * MINUTE);
    runner.wakeAll();
    await runner.settled();
    assert.equal(passes(world), 1);
    world.clock.pass(MINUTE);
    runner.wakeAll();
    await runner.settled();
    assert.equal(passes(world), 2);
  });

  it('reads again at local midnight, when the ages on the badges change', async () => {
    const world = await facilityWorld({
      project: { timezone: 'Asia/Tokyo', reconcile_interval: '6h', badges: 'content' },
    });
    const runner = runnerOf(world);
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    world.clock.pass(MINUTE * 60 * 26);
    runner.wakeAll();
    await runner.settled();
    const before = world.gitlab.world.badgesOf(world.project).map(({ imageUrl }) => imageUrl);
    assert.equal((await findProject(world.db, PROJECT))?.next_at, '2025-11-21T15:00:00.000Z');
    world.clock.pass(MINUTE * 60);
    runner.wakeAll();
    await runner.settled();
    const changed = world.gitlab.world.badgesOf(world.project).map(({ imageUrl }) => imageUrl);
    assert.notEqual(changed[0], before[0]);
    assert.equal(changed[1], before[1]);
  });

  it("keeps away while a pause lasts, and an event ends a pause that GitLab's failure began", async () => {
    const world = await facilityWorld();
    const runner = runnerOf(world);
    world.gitlab.faults.add({ kind: 'status', status: 503, times: 4 });
    runner.wake(PROJECT);
    await runner.settled();
    const asked = world.gitlab.requests.list().length;
    world.clock.pass(30_000);
    runner.wake(PROJECT);
    await runner.settled();
    assert.equal(world.gitlab.requests.list().length, asked);
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    runner.wake(PROJECT);
    await runner.settled();
    assert.equal((await findProject(world.db, PROJECT))?.error, null);
  });

  it('does not let an event end a pause that GitLab asked for', async () => {
    const world = await facilityWorld();
    const runner = runnerOf(world);
    world.gitlab.faults.add({ kind: 'status', status: 429, retryAfter: 300 });
    runner.wake(PROJECT);
    await runner.settled();
    const asked = world.gitlab.requests.list().length;
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    world.clock.pass(MINUTE);
    runner.wake(PROJECT);
    await runner.settled();
    assert.equal(world.gitlab.requests.list().length, asked);
  });

  it('ends what is under way when it is stopped, and leaves the project free and due', async () => {
    const world = await facilityWorld();
    const runner = new ReconcileRunner(world.context);
    world.gitlab.faults.add({ kind: 'hang' });
    runner.wake(PROJECT);
    while (passes(world) + world.gitlab.requests.list().length === 0) await new Promise(setImmediate);
    await runner.stop();
    const row = await findProject(world.db, PROJECT);
    assert.deepEqual([row?.claim, row?.failures, row?.error], [null, 0, null]);
    assert.ok(row && row.next_at <= world.clock.now());
  });

  it('leaves projects alone that are not configured any more', async () => {
    const world = await facilityWorld();
    const runner = runnerOf(world);
    await world.db.write((tx) => changeProject(tx, PROJECT, { next_at: world.clock.now() }));
    runner.wake('lab/999');
    await runner.settled();
    assert.equal(world.gitlab.requests.list().length, 0);
  });
});
