import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import {
  CREATOR,
  OPERATOR,
  type StatusPageWorld,
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { ANONYMOUS, DAY, MINUTE } from '../../../core/index.ts';
import { readSeries } from '../store/series-read.ts';
import { cancelMaintenance } from './cancel-maintenance.ts';
import { endSeries } from './end-series.ts';
import { postUpdate } from './post-update.ts';
import { saveSeries } from './save-series.ts';
import { unfoldSeries } from './unfold-series.ts';

const [A, B] = ['status-page/a', 'status-page/b'] as const;
const updates = {
  title: 'Monthly updates',
  description: 'Everything is updated.',
  components: [A],
  rule: 'FREQ=WEEKLY;BYDAY=MO;INTERVAL=2',
  zone: 'Europe/Rome',
  startLocal: '2026-11-23T22:00',
  durationMinutes: 120,
};

/** What is announced, as local day, time in UTC and status. */
async function announced(world: StatusPageWorld): Promise<string[]> {
  return (await world.all()).map(({ start, status }) => `${start.slice(5, 16)} ${status}`).sort();
}

eachDatabase((open) => {
  it('announces what is to come within 60 days, once, however often and at how many places it is unfolded', async () => {
    const world = await statusPageWorld(open);
    const { id } = await saveSeries(world.context, OPERATOR, { ...updates, exceptions: ['2026-12-21'] });
    const expected = ['01-04T21:00 planned', '01-18T21:00 planned', '11-23T21:00 planned', '12-07T21:00 planned'];
    assert.deepEqual(await announced(world), expected);
    await Promise.all([unfoldSeries(world.context), unfoldSeries(world.context)]);
    assert.deepEqual(await announced(world), expected);
    const [first] = await world.all();
    assert.deepEqual(
      [first?.title, first?.end, first?.series, first?.createdBy, story(first ?? null)],
      ['Monthly updates', '2026-11-23T23:00:00.000Z', id, 'user:operator', ['planned: status']],
    );
    assert.equal((await world.all(ANONYMOUS)).length, 4);
    world.clock.go(14 * DAY);
    await unfoldSeries(world.context);
    assert.ok((await announced(world)).includes('02-01T21:00 planned'));
  });

  it('changed, it changes only what is to come and nobody touched', async () => {
    const world = await statusPageWorld(open);
    const { id } = await saveSeries(world.context, OPERATOR, updates);
    const [first, second, third] = await world.all();
    await postUpdate(world.context, OPERATOR, first?.id ?? 0, { version: 1, status: 'planned', text: 'With a word.' });
    await cancelMaintenance(world.context, OPERATOR, second?.id ?? 0, { version: 1 });
    const changed = {
      ...updates,
      id,
      version: 1,
      startLocal: '2026-11-23T20:00',
      components: [A, B],
      title: 'New updates',
    };
    assert.equal((await saveSeries(world.context, OPERATOR, changed)).version, 2);
    assert.deepEqual(await announced(world), [
      '01-04T19:00 planned',
      '01-18T19:00 planned',
      '11-23T21:00 planned',
      '12-07T21:00 cancelled',
      '12-21T19:00 planned',
    ]);
    const view = await world.view(third?.id ?? 0);
    assert.deepEqual([view?.title, view?.components, view?.end], ['New updates', [A, B], '2026-12-21T21:00:00.000Z']);
    await assert.rejects(saveSeries(world.context, OPERATOR, changed), { code: 'conflict' });
    world.clock.go(3 * DAY);
    await world.settle();
    assert.match(await world.level(B), /^operational/, 'the touched one has its old components');
  });

  it('changed in its words or components alone, it tells so: version and time move for everybody who may see it', async () => {
    const world = await statusPageWorld(open);
    const secret = 'status-page/secret';
    await world.declare(secret, { visibility: 'members' });
    const { id } = await saveSeries(world.context, OPERATOR, updates);
    const [first] = await world.all();
    const seen = async () => {
      const view = await world.view(first?.id ?? 0, ANONYMOUS);
      return [view?.version, view?.modifiedAt.slice(11, 16), view?.updates[0]?.fact?.kind];
    };
    const change = async (more: object) => {
      world.clock.go(MINUTE);
      await saveSeries(world.context, OPERATOR, { ...updates, id, ...more });
      return await seen();
    };
    assert.deepEqual(await seen(), [1, '12:00', 'status']);
    assert.deepEqual(await change({ title: 'New updates' }), [2, '12:01', 'reworded']);
    assert.deepEqual(await change({ title: 'New updates', description: 'All.' }), [3, '12:02', 'reworded']);
    const words = { title: 'New updates', description: 'All.' };
    assert.deepEqual(await change({ ...words, components: [A, B] }), [4, '12:03', 'component_added']);
    assert.deepEqual(await change({ ...words, components: [A] }), [5, '12:04', 'component_removed']);
    assert.deepEqual(await change({ ...words, contactEmail: 'team@example.org' }), [5, '12:04', 'component_removed']);
    assert.deepEqual(await change({ ...words, components: [A, secret] }), [5, '12:04', 'component_removed']);
    await unfoldSeries(world.context);
    assert.equal((await world.view(first?.id ?? 0))?.updates.length, 6, 'unfolding it again adds nothing');
  });

  it('ended or without a day, it cancels what is to come and nobody touched, and takes it back with the day', async () => {
    const world = await statusPageWorld(open);
    const { id } = await saveSeries(world.context, OPERATOR, updates);
    const without = { ...updates, id, exceptions: ['2026-12-07'] };
    await saveSeries(world.context, OPERATOR, without);
    assert.ok((await announced(world)).includes('12-07T21:00 cancelled'));
    await saveSeries(world.context, OPERATOR, { ...updates, id });
    assert.ok((await announced(world)).includes('12-07T21:00 planned'));
    const [first] = await world.all();
    await postUpdate(world.context, OPERATOR, first?.id ?? 0, {
      version: 1,
      status: 'planned',
      text: 'This one stays.',
    });
    await endSeries(world.context, OPERATOR, id, {});
    assert.deepEqual(
      (await announced(world)).map((line) => line.split(' ')[1]),
      ['cancelled', 'cancelled', 'planned', 'cancelled', 'cancelled'],
    );
    await unfoldSeries(world.context);
    assert.equal((await announced(world)).filter((line) => line.endsWith('planned')).length, 1);
    await assert.rejects(saveSeries(world.context, OPERATOR, { ...updates, id }), { code: 'conflict' });
    assert.notEqual((await readSeries(world.db))[0]?.endedAt, null);
  });

  it('is for operators, and refuses a rule that cannot be followed before anything is stored', async () => {
    const world = await statusPageWorld(open);
    await assert.rejects(saveSeries(world.context, CREATOR, updates), { code: 'forbidden' });
    const refused = async (more: object) =>
      await assert.rejects(saveSeries(world.context, OPERATOR, { ...updates, ...more }), { code: 'invalid' });
    await refused({ rule: 'FREQ=SECONDLY' });
    await refused({ zone: 'Mars/Olympus' });
    await refused({ durationMinutes: 0 });
    await refused({ components: ['status-page/none'] });
    await refused({ description: '' });
    assert.deepEqual(await readSeries(world.db), []);
  });
});
