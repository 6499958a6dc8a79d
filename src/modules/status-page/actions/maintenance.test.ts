import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eachDatabase } from '../../../../test/support/databases.ts';
import {
  at,
  CREATOR,
  OPERATOR,
  person,
  type StatusPageWorld,
  statusPageWorld,
  story,
} from '../../../../test/support/status-page-world.ts';
import { type Actor, ANONYMOUS, DAY, HOUR } from '../../../core/index.ts';
import { givenBack } from '../domain/given-back.ts';
import { addComponents } from './add-components.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { cancelMaintenance } from './cancel-maintenance.ts';
import { checkByClock } from './check-by-clock.ts';
import { postUpdate } from './post-update.ts';
import { publishInfo } from './publish-info.ts';
import { reviewMaintenance } from './review-maintenance.ts';

const A = 'status-page/a';
const ADMIN = person('admin');
const disks = {
  title: 'New disks',
  description: 'Disks are replaced.',
  components: [A],
  start: '2026-11-24T12:00:00Z',
  end: '2026-11-24T14:00:00Z',
  contactEmail: 'team@example.org',
};

async function announced(world: StatusPageWorld, actor: Actor, more: object = {}): Promise<number> {
  const { id } = await announceMaintenance(world.context, actor, { ...disks, ...more });
  assert.ok(id !== null);
  return id;
}

