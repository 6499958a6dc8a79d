import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import {
  at,
  CREATOR,
  OPERATOR,
  person,
  program,
  type StatusPageWorld,
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { ANONYMOUS, HOUR, MINUTE } from '../../../core/index.ts';
import { backDate } from './back-date.ts';
import { correctUpdate } from './correct-update.ts';
import { openIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { writePostmortem } from './write-postmortem.ts';

const [A, B] = ['status-page/a', 'status-page/b'] as const;

async function opened(world: StatusPageWorld, more: object = {}): Promise<number> {
  const { id } = await openIncident(world.context, CREATOR, {
    title: 'Storage is down',
    impact: 2,
    components: [A, B],
    ...more,
  });
  world.clock.go(MINUTE);
  return id;
}

eachDatabase((open) => {
  it('changes title, description and impact, ends with resolved at its moment, moves dates with changed, opens again', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const post = async (input: object) => await postUpdate(world.context, CREATOR, id, { text: 'News.', ...input });
    await post({ status: 'analyzing', title: 'Storage is slow', description: 'Only writes.' });
    let view = await world.view(id);
    assert.deepEqual(
      [view?.title, view?.description, view?.status, view?.version],
      ['Storage is slow', 'Only writes.', 'analysing', 2],
    );
    await post({ status: 'impact changed', impact: 3 });
    assert.equal((await world.view(id))?.impact, 3);
    world.clock.go(10 * MINUTE);
    await post({ status: 'resolved', at: at('12:05') });
    view = await world.view(id);
    assert.deepEqual([view?.end, view?.status], [at('12:05'), 'resolved']);
    await post({ status: 'changed', start: at('11:50'), end: at('12:04') });
    view = await world.view(id);
    assert.deepEqual([view?.start, view?.end, view?.status], [at('11:50'), at('12:04'), 'resolved']);
    await post({ status: 'reopened' });
    assert.equal((await world.view(id))?.end, null);
    await post({ status: 'resolved' });
    view = await world.view(id);
    assert.deepEqual([view?.end, view?.version], [at('12:11'), 7]);
    assert.deepEqual(await world.changes(), [
      `${id} opened v1`,
      `${id} updated v2`,
      `${id} worsened v3`,
      `${id} closed v4`,
      `${id} updated v5`,
      `${id} reopened v6`,
      `${id} closed v7`,
    ]);
  });

  it('refuses the statuses and changes that do not belong there, and says which field', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const refused = async (input: object, pointer: string) =>
      await assert.rejects(postUpdate(world.context, CREATOR, id, { text: 'News.', ...input }), (error) => {
        assert.ok(error instanceof Error && 'fields' in error);
        assert.deepEqual(
          (error.fields as { pointer: string }[]).map((field) => field.pointer),
          [pointer],
        );
        return true;
      });
    await refused({ status: 'in progress' }, '/status');
    await refused({ status: 'fixing', start: at('11:00') }, '/start');
    await refused({ status: 'analysing', impact: 1 }, '/impact');
    await refused({ status: 'impact changed', impact: 0 }, '/impact');
    await refused({ status: 'fixing', text: '  ' }, '/text');
    await refused({ status: 'nonsense' }, '/status');
    assert.equal((await world.view(id))?.updates.length, 1, 'a refused update leaves no row');
    await assert.rejects(postUpdate(world.context, CREATOR, 99, { status: 'fixing', text: 'x' }), {
      code: 'not_found',
    });
  });

  it('takes two updates within one minute, and within one second', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    world.clock.go(20_000);
    for (const text of ['One.', 'Two.', 'Three.']) {
      await postUpdate(world.context, CREATOR, id, { status: 'fixing', text, at: '2026-11-21T12:01:00Z' });
    }
    assert.equal((await world.view(id))?.updates.length, 4);
  });

  it('tells who comes too late who changed what since, and takes nothing of his', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const [anna, bob] = [person('creator', 'anna'), person('operator', 'bob')];
    await postUpdate(world.context, anna, id, { version: 1, status: 'fixing', text: 'We replace it.' });
    await assert.rejects(postUpdate(world.context, bob, id, { version: 1, status: 'observing', text: 'Watching.' }), {
      code: 'conflict',
      message: /changed since you opened it: anna set it to "fixing" at 12:01 UTC\. It is at version 2 now/,
    });
    await assert.rejects(postUpdate(world.context, bob, id, { version: 99, status: 'observing', text: 'x' }), {
      code: 'conflict',
    });
    assert.deepEqual(story(await world.view(id)), ['detected: detected', 'fixing: "We replace it."']);
  });

  it('of two editors with one version lets one through', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const results = await Promise.allSettled(
      ['One.', 'Two.'].map((text) => postUpdate(world.context, CREATOR, id, { version: 1, status: 'fixing', text })),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    assert.equal((refused?.reason as { code?: string }).code, 'conflict');
    assert.deepEqual([(await world.view(id))?.version, (await world.view(id))?.updates.length], [2, 2]);
  });

  it('makes it a person’s with the first update', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    await world.db.write((tx) =>
      tx
        .for<{ status_page_incident: { id: number; system: number } }>()
        .updateTable('status_page_incident')
        .set({ system: 1 })
        .execute(),
    );
    assert.equal((await world.view(id))?.system, true);
    await postUpdate(world.context, program('incidents:write'), id, { status: 'analysing', text: 'We look.' });
    assert.equal((await world.view(id))?.system, false);
  });

  it('corrects the text of an update by its number; status, time and what it said are kept', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const first = await postUpdate(world.context, CREATOR, id, { status: 'fixing', text: 'We replce it.' });
    await postUpdate(world.context, CREATOR, id, { status: 'observing', text: 'We watch it.' });
    world.clock.go(MINUTE);
    const correct = async (update: number, input: object, incident = id) =>
      await correctUpdate(world.context, CREATOR, { incident, update }, input);
    await correct(first.update, { text: 'We replace it.' });
    await correct(first.update, { text: 'We replaced it.' });
    const row = (await world.view(id))?.updates.find((update) => update.id === first.update);
    assert.deepEqual(
      [row?.text, row?.status, row?.at, row?.modifiedAt, row?.modifiedBy],
      ['We replaced it.', 'fixing', at('12:01'), at('12:02'), 'user:creator'],
    );
    const seen = await world.view(id, ANONYMOUS);
    assert.deepEqual([seen?.version, seen?.modifiedAt], [5, at('12:02')], 'three rows and two corrections');
    const said = await world.db
      .for<{ status_page_update_revision: { update_id: number; text: string; at: string } }>()
      .selectFrom('status_page_update_revision')
      .select('text')
      .where('update_id', '=', first.update)
      .orderBy('at')
      .execute();
    assert.deepEqual(
      said.map(({ text }) => text),
      ['We replce it.', 'We replace it.'],
    );
    await assert.rejects(correct(999, { text: 'x' }), { code: 'not_found' });
    await assert.rejects(correct(first.update, { text: 'x' }, 99), { code: 'not_found' });
    await assert.rejects(correct(first.update, { text: '' }), { code: 'invalid' });
    await assert.rejects(correct(first.update, {}), { code: 'invalid' });
    await assert.rejects(correct(first.update - 1, { text: 'x' }), { code: 'invalid' }, 'a note of the program');
    const reporter = correctUpdate(
      world.context,
      person('reporter'),
      { incident: id, update: first.update },
      { text: 'x' },
    );
    await assert.rejects(reporter, { code: 'forbidden' });
  });

  it('opened again, leaves to another incident what that one holds by now', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    await postUpdate(world.context, CREATOR, id, { status: 'resolved', text: 'Done.' });
    world.clock.go(MINUTE);
    const other = await openIncident(world.context, CREATOR, { title: 'Another one', impact: 1, components: [A] });
    await postUpdate(world.context, CREATOR, id, { status: 'reopened', text: 'Not done.' });
    assert.deepEqual([(await world.view(id))?.components, (await world.view(other.id))?.components], [[B], [A]]);
    await world.settle();
    assert.deepEqual(
      [await world.level(A), await world.level(B)],
      ['degraded since 12:02', 'partial_outage since 12:01'],
    );
    await postUpdate(world.context, CREATOR, id, { status: 'resolved', text: 'Done.' });
    await openIncident(world.context, CREATOR, { title: 'And another', impact: 1, components: [A, B] });
    await assert.rejects(postUpdate(world.context, CREATOR, id, { status: 'reopened', text: 'No.' }), {
      code: 'conflict',
      message: /are in incident 3 now/,
    });
  });

  it('dates an open incident back, with its components and impact; for operators', async () => {
    const world = await statusPageWorld(open);
    world.clock.go(HOUR);
    const id = await opened(world, { start: at('12:50') });
    await backDate(world.context, OPERATOR, id, { start: at('12:30'), text: 'The logs say so.' });
    const view = await world.view(id);
    assert.deepEqual([view?.start, view?.version], [at('12:30'), 2]);
    assert.deepEqual(story(view), ['detected: detected', 'changed: "The logs say so."']);
    const tables = world.db.for<{
      status_page_impact: { from_at: string };
      status_page_incident_component: { from_at: string };
    }>();
    const impacts = await tables.selectFrom('status_page_impact').select('from_at').orderBy('from_at').execute();
    const members = await tables.selectFrom('status_page_incident_component').select('from_at').execute();
    assert.deepEqual(
      [...impacts, ...members].map((row) => row.from_at),
      [at('12:30'), at('12:50'), at('12:30'), at('12:30')],
    );
    await world.settle();
    await postUpdate(world.context, CREATOR, id, { status: 'analysing', text: 'x', title: 'Storage is gone' });
    await world.settle();
    const row = await world.reads.row(ANONYMOUS, A);
    assert.equal(row?.status.why.signals[0]?.summary, 'Storage is gone', 'what is said later still arrives');
    const dated = async (start: string, who = OPERATOR) => await backDate(world.context, who, id, { start });
    await assert.rejects(dated(at('14:00')), { code: 'invalid', message: /in the future/ });
    await assert.rejects(dated(at('12:00'), CREATOR), { code: 'forbidden' });
    await dated(at('12:40'));
    world.clock.go(MINUTE);
    await assert.rejects(dated(at('13:02')), { code: 'invalid', message: /an update from before/ });
  });

  it('shows a post-mortem to everybody once it is published, and takes it back', async () => {
    const world = await statusPageWorld(open);
    const id = await opened(world);
    const write = async (text: string, publish: boolean, who = OPERATOR) =>
      await writePostmortem(world.context, who, id, { text, publish });
    await assert.rejects(write('What we learned.', true), { code: 'conflict' });
    await postUpdate(world.context, CREATOR, id, { status: 'resolved', text: 'Done.' });
    await write('What we learned.', false);
    assert.equal((await world.view(id))?.postmortem, 'What we learned.');
    assert.equal((await world.view(id, ANONYMOUS))?.postmortem, null);
    await write('What we learned.', true);
    assert.equal((await world.view(id, ANONYMOUS))?.postmortem, 'What we learned.');
    await write('What we learned.', false);
    assert.equal((await world.view(id, ANONYMOUS))?.postmortem, null);
    await assert.rejects(write('', true), { code: 'invalid' });
    await assert.rejects(write('x', true, CREATOR), { code: 'forbidden' });
    assert.equal((await world.changes()).at(-1), `${id} postmortem v5`);
  });
});
