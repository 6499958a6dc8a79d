import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import {
  at,
  CREATOR,
  OPERATOR,
  person,
  program,
  START,
  type StatusPageWorld,
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { ANONYMOUS, MINUTE } from '../../../core/index.ts';
import { addComponents } from './add-components.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { moveComponents } from './move-components.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { removeComponent } from './remove-component.ts';

const [A, B, C] = ['status-page/a', 'status-page/b', 'status-page/c'] as const;

async function opened(world: StatusPageWorld, components: string[], impact = 2): Promise<number> {
  const { id } = await openIncident(world.context, CREATOR, {
    title: 'Storage is down',
    description: 'All reads fail.',
    impact,
    components,
  });
  return id;
}

eachDatabase((open) => {
  it('extracts one of two: the new incident has it, with impact, description, start and status of the old', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world, [A, B]);
    world.clock.go(MINUTE);
    await postUpdate(world.context, CREATOR, id, { status: 'fixing', text: 'We replace it.' });
    const moved = await moveComponents(world.context, OPERATOR, id, { components: [B], version: 2 });
    const [old, made] = [await world.view(id), await world.view(moved.id)];
    assert.deepEqual(
      [made?.title, made?.description, made?.impact, made?.start, made?.status, made?.system, made?.components],
      ['Storage is down', 'All reads fail.', 2, START, 'fixing', false, [B]],
    );
    assert.deepEqual(story(made), [`fixing: component_moved_from ${B} ${id}`]);
    assert.deepEqual(story(old).at(-1), `fixing: component_moved_to ${B} ${moved.id}`);
    assert.deepEqual([old?.components, old?.past.map(({ movedTo }) => movedTo), old?.end], [[A], [moved.id], null]);
    assert.deepEqual(moved.from, { id, version: 3 });
    await world.settle();
    assert.deepEqual(
      [await world.level(A), await world.level(B)],
      ['partial_outage since 12:00', 'partial_outage since 12:00'],
    );
    assert.equal((await world.transitions()).filter((line) => line.includes('partial_outage →')).length, 0);
    const refused = moveComponents(world.context, OPERATOR, id, { components: [A] });
    await assert.rejects(refused, { code: 'invalid', message: /Not all components can go: keep at least one/ });
    await assert.rejects(moveComponents(world.context, OPERATOR, id, { components: [C] }), {
      code: 'invalid',
      message: /component status-page\/c is not in it/,
    });
    assert.equal((await world.all()).length, 2);
  });

  it('moves components into another open incident, whose impact they get', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world, [A, B]);
    const worse = await opened(world, [C], 3);
    world.clock.go(MINUTE);
    const moved = await moveComponents(world.context, OPERATOR, id, { components: [B], to: worse });
    assert.deepEqual([moved.id, (await world.view(worse))?.components], [worse, [C, B]]);
    await world.settle();
    assert.equal(await world.level(B), 'major_outage since 12:01');
    const into = async (to: number) => await moveComponents(world.context, OPERATOR, id, { components: [A], to });
    await addComponents(world.context, CREATOR, id, { components: [B] });
    await assert.rejects(into(id), { code: 'invalid', message: /into itself/ });
    await assert.rejects(into(99), { code: 'invalid', message: /99 is not an open incident/ });
    await postUpdate(world.context, CREATOR, worse, { status: 'resolved', text: 'Done.' });
    await assert.rejects(into(worse), { code: 'invalid' });
  });

  it('is for operators and administrators, on incidents only', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world, [A, B, C]);
    await assert.rejects(moveComponents(world.context, CREATOR, 99, {}), { code: 'forbidden' });
    await assert.rejects(moveComponents(world.context, person('reporter'), id, { components: [A] }), {
      code: 'forbidden',
    });
    await assert.rejects(moveComponents(world.context, ANONYMOUS, id, { components: [A] }), {
      code: 'unauthenticated',
    });
    await moveComponents(world.context, person('admin'), id, { components: [A] });
    await moveComponents(world.context, program('incidents:write'), id, { components: [B] });
    const planned = await announceMaintenance(world.context, OPERATOR, {
      title: 'New disks',
      description: 'Disks.',
      components: [A, B],
      start: '2026-11-25T12:00:00Z',
      end: '2026-11-25T13:00:00Z',
    });
    await assert.rejects(moveComponents(world.context, OPERATOR, planned.id ?? 0, { components: [A] }), {
      code: 'forbidden',
      message: /between incidents only/,
    });
  });

  it('merges incidents: members and the worst impact come in, the others close and say where they went', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world, [A], 1);
    const second = await opened(world, [B], 3);
    const third = await opened(world, [C], 1);
    world.clock.go(MINUTE);
    await mergeIncidents(world.context, OPERATOR, id, { others: [second, third], version: 1 });
    const view = await world.view(id);
    assert.deepEqual([view?.components, view?.impact, view?.end], [[A, B, C], 3, null]);
    assert.deepEqual(story(view), [
      'detected: detected',
      `detected: merged_from ${second}`,
      `detected: merged_from ${third}`,
      'impact changed: impact_changed 1 3',
    ]);
    const merged = await world.view(second);
    assert.deepEqual(
      [merged?.end, merged?.status, merged?.mergedInto, merged?.components],
      [at('12:01'), 'resolved', id, [B]],
    );
    assert.equal(story(merged).at(-1), `resolved: merged_into ${id}`);
    await world.settle();
    assert.deepEqual(
      [await world.level(A), await world.level(B), await world.level(C)],
      ['major_outage since 12:01', 'major_outage since 12:00', 'major_outage since 12:01'],
    );
    await assert.rejects(mergeIncidents(world.context, OPERATOR, id, { others: [second] }), { code: 'invalid' });
    await assert.rejects(mergeIncidents(world.context, OPERATOR, id, { others: [id] }), { code: 'invalid' });
    await assert.rejects(mergeIncidents(world.context, CREATOR, id, { others: [third] }), { code: 'forbidden' });
  });

  it('adds a component, taking it out of the incident that held it, and removes all but the last', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world, [A]);
    const other = await opened(world, [B]);
    world.clock.go(MINUTE);
    await addComponents(world.context, CREATOR, id, { components: [B, C], version: 1 });
    assert.deepEqual((await world.view(id))?.components, [A, B, C]);
    assert.equal((await world.view(other))?.status, 'resolved');
    assert.deepEqual(story(await world.view(id)).slice(1), [
      `detected: component_moved_from ${B} ${other}`,
      `detected: component_added ${C}`,
    ]);
    await assert.rejects(addComponents(world.context, CREATOR, id, { components: [C] }), { code: 'invalid' });
    await world.settle();
    assert.equal(await world.level(C), 'partial_outage since 12:01');
    world.clock.go(MINUTE);
    await removeComponent(world.context, CREATOR, id, { component: C, version: 2 });
    await removeComponent(world.context, CREATOR, id, { component: B });
    await assert.rejects(removeComponent(world.context, CREATOR, id, { component: A }), { code: 'invalid' });
    await assert.rejects(removeComponent(world.context, CREATOR, id, { component: C }), { code: 'invalid' });
    await world.settle();
    assert.equal(await world.level(C), 'operational since 12:02');
    assert.deepEqual(
      (await world.view(id))?.past.map(({ component, to }) => [component, to]),
      [
        [B, at('12:02')],
        [C, at('12:02')],
      ],
    );
    await addComponents(world.context, CREATOR, id, { components: [C] });
    await postUpdate(world.context, CREATOR, id, { status: 'resolved', text: 'Done.' });
    await assert.rejects(addComponents(world.context, CREATOR, id, { components: [B] }), { code: 'conflict' });
  });
});