eachDatabase((open) => {
  it('announced by a creator waits for review, by an operator or administrator it is planned', async () => {
    const world = await statusPageWorld(open);
    const states = await Promise.all(
      [CREATOR, OPERATOR, ADMIN].map(async (actor) => (await announceMaintenance(world.context, actor, disks)).id),
    );
    const views = await Promise.all(states.map((id) => world.view(id ?? 0)));
    assert.deepEqual(
      views.map((view) => view?.status),
      ['pending_review', 'planned', 'planned'],
    );
    assert.deepEqual(story(views[1] ?? null), ['planned: status']);
    assert.deepEqual(
      [views[1]?.description, views[1]?.start, views[1]?.end, views[1]?.impact],
      ['Disks are replaced.', '2026-11-24T12:00:00.000Z', '2026-11-24T14:00:00.000Z', 0],
    );
    await assert.rejects(announceMaintenance(world.context, person('reporter'), disks), { code: 'forbidden' });
    await assert.rejects(announceMaintenance(world.context, ANONYMOUS, disks), { code: 'unauthenticated' });
  });

  it('needs a description, an end after its start, and of a creator an address in an allowed domain', async () => {
    const world = await statusPageWorld(open, { config: { contact_domains: ['example.org'] } });
    const refused = async (more: object, told: RegExp, actor = CREATOR) =>
      await assert.rejects(announceMaintenance(world.context, actor, { ...disks, ...more }), {
        code: 'invalid',
        message: told,
      });
    await refused({ description: ' ' }, /description: Say what/);
    await refused({ end: disks.start }, /end must be after/);
    await refused({ end: undefined }, /end/);
    await refused({ contactEmail: undefined }, /contactEmail: Give an e-mail/);
    await refused({ contactEmail: 'team' }, /contactEmail: must be an e-mail/);
    await refused({ contactEmail: 'team@example.com' }, /in one of these domains: example\.org/);
    await refused({ impact: 1 }, /impact/);
    await refused({ contactEmail: 'team@example.com' }, /domains/, OPERATOR);
    assert.ok(await announced(world, OPERATOR, { contactEmail: undefined }));
    assert.ok(await announced(world, CREATOR, { contactEmail: 'Team@EXAMPLE.org' }));
  });

  it('asks back when people would learn of it too late, and is stored once that is confirmed', async () => {
    const world = await statusPageWorld(open);
    const soon = { ...disks, start: '2026-11-22T23:59:00Z' };
    assert.deepEqual(await announceMaintenance(world.context, OPERATOR, soon), { shortNotice: true, id: null });
    assert.deepEqual(await world.all(), []);
    assert.equal((await announceMaintenance(world.context, OPERATOR, { ...soon, confirmed: true })).shortNotice, false);
    const enough = { ...disks, start: '2026-11-23T00:00:00Z' };
    assert.equal((await announceMaintenance(world.context, OPERATOR, enough)).shortNotice, false);
  });

  it('of the past is put on record with every row at its true time', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, OPERATOR, { start: at('08:00'), end: at('09:00') });
    const view = await world.view(id);
    assert.equal(view?.status, 'completed');
    assert.deepEqual(
      view?.updates.toReversed().map((row) => `${row.status} ${row.at.slice(11, 16)}`),
      ['planned 08:00', 'in_progress 08:00', 'completed 09:00'],
    );
  });

  it('is approved once; the clock then makes it planned, as the checker', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, CREATOR);
    assert.equal(await world.view(id, ANONYMOUS), null);
    const approve = async (actor: Actor) =>
      await reviewMaintenance(world.context, actor, id, { version: 1, verdict: 'approve', text: 'Fine.' });
    const results = await Promise.allSettled([approve(OPERATOR), approve(ADMIN)]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((results.find((one) => one.status === 'rejected')?.reason as { code?: string }).code, 'conflict');
    assert.deepEqual([(await world.view(id))?.status, (await world.view(id))?.version], ['reviewed', 2]);
    assert.equal(await world.view(id, ANONYMOUS), null);
    assert.equal(await checkByClock(world.context), 1);
    assert.equal(await checkByClock(world.context), 0, 'once');
    const view = await world.view(id);
    assert.deepEqual([view?.status, view?.version, view?.updates[0]?.createdBy], ['planned', 3, 'system:checker']);
    assert.deepEqual(
      story(await world.view(id, ANONYMOUS)),
      ['planned: status'],
      'internal rows are not for everybody',
    );
    assert.deepEqual(story(view), ['pending_review: status', 'reviewed: "Fine."', 'planned: status']);
    assert.deepEqual(await world.changes(), [`${id} opened v1`, `${id} review v2`, `${id} updated v3`]);
  });

  it('goes back to its author with a word, or is rejected', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, CREATOR);
    const review = async (input: object, actor: Actor = OPERATOR) =>
      await reviewMaintenance(world.context, actor, id, input);
    await assert.rejects(review({ version: 1, verdict: 'return' }), { code: 'invalid', message: /text/ });
    await assert.rejects(review({ version: 1, verdict: 'approve' }, CREATOR), { code: 'forbidden' });
    await review({ version: 1, verdict: 'return', text: 'Which disks?' });
    assert.equal((await world.view(id))?.status, 'pending_review');
    await postUpdate(world.context, CREATOR, id, {
      version: 2,
      status: 'pending_review',
      text: 'All.',
      title: 'All new disks',
    });
    assert.equal((await world.view(id))?.title, 'All new disks');
    await review({ version: 3, verdict: 'reject', text: 'Not this year.' });
    assert.equal((await world.view(id))?.status, 'cancelled');
    assert.equal(await world.view(id, ANONYMOUS), null, 'nobody was ever told of it');
    await assert.rejects(review({ version: 4, verdict: 'approve' }), { code: 'conflict' });
  });

  it('given back is with its author until he changes it: dates, words, components or an update', async () => {
    const world = await statusPageWorld(open);
    const { context } = world;
    const words = { status: 'pending_review', text: 'Done.' };
    const later = { start: '2026-11-25T12:00:00Z', end: '2026-11-25T14:00:00Z' };
    const ways: Record<string, (id: number) => Promise<unknown>> = {
      words: (id) => postUpdate(context, CREATOR, id, { version: 3, ...words }),
      dates: (id) => postUpdate(context, CREATOR, id, { version: 3, ...words, ...later }),
      title: (id) => postUpdate(context, CREATOR, id, { version: 3, ...words, title: 'All new disks' }),
      components: (id) => addComponents(context, CREATOR, id, { version: 3, components: ['status-page/b'] }),
    };
    const back = async (id: number) => givenBack((await world.view(id))?.updates ?? [])?.text;
    for (const [way, change] of Object.entries(ways)) {
      const id = await announced(world, CREATOR);
      await reviewMaintenance(context, OPERATOR, id, { version: 1, verdict: 'return', text: 'Which disks?' });
      assert.equal(await back(id), 'Which disks?', way);
      await postUpdate(context, OPERATOR, id, { version: 2, status: 'pending_review', text: 'All of them?' });
      assert.equal(await back(id), 'Which disks?', `${way}: what operators write does not bring it back`);
      await change(id);
      assert.equal(await back(id), undefined, way);
      const facts = (await world.view(id))?.updates.map(({ fact }) => fact?.kind) ?? [];
      assert.equal(facts.filter((kind) => kind === 'handed_in').length, 1, way);
      await reviewMaintenance(context, OPERATOR, id, { version: 4, verdict: 'approve' });
      await checkByClock(context);
      const told = story(await world.view(id, ANONYMOUS));
      assert.deepEqual(told, ['planned: status'], 'none of it is for everybody');
    }
  });

  it('given back by who has become an operator since he announced it is with himself, not handed in at once', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, person('creator', 'piet'));
    const verdict = { version: 1, verdict: 'return', text: 'Which disks?' };
    await reviewMaintenance(world.context, person('operator', 'piet'), id, verdict);
    const updates = (await world.view(id))?.updates ?? [];
    assert.equal(givenBack(updates)?.text, 'Which disks?');
    assert.ok(!updates.some(({ fact }) => fact?.kind === 'handed_in'));
  });

  it('may be changed by a creator only while it is his own and pending', async () => {
    const world = await statusPageWorld(open);
    const other = person('creator', 'other');
    const id = await announced(world, CREATOR);
    const patch = async (actor: Actor, status: string, version: number, target = id) =>
      await postUpdate(world.context, actor, target, { version, status, text: 'x' });
    await assert.rejects(patch(other, 'cancelled', 1), { code: 'forbidden' });
    await assert.rejects(patch(CREATOR, 'reviewed', 1), { code: 'conflict' });
    await patch(CREATOR, 'pending_review', 1);
    await patch(OPERATOR, 'reviewed', 2);
    for (const status of ['pending_review', 'cancelled', 'planned']) {
      await assert.rejects(patch(CREATOR, status, 3), { code: 'conflict' }, 'reviewed');
    }
    await checkByClock(world.context);
    await assert.rejects(patch(CREATOR, 'cancelled', 4), { code: 'conflict' }, 'planned');
    const planned = await announced(world, OPERATOR);
    await assert.rejects(patch(CREATOR, 'cancelled', 1, planned), { code: 'forbidden' });
    const second = await announced(world, CREATOR);
    await patch(CREATOR, 'cancelled', 1, second);
    assert.equal((await world.view(second))?.status, 'cancelled');
  });

  it('is changed by nobody without the version that was read', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, CREATOR);
    for (const actor of [CREATOR, OPERATOR, ADMIN]) {
      const blind = postUpdate(world.context, actor, id, { status: 'pending_review', text: 'x' });
      await assert.rejects(blind, { code: 'invalid', message: /version/ });
      const stale = postUpdate(world.context, actor, id, { version: 77, status: 'pending_review', text: 'x' });
      await assert.rejects(stale, { code: 'conflict' });
    }
    assert.equal((await world.view(id))?.updates.length, 1, 'a failed one adds no row');
  });

  for (const actor of [OPERATOR, ADMIN]) {
    const role = actor.kind === 'user' ? actor.role : '';
    it(`is led through its life by ${role}: every step adds one row`, async () => {
      const world = await statusPageWorld(open);
      const id = await announced(world, CREATOR);
      const step = async (status: string) => {
        const before = await world.view(id);
        await postUpdate(world.context, actor, id, { version: before?.version, status, text: `Now ${status}.` });
        const after = await world.view(id);
        assert.deepEqual([after?.status, after?.updates.length], [status, (before?.updates.length ?? 0) + 1]);
      };
      await step('reviewed');
      await step('planned');
      world.clock.go(3 * DAY + HOUR);
      await checkByClock(world.context);
      await step('in_progress');
      await step('completed');
      assert.equal((await world.view(id))?.end, '2026-11-24T13:00:00.000Z');
    });

    it(`is cancelled by ${role} from each of its states`, async () => {
      for (const path of [[], ['reviewed'], ['planned'], ['planned', 'in_progress']]) {
        const world = await statusPageWorld(open, { components: [A] });
        const id = await announced(world, CREATOR);
        if (path.includes('in_progress')) world.clock.go(3 * DAY + HOUR);
        for (const status of path) {
          if ((await world.view(id))?.status === status) continue;
          await postUpdate(world.context, actor, id, { version: (await world.view(id))?.version, status, text: 'x' });
        }
        const before = await world.view(id);
        await cancelMaintenance(world.context, actor, id, { version: before?.version, text: 'Not now.' });
        const after = await world.view(id);
        assert.deepEqual([after?.status, after?.updates.length], ['cancelled', (before?.updates.length ?? 0) + 1]);
        assert.equal(
          (await world.view(id, ANONYMOUS)) !== null,
          path.some((status) => status !== 'reviewed'),
        );
        await world.settle();
        assert.match(await world.level(A), /^operational/);
        await checkByClock(world.context);
        assert.equal((await world.view(id, ANONYMOUS)) !== null, path.length > 0, 'who was to be told, is told');
      }
    });
  }

  it('starts and ends by the clock, running twice at once writes each row once', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, OPERATOR);
    const info = await publishInfo(world.context, CREATOR, {
      title: 'New prices',
      components: [A],
      start: disks.start,
    });
    world.clock.go(3 * DAY + 5 * HOUR);
    await Promise.all([checkByClock(world.context), checkByClock(world.context), checkByClock(world.context)]);
    assert.deepEqual(
      (await world.view(id))?.updates.toReversed().map((row) => `${row.status} ${row.at.slice(11, 16)}`),
      ['planned 12:00', 'in_progress 12:00', 'completed 14:00'],
    );
    assert.deepEqual(story(await world.view(info.id)), ['planned: status', 'active: status']);
    assert.deepEqual((await world.changes()).slice(2), [`${id} closed v2`, `${info.id} updated v2`]);
  });

  it('moved to a later day after it began, it is planned again and begins again', async () => {
    const world = await statusPageWorld(open);
    const id = await announced(world, OPERATOR);
    world.clock.go(3 * DAY + HOUR);
    await checkByClock(world.context);
    await world.settle();
    assert.equal(await world.level(A), 'maintenance since 12:00');
    await postUpdate(world.context, OPERATOR, id, {
      version: 2,
      status: 'modified',
      text: 'Postponed.',
      start: '2026-11-26T12:00:00Z',
      end: '2026-11-26T13:00:00Z',
    });
    assert.equal((await world.view(id))?.status, 'planned');
    await world.settle();
    assert.match(await world.level(A), /^operational/);
    world.clock.go(2 * DAY - HOUR / 2);
    await checkByClock(world.context);
    await world.settle();
    assert.equal(await world.level(A), 'maintenance since 12:00');
    const view = await world.view(id);
    assert.deepEqual(
      view?.updates.toReversed().map((row) => `${row.status} ${row.at.slice(8, 16)}`),
      ['planned 21T12:00', 'in_progress 24T12:00', 'modified 24T13:00', 'in_progress 26T12:00'],
    );
  });
});
