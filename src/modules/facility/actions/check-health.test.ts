import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, MINUTE } from '../../../core/index.ts';
import { findProject, type Health, healthOf } from '../store/project-store.ts';
import { type FacilityWorld, facilityWorld, PROJECT } from './facility-world.cases.ts';

async function healthAfterReading(world: FacilityWorld): Promise<Health> {
  world.clock.pass(61 * MINUTE);
  await world.reconcile();
  const row = await findProject(world.db, PROJECT);
  const health = row && healthOf(row);
  assert.ok(health);
  return health;
}

describe('checkHealth', () => {
  it('finds nothing wrong with a working hook and a lasting token', async () => {
    const { hook, token } = await healthAfterReading(await facilityWorld());
    assert.deepEqual([hook.status, hook.problem, token.problem], ['executable', null, null]);
  });

  it('enables a disabled hook again by a test event', async () => {
    const world = await facilityWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    world.hook.token = 'wrong-for-a-while';
    for (let failure = 0; failure < 5; failure += 1) {
      world.gitlab.world.comment(issue, `${failure}`);
      await world.gitlab.hooks.idle();
    }
    assert.notEqual(world.gitlab.hooks.status(world.hook), 'executable');
    world.hook.token = 's3cr3t-for-tests';
    const { hook } = await healthAfterReading(world);
    assert.equal(hook.problem, null);
    assert.equal(world.gitlab.hooks.status(world.hook), 'executable');
  });

  it('says that the hook stays disabled, and what GitLab got last', async () => {
    const world = await facilityWorld();
    const issue = world.issue('Alarm', ['D:Cryo A']);
    world.hook.token = 'wrong-for-ever';
    for (let failure = 0; failure < 5; failure += 1) {
      world.gitlab.world.comment(issue, `${failure}`);
      await world.gitlab.hooks.idle();
    }
    await world.reconcile();
    const row = await findProject(world.db, PROJECT);
    const hook = row && healthOf(row)?.hook;
    assert.equal(hook?.problem, 'disabled');
    assert.equal(hook.lastAnswer, '401');
  });

  it('notices a hook that is missing and one without all events', async () => {
    const world = await facilityWorld();
    world.hook.flags.confidential_note_events = false;
    assert.equal((await healthAfterReading(world)).hook.problem, 'events');
    world.gitlab.world.removeHook(world.hook);
    assert.equal((await healthAfterReading(world)).hook.problem, 'missing');
  });

  it('warns fourteen days before the token ends, not earlier', async () => {
    const world = await facilityWorld();
    const [token] = world.gitlab.world.tokens;
    assert.ok(token);
    const inDays = (days: number): string =>
      new Date(Date.parse(world.clock.now()) + days * DAY).toISOString().slice(0, 10);
    token.expiresAt = inDays(16);
    assert.equal((await healthAfterReading(world)).token.problem, null);
    token.expiresAt = inDays(13);
    assert.deepEqual((await healthAfterReading(world)).token, { expiresAt: token.expiresAt, problem: 'expiring' });
  });

  it('says so when the token may not look at hooks, and reads on', async () => {
    const world = await facilityWorld({ project: { badges: 'off' } });
    const [token] = world.gitlab.world.tokens;
    assert.ok(token);
    token.role = 'reporter';
    assert.equal((await healthAfterReading(world)).hook.problem, 'unreadable');
    assert.equal((await findProject(world.db, PROJECT))?.error, null);
  });

  it('is asked at the regular reading only, not for each event', async () => {
    const world = await facilityWorld();
    await world.reconcile();
    world.gitlab.requests.reset();
    world.clock.pass(5000);
    await world.reconcile();
    assert.equal(world.gitlab.requests.list({ path: '/api/v4/projects/301/hooks' }).length, 0);
  });
});
