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
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { ANONYMOUS, DAY, HOUR, MINUTE } from '../../../core/index.ts';
import { auditEntries } from '../../../platform/audit/index.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { publishInfo } from './publish-info.ts';

const [A, B, C] = ['status-page/a', 'status-page/b', 'status-page/c'] as const;
const outage = { title: 'Storage is down', impact: 2, components: [A] };

eachDatabase((open) => {
  it('opens an incident whose first row says that it is detected, and names its author to staff only', async () => {
    const world = await statusPageWorld(open);
    const { id } = await openIncident(world.context, CREATOR, { ...outage, description: 'All **reads** fail.' });
    const view = await world.view(id);
    assert.deepEqual(
      [view?.type, view?.status, view?.start, view?.end, view?.system, view?.version, view?.createdBy],
      ['incident', 'detected', START, null, false, 1, 'user:creator'],
    );
    assert.deepEqual(story(view), ['detected: detected']);
    assert.deepEqual(view?.components, [A]);
    const open_ = await world.view(id, ANONYMOUS);
    assert.deepEqual([open_?.createdBy, open_?.createdById, open_?.updates[0]?.createdBy], ['', null, '']);
    assert.deepEqual(await world.changes(), [`${id} opened v1`]);
    const [entry] = await auditEntries(world.db, {}, { limit: 1 });
    assert.deepEqual(
      [entry?.action, entry?.subject, entry?.actor],
      ['status-page.incident_opened', `incident:${id}`, 'user:creator'],
    );
  });

  it('makes its components as bad as it says since it began, also when it is dated back', async () => {
    const world = await statusPageWorld(open);
    world.clock.go(HOUR);
    const { id } = await openIncident(world.context, CREATOR, { ...outage, start: at('12:20') });
    await world.settle();
    assert.equal(await world.level(A), 'partial_outage since 12:20');
    const row = await world.reads.row(ANONYMOUS, A);
    assert.deepEqual(
      [row?.status.why.signals[0]?.name, row?.status.why.signals[0]?.evidence],
      [`incident/${id}`, `https://s.example/incidents/${id}`],
    );
    assert.equal(await world.level(B), 'operational since 12:00');
    world.clock.go(MINUTE);
    await postUpdate(world.context, CREATOR, id, { status: 'impact changed', impact: 3, text: 'Worse.' });
    await world.settle();
    assert.equal(await world.level(A), 'major_outage since 13:01');
    await postUpdate(world.context, CREATOR, id, { status: 'fixing', text: 'Still.', title: 'Storage is gone' });
    await world.settle();
    assert.equal((await world.reads.row(ANONYMOUS, A))?.status.why.signals[0]?.summary, 'Storage is gone');
    world.clock.go(MINUTE);
    await postUpdate(world.context, CREATOR, id, { status: 'resolved', text: 'It works.' });
    await world.settle();
    assert.equal(await world.level(A), 'operational since 13:02', 'what vouches for it is left alone');
  });

  it('takes both components out of an incident, which ends with one left; maintenance moves nothing', async () => {
    const world = await statusPageWorld(open);
    const first = await openIncident(world.context, CREATOR, { ...outage, components: [A, B], impact: 1 });
    world.clock.go(MINUTE);
    const second = await openIncident(world.context, CREATOR, { ...outage, components: [A, B] });
    const old = await world.view(first.id);
    assert.deepEqual([old?.status, old?.end, old?.components], ['resolved', at('12:01'), [B]]);
    assert.deepEqual(old?.past, [
      { incident: first.id, component: A, from: START, to: at('12:01'), movedTo: second.id },
    ]);
    assert.deepEqual(story(old), [
      'detected: detected',
      `detected: component_moved_to ${A} ${second.id}`,
      `resolved: component_moved_to ${B} ${second.id}`,
    ]);
    assert.deepEqual(story(await world.view(second.id)), [
      'detected: detected',
      `detected: component_moved_from ${A} ${first.id}`,
      `detected: component_moved_from ${B} ${first.id}`,
    ]);
    await announceMaintenance(world.context, OPERATOR, {
      title: 'New disks',
      description: 'Disks.',
      components: [A, B],
      start: '2026-11-25T12:00:00Z',
      end: '2026-11-25T13:00:00Z',
    });
    assert.equal((await world.view(second.id))?.end, null);
    const alone = await openIncident(world.context, CREATOR, { ...outage, components: [C] });
    assert.deepEqual((await world.view(alone.id))?.components, [C]);
    await world.settle();
    assert.deepEqual(
      (await world.transitions()).filter((line) => line.startsWith(A)),
      [`${A} unknown → operational`, `${A} operational → degraded`, `${A} degraded → partial_outage`],
      'no component was free for a moment',
    );
  });

  it('publishes an info on a component with incident and maintenance: nothing is moved or closed', async () => {
    const world = await statusPageWorld(open);
    const { id } = await openIncident(world.context, CREATOR, outage);
    const info = await publishInfo(world.context, CREATOR, { title: 'New prices', components: [A] });
    assert.equal((await world.view(id))?.end, null);
    const view = await world.view(info.id);
    assert.deepEqual(
      [view?.type, view?.status, story(view)],
      ['info', 'active', ['planned: status', 'active: status']],
    );
    await world.settle();
    assert.equal(await world.level(A), 'partial_outage since 12:00');
  });

  it('refuses what cannot be, and names the component that does not exist', async () => {
    const world = await statusPageWorld(open);
    const refused = async (input: object, told: RegExp) =>
      await assert.rejects(openIncident(world.context, CREATOR, { ...outage, ...input }), {
        code: 'invalid',
        message: told,
      });
    await refused({ impact: 0 }, /impact: must be 1, 2 or 3/);
    await refused({ end: START }, /end/);
    await refused({ updates: [] }, /updates/);
    await refused({ components: [A, 'status-page/none'] }, /no component status-page\/none/);
    await refused({ components: [] }, /at least one/);
    await refused({ start: at('12:01') }, /start: This lies in the future/);
    await refused({ title: 'short' }, /title: must have 8 to 200/);
    await refused({ description: 'x'.repeat(1501) }, /1,500 characters or fewer/);
    const most = await openIncident(world.context, CREATOR, { ...outage, description: '\u{1F680}'.repeat(1500) });
    assert.equal([...((await world.view(most.id))?.description ?? '')].length, 1500);
  });

  it('is for creators, operators, administrators, and programs that may write incidents', async () => {
    const world = await statusPageWorld(open);
    for (const actor of [CREATOR, OPERATOR, person('admin'), program('incidents:write')]) {
      assert.ok(await openIncident(world.context, actor, outage));
    }
    for (const actor of [person('viewer'), person('reporter'), program('signals:write', 'read')]) {
      await assert.rejects(openIncident(world.context, actor, outage), { code: 'forbidden' });
      await assert.rejects(publishInfo(world.context, actor, outage), { code: 'forbidden' });
    }
    await assert.rejects(openIncident(world.context, ANONYMOUS, outage), { code: 'unauthenticated' });
  });

  it('shows a maintenance at its time, and never hides an outage behind it', async () => {
    const world = await statusPageWorld(open);
    await announceMaintenance(world.context, OPERATOR, {
      title: 'New disks',
      description: 'Disks.',
      components: [A, B],
      start: '2026-11-23T12:00:00Z',
      end: '2026-11-23T13:00:00Z',
    });
    await world.settle();
    assert.equal(await world.level(A), 'operational since 12:00');
    world.clock.go(2 * DAY + 10 * MINUTE);
    await world.settle();
    assert.equal(await world.level(A), 'maintenance since 12:00');
    await openIncident(world.context, OPERATOR, { ...outage, impact: 3, start: '2026-11-23T12:05:00Z' });
    await world.settle();
    assert.equal(await world.level(A), 'major_outage since 12:05');
    assert.equal(await world.level(B), 'maintenance since 12:00');
    world.clock.go(HOUR);
    await world.settle();
    assert.equal(await world.level(B), 'operational since 13:00');
  });
});
