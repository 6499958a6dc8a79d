import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPERATOR } from '../../../../test/support/status-page-world.ts';
import { HOUR, MINUTE } from '../../../core/index.ts';
import { openIncident } from '../actions/open-incident.ts';
import { saveComponent } from '../store/component-store.ts';
import { findIncident, saveIncident } from '../store/incident-store.ts';
import { type Out, one, startApi } from './incidents-api.cases.ts';

const [A, B, C] = ['status-page/a', 'status-page/b', 'status-page/c'] as const;

describe('writing incidents by programs', async () => {
  const { world, jobs, ask, send } = await startApi();
  const storage = { type: 'incident', title: 'Storage is down', impact: 2, components: [A, B] };

  it('opens, updates, extracts and merges with the scope, or by the role', async () => {
    const made = await one(await send('/api/incidents', storage, 'robot'), 201);
    assert.deepEqual(
      [made.status, made.impactKey, made.version, made.author, made.updates[0]?.text],
      ['detected', 'major', 1, 'token:robot', 'The incident is detected.'],
    );
    assert.equal(made.url, `https://s.example/incidents/${made.id}`);
    world.clock.go(MINUTE);
    const path = `/api/incidents/${made.id}`;
    const updated = await one(
      await send(`${path}/updates`, { status: 'identified', text: 'A disk.', version: 1 }, 'creator'),
    );
    assert.deepEqual([updated.status, updated.version, updated.updates[0]?.text], ['analysing', 2, 'A disk.']);
    const split = await one(await send(`${path}/extract`, { components: [B] }, 'robot'));
    assert.deepEqual(
      [split.components.map(({ key }) => key), split.updates[0]?.text],
      [[B], `b moved here from incident ${made.id}.`],
    );
    const merged = await one(await send(`${path}/merge`, { others: [split.id] }, 'operator'));
    assert.deepEqual(merged.components.map(({ key }) => key).sort(), [A, B]);
    assert.equal((await one(await ask(`/api/incidents/${split.id}`))).mergedInto, made.id);
    await send(`${path}/updates`, { status: 'resolved', text: 'Replaced.' }, 'robot');
  });

  it('opens one over a component that the catalogue has had for a moment only, and hides what is for members', async () => {
    for (const [name, visibility] of [
      ['new', 'public'],
      ['hidden', 'members'],
    ] as const) {
      await world.db.write((tx) =>
        saveComponent(tx, {
          ...{ key: `status-page/${name}`, catalogKey: null, name, region: null, category: null, description: null },
          ...{ docsUrl: null, attributes: [], visibility, position: 9, target: null, owner: 'file' },
          ...{
            watchedFrom: world.clock.now(),
            createdAt: world.clock.now(),
            modifiedAt: world.clock.now(),
            retiredAt: null,
          },
        }),
      );
    }
    const made = await one(await send('/api/incidents', { ...storage, components: ['status-page/new'] }, 'robot'), 201);
    assert.deepEqual(
      made.components.map(({ key }) => key),
      ['status-page/new'],
    );
    await send(`/api/incidents/${made.id}/updates`, { status: 'resolved', text: 'Replaced.' }, 'robot');
    assert.equal(
      (await send('/api/incidents', { ...storage, components: ['status-page/hidden'] }, 'robot')).status,
      400,
    );
  });

  it('answers 401 and 403 before it looks at the body', async () => {
    for (const path of [
      '/api/incidents',
      '/api/incidents/1/updates',
      '/api/incidents/1/extract',
      '/api/incidents/1/merge',
    ]) {
      assert.equal((await send(path, '{ not json')).status, 401);
      assert.equal((await send(path, '{ not json', 'forged')).status, 401);
      assert.equal((await send(path, '{ not json', 'reporter')).status, 403);
      assert.equal((await send(path, '{ not json', 'reader')).status, 403);
    }
    assert.equal((await send('/api/incidents/1/extract', { components: [A] }, 'creator')).status, 403);
    assert.equal((await send('/api/incidents/1/merge', { others: [2] }, 'creator')).status, 403);
  });

  it('answers a mistake with a problem that points to the field', async () => {
    const answer = await send('/api/incidents', { ...storage, impact: 0, start: 'today' }, 'robot');
    assert.equal(answer.status, 400);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const { errors } = (await answer.json()) as { errors: { pointer: string }[] };
    assert.deepEqual(errors.map(({ pointer }) => pointer).sort(), ['/impact', '/start']);
    assert.equal((await send('/api/incidents', { ...storage, type: 'party' }, 'robot')).status, 400);
    assert.equal((await send('/api/incidents/999/updates', { status: 'fixing', text: 'x' }, 'robot')).status, 404);
  });

  it('names every mistake of a request at once, with the value and what would be right', async () => {
    const mistakes = async (body: unknown, as = 'robot') => {
      const answer = await send('/api/incidents', body, as);
      assert.equal(answer.status, 400, await answer.clone().text());
      const { errors } = (await answer.json()) as { errors: { pointer: string; detail: string }[] };
      return errors.map(({ pointer, detail }) => `${pointer} ${detail}`).sort();
    };
    const wrong = {
      type: 'incident',
      title: 'Short',
      impact: 7,
      components: ['status-page/x', 'y', A, 'status-page/z'],
    };
    assert.deepEqual(await mistakes({ ...wrong, start: '2027-01-01T00:00:00Z', colour: 'red' }), [
      '/colour is not known here: leave it out',
      '/components There is no component status-page/x: choose one that the page lists.',
      '/components There is no component status-page/z: choose one that the page lists.',
      '/components/1 must be <area>/<name> (given: "y")',
      '/impact must be 1, 2 or 3 (given: 7)',
      '/start This lies in the future: say a time that has come. (given: "2027-01-01T00:00:00Z")',
      '/title must have 8 to 200 characters (given: "Short")',
    ]);
    const window = { start: '2026-12-02T10:00:00Z', end: '2026-12-02T09:00:00Z' };
    assert.deepEqual(await mistakes({ type: 'maintenance', description: '', components: [], ...window }, 'creator'), [
      '/components choose at least one component',
      '/contactEmail Give an e-mail address for questions.',
      '/description Say what is going to be done. (given: "")',
      '/end The end must be after the start. (given: "2026-12-02T09:00:00Z")',
      '/title is missing: must have 8 to 200 characters',
    ]);
    assert.deepEqual(await mistakes({ type: 'info', title: 'Short', start: 'now', end: '2020-01-01T00:00:00Z' }), [
      '/components is missing: must be a list of keys of components',
      '/start write a time such as 2026-11-21T12:00:00Z (given: "now")',
      '/title must have 8 to 200 characters (given: "Short")',
    ]);
    assert.deepEqual(await mistakes({ type: 'party', title: 'Short', components: ['status-page/x'] }), [
      '/components There is no component status-page/x: choose one that the page lists.',
      '/title must have 8 to 200 characters (given: "Short")',
      '/type must be incident, maintenance or info (given: "party")',
    ]);
    assert.deepEqual(await mistakes('[]'), [' Invalid input: expected object, received array']);
  });

  it('lets nobody write in the name of a machine (CreationWrongType of specification §22.6)', async () => {
    const window = { start: '2026-11-21T14:00:00Z', end: '2026-11-21T15:00:00Z' };
    const about = { title: 'By a machine', description: 'Checks failed.', components: [C], system: true };
    for (const body of [
      { type: 'maintenance', ...window, ...about },
      { type: 'info', ...about },
      { type: 'incident', impact: 2, ...about },
    ]) {
      const answer = await send('/api/incidents', body, 'robot');
      assert.equal(answer.status, 400, body.type);
      assert.match(await answer.text(), /system/, body.type);
    }
  });

  it('gives the version as ETag to staff, answers 304 to it, and takes it as If-Match', async () => {
    const made = await one(await send('/api/incidents', { ...storage, components: [C] }, 'robot'), 201);
    const path = `/api/incidents/${made.id}`;
    const etag = (await ask(path, 'operator')).headers.get('etag');
    assert.equal(etag, '"v1"');
    assert.equal((await ask(path, 'operator', { 'if-none-match': etag })).status, 304);
    const public_ = await ask(path);
    assert.equal(public_.headers.get('etag'), null);
    const seen = (await public_.json()) as Record<string, unknown>;
    assert.deepEqual(
      ['version', 'author', 'contactEmail'].filter((field) => field in seen),
      [],
    );
    const post = async (text: string) =>
      await send(`${path}/updates`, { status: 'fixing', text }, 'operator', { 'if-match': etag });
    const answers = await Promise.all([post('One.'), post('Two.')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    const late = await post('Three.');
    assert.match(((await late.json()) as { detail: string }).detail, /operator set it to "fixing"/);
    const strange = await send(`${path}/updates`, { status: 'fixing', text: 'x' }, 'operator', { 'if-match': '"abc"' });
    assert.equal(strange.status, 400);
  });

  it('announces a maintenance at short notice, and publishes an info', async () => {
    const planned = { type: 'maintenance', title: 'New disks', description: 'Disks.', components: [A] };
    const window = { start: '2026-11-21T14:00:00Z', end: '2026-11-21T15:00:00Z' };
    const made = await one(await send('/api/incidents', { ...planned, ...window }, 'robot'), 201);
    assert.deepEqual([made.type, made.status], ['maintenance', 'planned']);
    const pending = { ...planned, ...window, contactEmail: 'team@example.org' };
    const own = await one(await send('/api/incidents', pending, 'creator'), 201);
    assert.equal(own.status, 'pending_review');
    assert.equal((await ask(`/api/incidents/${own.id}`)).status, 404);
    const info = await one(
      await send('/api/incidents', { type: 'info', title: 'New prices', components: [A] }, 'creator'),
      201,
    );
    assert.deepEqual([made.impactKey, info.impactKey, info.impact], ['maintenance', 'info', 0]);
    assert.equal(info.status, 'active');
    world.clock.go(4 * HOUR);
    await jobs.runDue();
    assert.equal((await one(await ask(`/api/incidents/${made.id}`))).status, 'completed', 'the job has looked');
  });
});

describe('GET /api/incidents', async () => {
  const { world, ask } = await startApi();
  await world.declare('status-page/eu', { region: 'EU', name: 'Object Storage' });
  await world.declare('status-page/us', { region: 'US', name: 'Object Storage' });
  await world.declare('status-page/secret', { visibility: 'members' });
  for (let index = 0; index < 25; index += 1) {
    world.clock.go(MINUTE);
    const components = index === 24 ? ['status-page/eu', 'status-page/us'] : [index === 23 ? 'status-page/us' : A];
    await openIncident(world.context, OPERATOR, { title: `Incident ${index}`, impact: (index % 3) + 1, components });
  }
  await openIncident(world.context, OPERATOR, {
    title: 'Secret trouble',
    impact: 1,
    components: ['status-page/secret'],
  });

  const list = async (query: string, as?: string) => {
    const answer = await ask(`/api/incidents${query}`, as);
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as { data: Out[]; pagination: Record<string, number> };
  };
  const count = async (query: string) => (await list(query)).pagination['totalRecords'];

  it('turns pages, keeps the totals past the end, and always has a pagination', async () => {
    const first = await list('?limit=10');
    assert.deepEqual(first.pagination, { pageIndex: 1, recordsPerPage: 10, totalRecords: 25, totalPages: 3 });
    assert.deepEqual([first.data.length, first.data[0]?.title], [10, 'Incident 24']);
    assert.equal((await list('?limit=10&page=3')).data.length, 5);
    const past = await list('?limit=10&page=4');
    assert.deepEqual([past.data, past.pagination['totalRecords']], [[], 25]);
    assert.deepEqual((await list('?type=info')).pagination, {
      pageIndex: 1,
      recordsPerPage: 50,
      totalRecords: 0,
      totalPages: 0,
    });
  });

  it('filters by type, state, impact, status, region, service, time and words', async () => {
    assert.equal(await count('?type=incident,maintenance'), 25);
    assert.equal(await count('?state=open'), 2);
    assert.equal(await count('?state=closed'), 23);
    assert.equal(await count('?impact=1'), 9);
    assert.equal(await count('?impact=2,3&state=open'), 1);
    assert.equal(await count('?status=detected'), 2);
    assert.equal(await count('?status=resolved'), 23);
    assert.equal(await count('?region=US'), 2);
    assert.equal(await count('?region=EU'), 1);
    assert.equal(await count('?service=Object%20Storage'), 2);
    assert.equal(await count('?service=status-page/eu'), 1);
    assert.equal(await count('?service=nothing'), 0);
    assert.equal(await count('?until=2026-11-21T12:03:00Z'), 2);
    assert.equal(await count('?from=2026-11-21T12:24:30Z&until=2026-11-21T12:25:00Z'), 2);
    assert.equal(await count('?q=incident%2024'), 1);
    assert.equal(await count('?opened=true'), 25, 'what is not known is ignored');
  });

  it('refuses what no filter is', async () => {
    for (const query of [
      'state=maybe',
      'type=invalid',
      'status=resurrected',
      'impact=abc',
      'impact=5',
      'limit=150',
      'page=0',
      'from=yesterday',
    ]) {
      assert.equal((await ask(`/api/incidents?${query}`)).status, 400, query);
    }
  });

  it('refuses a time that ends before it begins, and names both ends', async () => {
    const answer = await ask('/api/incidents?from=2026-11-22T12:00:00Z&until=2026-11-21T12:00:00Z');
    assert.equal(answer.status, 400);
    const { errors } = (await answer.json()) as { errors: { pointer: string; detail: string }[] };
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      ['/query/from', '/query/until'],
    );
    assert.equal(await count('?from=2026-11-21T12:24:30Z&until=2026-11-21T12:24:30Z'), 2, 'a moment is a time');
  });

  it('filters by who opened it: a machine, and nobody touched it since', async () => {
    assert.equal(await count('?system=true'), 0);
    assert.equal(await count('?system=false'), 25);
    await world.db.write(async (tx) => {
      const incident = await findIncident(tx, 7);
      if (incident !== null) await saveIncident(tx, { ...incident, system: true });
    });
    assert.deepEqual(
      (await list('?system=true')).data.map(({ id }) => id),
      [7],
    );
    assert.equal(await count('?system=false'), 24);
    assert.equal((await ask('/api/incidents?system=maybe')).status, 400);
  });

  it('shows what concerns members only to them', async () => {
    assert.equal(await count('?q=secret'), 0);
    assert.equal((await list('?q=secret', 'reader')).data.length, 1);
    const id = (await list('?q=secret', 'reader')).data[0]?.id;
    assert.equal((await ask(`/api/incidents/${id}`)).status, 404);
    assert.equal((await ask('/api/incidents/0')).status, 400);
  });
});
