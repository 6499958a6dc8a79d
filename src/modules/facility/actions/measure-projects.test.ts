import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../core/index.ts';
import type { ProjectMeasures } from './facility-metrics.ts';
import { type FacilityWorld, facilityWorld, PROJECT, TOKEN } from './facility-world.cases.ts';
import { measureProjects } from './measure-projects.ts';

const MINUTES = 60;

/** One project read a minute ago. */
async function measured(
  visibility: 'public' | 'private',
  project: Record<string, unknown> = {},
): Promise<{ world: FacilityWorld; measures: ProjectMeasures }> {
  const world = await facilityWorld({ project });
  world.project.visibility = visibility;
  await world.reconcile();
  world.clock.pass(MINUTE);
  return { world, measures: await measureProjects(world.context) };
}

describe('measureProjects', () => {
  it('names a project that everybody may see, by its setting before that of GitLab', async () => {
    const named = async (...given: Parameters<typeof measured>): Promise<string[]> => [
      ...(await measured(...given)).measures.ages.keys(),
    ];
    assert.deepEqual(await named('public'), [PROJECT]);
    assert.deepEqual(await named('private'), []);
    assert.deepEqual(await named('public', { visibility: 'members' }), []);
    assert.deepEqual(await named('private', { visibility: 'public' }), [PROJECT]);
  });

  it('counts stale projects and tells the oldest reading without their names', async () => {
    const { world, measures } = await measured('private');
    assert.deepEqual([measures.stale, measures.oldest], [0, MINUTES]);
    world.gitlab.faults.add({ kind: 'status', status: 500 });
    world.clock.pass(2 * HOUR);
    await world.reconcile();
    const later = await measureProjects(world.context);
    assert.deepEqual([later.stale, later.oldest, later.ages.size], [1, 121 * MINUTES, 0]);
  });

  it('tells of a project that could never be read', async () => {
    const world = await facilityWorld();
    world.gitlab.faults.add({ kind: 'status', status: 500 });
    await world.reconcile();
    world.clock.pass(HOUR);
    const { stale, oldest } = await measureProjects(world.context);
    assert.deepEqual([stale, oldest], [1, 60 * MINUTES]);
  });

  it('tells when the token ends and whether token and webhook are well, per integration', async () => {
    const world = await facilityWorld();
    const [token] = world.gitlab.world.tokens;
    assert.ok(token);
    token.expiresAt = null;
    await world.reconcile();
    const well = await measureProjects(world.context);
    assert.deepEqual(well.integrations.get('lab'), { tokenExpires: null, tokenHealthy: true, hookHealthy: true });
    token.expiresAt = '2025-11-22';
    world.gitlab.world.removeHook(world.hook);
    world.clock.pass(DAY);
    await world.reconcile();
    const ill = await measureProjects(world.context);
    assert.deepEqual(ill.integrations.get('lab'), {
      tokenExpires: 12 * 60 * MINUTES,
      tokenHealthy: false,
      hookHealthy: false,
    });
  });

  it('says nothing of a webhook that nobody has looked at yet', async () => {
    const world = await facilityWorld();
    const { integrations } = await measureProjects(world.context);
    assert.deepEqual(integrations.get('lab'), { tokenExpires: null, tokenHealthy: null, hookHealthy: null });
  });

  it('says nothing of a project that was taken out of the configuration', async () => {
    const { world } = await measured('public');
    const { gitlab } = world;
    const config = { integrations: [{ id: 'lab', url: gitlab.url, token: TOKEN }], projects: [] };
    const measures = await measureProjects({ ...world.context, config: () => config });
    assert.deepEqual(measures, { ages: new Map(), stale: 0, oldest: 0, integrations: new Map() });
  });
});
