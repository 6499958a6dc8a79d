import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPERATOR } from '../../../../test/support/status-page-world.ts';
import { addMs, HOUR, MINUTE } from '../../../core/index.ts';
import { openIncident } from '../actions/open-incident.ts';
import { type Out, one, startApi } from './incidents-api.cases.ts';

const A = 'status-page/a';
const HIDDEN = 'status-page/hidden';

describe('what staff do with an incident, by programs', async () => {
  const { world, ask, send } = await startApi();
  await world.declare(HIDDEN, { visibility: 'members' });
  const open = async (title = 'Storage is down', components = [A]) =>
    (await openIncident(world.context, OPERATOR, { title, impact: 2, components })).id;
  const seen = async (id: number, as?: string) => await one(await ask(`/api/incidents/${id}`, as));
  const close = async (id: number): Promise<Out> => {
    world.clock.go(MINUTE);
    return await one(await send(`/api/incidents/${id}/updates`, { status: 'resolved', text: 'Done.' }, 'operator'));
  };
  const plan = async () => {
    const window = { start: addMs(world.clock.now(), 100 * HOUR), end: addMs(world.clock.now(), 101 * HOUR) };
    const about = { type: 'maintenance', title: 'Disks are swapped', description: 'Disks.', components: [A] };
    const body = { ...about, ...window, contactEmail: 'team@example.org' };
    return await one(await send('/api/incidents', body, 'creator'), 201);
  };

  it('corrects the text of an update; its status and time stay', async () => {
    const id = await open();
    const told = await one(
      await send(`/api/incidents/${id}/updates`, { status: 'analysing', text: 'A dsk.' }, 'creator'),
    );
    const [update] = told.updates;
    world.clock.go(MINUTE);
    const path = `/api/incidents/${id}/updates/${update?.id}`;
    const after = await one(await send(path, { text: 'A disk.' }, 'creator', { method: 'PATCH' }));
    assert.deepEqual(after.updates[0], { ...update, text: 'A disk.', modifiedAt: world.clock.now() });
    assert.equal((await seen(id)).updates[0]?.text, 'A disk.');
    const note = after.updates.at(-1)?.id;
    const ofProgram = await send(`/api/incidents/${id}/updates/${note}`, { text: 'x' }, 'robot', { method: 'PATCH' });
    assert.equal(ofProgram.status, 400);
    assert.match(await ofProgram.text(), /program noted/);
    const never = await send(`/api/incidents/${id}/updates/99999`, { text: 'x' }, 'robot', { method: 'PATCH' });
    assert.equal(never.status, 404);
    await close(id);
  });

  it('dates an open incident back, and says so', async () => {
    const id = await open();
    const start = addMs(world.clock.now(), -HOUR);
    const after = await one(await send(`/api/incidents/${id}/back-date`, { start, text: 'Logs tell.' }, 'robot'));
    assert.deepEqual([after.start, after.updates[0]?.text], [start, 'Logs tell.']);
    const tomorrow = { start: addMs(world.clock.now(), HOUR) };
    const refused = await send(`/api/incidents/${id}/back-date`, tomorrow, 'operator');
    const { errors } = (await refused.json()) as { errors: { pointer: string }[] };
    assert.deepEqual([refused.status, errors.map(({ pointer }) => pointer)], [400, ['/start']]);
    await close(id);
    assert.equal((await send(`/api/incidents/${id}/back-date`, { start }, 'operator')).status, 409, 'it has ended');
  });

  it('writes a post-mortem: a draft for staff, until it is published', async () => {
    const id = await open();
    const path = `/api/incidents/${id}/postmortem`;
    const draft = { text: '## What happened', publish: false };
    assert.equal((await send(path, draft, 'operator', { method: 'PUT' })).status, 409, 'it has not ended');
    await close(id);
    const written = await one(await send(path, draft, 'operator', { method: 'PUT' }));
    assert.deepEqual([written.postmortem, written.postmortemAt], [draft.text, null]);
    assert.equal((await seen(id)).postmortem, null);
    const published = await one(await send(path, { ...draft, publish: true }, 'robot', { method: 'PUT' }));
    assert.equal(published.postmortemAt, world.clock.now());
    assert.deepEqual((await seen(id)).postmortem, draft.text);
    assert.equal((await send(path, { text: '', publish: true }, 'operator', { method: 'PUT' })).status, 400);
  });

  it('reviews a maintenance: approved, given back, rejected', async () => {
    const approved = await plan();
    const path = (id: number) => `/api/incidents/${id}/review`;
    const { version } = approved;
    assert.equal((await send(path(approved.id), { verdict: 'approve' }, 'operator')).status, 400, 'of which version?');
    const after = await one(await send(path(approved.id), { verdict: 'approve', version }, 'operator'));
    assert.equal(after.status, 'reviewed');
    assert.equal((await send(path(approved.id), { verdict: 'approve', version: 2 }, 'robot')).status, 409);
    const returned = await plan();
    const mute = await send(path(returned.id), { verdict: 'return', version }, 'robot');
    assert.equal(mute.status, 400, 'its author wants to know why');
    const back = { verdict: 'return', version, text: 'Which disks?' };
    assert.equal(returned.givenBack, false);
    const given = await one(await send(path(returned.id), back, 'robot'));
    assert.deepEqual([given.status, given.givenBack], ['pending_review', true]);
    assert.deepEqual([given.updates[0]?.text, given.updates[0]?.fact], ['Which disks?', { kind: 'given_back' }]);
    assert.equal((await ask(`/api/incidents/${returned.id}`)).status, 404, 'still a draft');
    const no = await send(path(returned.id), { verdict: 'reject', text: 'No.' }, 'operator', { 'if-match': '"v2"' });
    assert.equal((await one(no)).status, 'cancelled');
    const incident = await open();
    assert.equal((await send(path(incident), { verdict: 'approve', version: 1 }, 'operator')).status, 409);
    await close(incident);
  });

  it('refuses each that rests on an older version than there is', async () => {
    const id = await open();
    const told = await one(await send(`/api/incidents/${id}/updates`, { status: 'analysing', text: 'A.' }, 'robot'));
    const old = { 'if-match': '"v1"' };
    const start = addMs(world.clock.now(), -HOUR);
    const correction = `/api/incidents/${id}/updates/${told.updates[0]?.id}`;
    assert.equal((await send(correction, { text: 'B.' }, 'robot', { ...old, method: 'PATCH' })).status, 409);
    assert.equal((await send(`/api/incidents/${id}/back-date`, { start }, 'robot', old)).status, 409);
    const { version } = await close(id);
    const body = { text: 'What happened.', publish: true };
    const path = `/api/incidents/${id}/postmortem`;
    const late = await send(path, body, 'robot', { ...old, method: 'PUT' });
    assert.equal(late.status, 409);
    assert.match(((await late.json()) as { detail: string }).detail, /operator/, 'says who was faster');
    const current = await send(path, body, 'robot', { 'if-match': `"v${version}"`, method: 'PUT' });
    assert.equal(current.status, 200);
    const planned = await plan();
    const review = await send(`/api/incidents/${planned.id}/review`, { verdict: 'approve', version: 7 }, 'robot');
    assert.equal(review.status, 409);
  });

  it('asks for the role or the scope first, and looks at nothing before', async () => {
    const id = await open();
    const deeds = [
      [`/api/incidents/${id}/updates/1`, 'PATCH', 200],
      [`/api/incidents/${id}/back-date`, 'POST', 403],
      [`/api/incidents/${id}/postmortem`, 'PUT', 403],
      [`/api/incidents/${id}/review`, 'POST', 403],
    ] as const;
    for (const [path, method, creators] of deeds) {
      assert.equal((await send(path, '{ not json', undefined, { method })).status, 401, path);
      for (const as of ['reporter', 'reader']) {
        assert.equal((await send(path, '{ not json', as, { method })).status, 403, `${path} as ${as}`);
      }
      const creator = (await send(path, '{ not json', 'creator', { method })).status;
      assert.equal(creator, creators === 403 ? 403 : 400, path);
    }
    await close(id);
  });

  it('answers a program that may not read of members as if there was nothing', async () => {
    const hidden = await open('For members alone', [HIDDEN]);
    const start = addMs(world.clock.now(), -HOUR);
    const first = (await seen(hidden, 'operator')).updates[0]?.id;
    const deeds = [
      [`updates/${first}`, 'PATCH', { text: 'x' }],
      ['back-date', 'POST', { start }],
      ['postmortem', 'PUT', { text: 'x', publish: true }],
      ['review', 'POST', { verdict: 'approve', version: 1 }],
    ] as const;
    for (const [path, method, body] of deeds) {
      const answers = [];
      for (const id of [hidden, 999_999]) {
        const answer = await send(`/api/incidents/${id}/${path}`, body, 'robot', { method });
        const text = (await answer.text()).replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(String(id), 'ID');
        answers.push(`${answer.status} ${text}`);
      }
      assert.equal(answers[0], answers[1], path);
      assert.match(answers[0] ?? '', /^404 /, path);
    }
    assert.equal((await seen(hidden, 'operator')).version, 1, 'nothing was written there');
  });
});
