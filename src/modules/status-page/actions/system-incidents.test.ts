import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { MACHINE, reportWorld, START, story } from '../../../../test/support/report-world.ts';
import { MINUTE } from '../../../core/index.ts';
import { reportStatus } from './report-status.ts';

// The cases of specification §22.6, by the names that they have there.
eachDatabase((open) => {
  const start = async () => {
    const world = await reportWorld(open);
    const [a = '', b = '', c = '', d = '', e = ''] = await world.catalog(
      ...['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })),
    );
    /** All in one call, as `[what it led to, number of the incident]`. */
    const report = async (components: readonly string[], impact: number) => {
      const outcomes = await reportStatus(world.context, MACHINE, {
        components: components.map((key) => ({ key, visibility: 'public' as const })),
        impact,
        title: 'Synthetic check failed',
      });
      return outcomes.map(({ kind, incident }) => [kind, incident.id]);
    };
    const incident = async (id: number) => {
      const found = (await world.incidents()).find((one) => one.id === id);
      assert.ok(found);
      return found;
    };
    return { world, a, b, c, d, e, report, incident };
  };

  it('CreationWrongType: no report makes a maintenance, which has impact 0', async () => {
    const { world, a, report } = await start();
    await assert.rejects(report([a], 0), { code: 'invalid', message: /people announce maintenances/ });
    assert.deepEqual(await world.incidents(), []);
  });

  it('CreationNoActiveEvents: where nothing is, a new incident of machines is opened', async () => {
    const { a, report, incident } = await start();
    assert.deepEqual(await report([a], 2), [['opened', 1]]);
    const { type, title, impact, system, end, components } = await incident(1);
    assert.deepEqual(
      { type, title, impact, system, end, components },
      { type: 'incident', title: 'Synthetic check failed', impact: 2, system: true, end: null, components: [a] },
    );
  });

  it('CreationWithMaintenance: the running maintenance answers, nothing is opened', async () => {
    const { world, a, report } = await start();
    const id = await world.maintenance([a], { start: START, end: '2026-11-21T14:00:00.000Z' });
    assert.deepEqual(await report([a], 3), [['maintenance', id]]);
    assert.deepEqual(
      (await world.incidents()).map(({ type }) => type),
      ['maintenance'],
    );
  });

  it('CreationWithNonSystemIncident: the incident of a person answers and stays theirs, title and all', async () => {
    const { world, a, report, incident } = await start();
    const id = await world.write({ title: 'Ada looks into it', impact: 1 }, [a]);
    assert.deepEqual(await report([a], 3), [['manual', id]]);
    const { title, impact, system, components, version } = await incident(id);
    assert.deepEqual([title, impact, system, components, version], ['Ada looks into it', 1, false, [a], 1]);
    assert.equal((await world.incidents()).length, 1);
  });

  it('SameImpact: the incident that is there answers', async () => {
    const { world, a, report } = await start();
    await report([a], 2);
    world.clock.go(MINUTE);
    assert.deepEqual(await report([a], 2), [['known', 1]]);
    assert.deepEqual((await world.incidents()).map(story), [['detected']]);
  });

  it('HigherImpact: one of more impact answers and is not lowered', async () => {
    const { a, report, incident } = await start();
    await report([a], 3);
    assert.deepEqual(await report([a], 1), [['known', 1]]);
    assert.equal((await incident(1)).impact, 3);
  });

  it('LowerImpactSingleComponent: one of less impact that holds nothing else is raised and stays open', async () => {
    const { world, a, report, incident } = await start();
    await report([a], 1);
    assert.deepEqual(await report([a], 3), [['raised', 1]]);
    const { impact, system, end } = await incident(1);
    assert.deepEqual([impact, system, end], [3, true, null]);
    assert.equal((await world.incidents()).length, 1);
  });

  it('LowerImpactMultiComponent: out of one of less impact it moves alone into a new one', async () => {
    const { a, b, report, incident } = await start();
    await report([a, b], 1);
    assert.deepEqual(await report([a], 2), [['moved', 2]]);
    const [old, fresh] = [await incident(1), await incident(2)];
    assert.deepEqual([old.impact, old.end, old.components], [1, null, [b]]);
    assert.deepEqual(story(old), ['detected', 'component_added b', 'component_moved_to a 2']);
    assert.deepEqual([fresh.impact, fresh.components], [2, [a]]);
  });

  it('ReuseExisting: a second component joins the one of the same impact', async () => {
    const { a, b, report, incident } = await start();
    await report([a], 2);
    assert.deepEqual(await report([b], 2), [['joined', 1]]);
    assert.deepEqual((await incident(1)).components, [a, b]);
  });

  it('MultipleComponents: three make one incident, and are answered in the order in which they were named', async () => {
    const { world, a, b, c, report, incident } = await start();
    assert.deepEqual(await report([c, a, b], 2), [
      ['opened', 1],
      ['joined', 1],
      ['joined', 1],
    ]);
    assert.deepEqual((await incident(1)).components, [c, a, b]);
    const held = await world.maintenance([b], { start: START, end: null });
    assert.deepEqual(await report([b, a], 2), [
      ['maintenance', held],
      ['known', 1],
    ]);
  });

  it('MixedScenarios: in one call each is decided by itself, and later ones join what earlier ones opened', async () => {
    const { world, a, b, c, d, e, report, incident } = await start();
    const maintenance = await world.maintenance([a], { start: START, end: null });
    await report([b, e], 1);
    const manual = await world.write({ title: 'Ada looks into it', impact: 1 }, [c]);
    const fresh = manual + 1;
    assert.deepEqual(await report([a, b, c, d], 3), [
      ['maintenance', maintenance],
      ['moved', fresh],
      ['manual', manual],
      ['joined', fresh],
    ]);
    assert.deepEqual((await incident(fresh)).components, [b, d]);
    assert.deepEqual((await incident(manual)).components, [c]);
    assert.equal((await world.incidents()).length, 4);
  });
});
