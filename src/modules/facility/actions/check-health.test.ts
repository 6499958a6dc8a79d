import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, MINUTE } from '../../../core/index.ts';
import { findProject, type Health, healthOf } from '../store/project-store.ts';
import { type FacilityWorld, facilityWorld, HOOK_TOKEN, PROJECT, PUBLIC_URL } from './facility-world.cases.ts';

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

  it('says that deliveries fail though GitLab disables no hook, and what it got last', async () => {
    const world = await facilityWorld();
    world.gitlab.hooks.autoDisable = false;
    world.hook.token = 'wrong-for-a-while';
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    const { hook } = await healthAfterReading(world);
    assert.deepEqual([hook.status, hook.problem, hook.lastAnswer], ['executable', 'failing', '401']);
    assert.equal(world.log.filter((line) => line.includes('webhook needs attention')).length, 1);
  });

  it('takes back that deliveries fail once a test event is answered well', async () => {
    const world = await facilityWorld();
    world.gitlab.hooks.autoDisable = false;
    world.hook.token = 'wrong-for-a-while';
    world.issue('Alarm', ['D:Cryo A']);
    await world.gitlab.hooks.idle();
    assert.equal((await healthAfterReading(world)).hook.problem, 'failing');
    world.hook.token = HOOK_TOKEN;
    assert.equal((await healthAfterReading(world)).hook.problem, null);
  });

  it('gets along with a GitLab that keeps no history of deliveries', async () => {
    const world = await facilityWorld();
    world.gitlab.faults.add({ kind: 'status', status: 404, path: '/api/v4/*/events' });
    assert.equal((await healthAfterReading(world)).hook.problem, null);
    const asked = world.gitlab.requests.list({ path: `/api/v4/projects/301/hooks/${world.hook.id}/events` });
    assert.deepEqual(
      asked.map(({ status }) => status),
      [404],
    );
  });

  it('warns of a hook that does not verify our certificate', async () => {
    const world = await facilityWorld();
    world.hook.url = `${PUBLIC_URL}/hooks/gitlab/lab`;
    assert.equal((await healthAfterReading(world)).hook.problem, null);
    world.hook.sslVerification = false;
    assert.equal((await healthAfterReading(world)).hook.problem, 'unverified');
  });

  it('asks of the token what is needed: the scope api for badges, read_api without', async () => {
    for (const [badges, problem] of [
      ['stable', 'scopes'],
      ['off', null],
    ] as const) {
      const world = await facilityWorld({ project: { badges }, labels: [] });
      const [token] = world.gitlab.world.tokens;
      assert.ok(token);
      token.scopes = ['read_api'];
      assert.equal((await healthAfterReading(world)).token.problem, problem);
    }
  });

  it('logs what is wrong with the token when it changes, not at each reading', async () => {
    const world = await facilityWorld({ labels: [] });
    const [token] = world.gitlab.world.tokens;
    assert.ok(token);
    token.scopes = ['read_api'];
    await healthAfterReading(world);
    await healthAfterReading(world);
    const lines = world.log.filter((line) => line.includes('access token needs attention'));
    assert.equal(lines.length, 1);
    assert.match(lines.join(), /"level":40[^]*"problem":"scopes"/);
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
