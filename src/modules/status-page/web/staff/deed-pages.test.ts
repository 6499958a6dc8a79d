import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../../../test/support/until.ts';
import { addMs, DAY, HOUR, ROLES } from '../../../../core/index.ts';
import {
  A,
  B,
  C,
  type Fields,
  mistakeAt,
  plain,
  type StaffWorld,
  staffWorld,
  ticked,
  valueOf,
} from './staff-world.cases.ts';
import { localIn } from './zoned-fields.ts';

const XSS = '"><script>alert(1)</script>';

interface Out {
  id: number;
  title: string;
  status: string;
  impact: number;
  start: string;
  mergedInto: number | null;
  postmortem: string | null;
  components: { key: string }[];
}

describe('the pages behind an incident', () => {
  let world: StaffWorld;
  before(async () => {
    world = await staffWorld();
    for (const name of ['x', 'y', 'z']) await world.component(`status-page/${name}`, { name: `Disk ${name}` });
    await world.app.journal.drain();
  });
  after(() => world.stop());

  const [X, Y, Z] = ['status-page/x', 'status-page/y', 'status-page/z'];
  const local = (milliseconds: number) => localIn(addMs(world.app.clock.now(), milliseconds), 'Europe/Rome');
  const open = (keys: string[], more = {}) => world.incident({ title: 'Uploads fail', impact: 1, ...more }, keys);
  const closed = () => open([A], { status: 'resolved', end: world.now });
  const plan = (more = {}) =>
    world.incident(
      {
        type: 'maintenance',
        title: 'New firmware',
        description: 'Switches are replaced.',
        impact: 0,
        status: 'pending_review',
        told: false,
        start: addMs(world.now, DAY),
        end: addMs(world.now, DAY + HOUR),
        ...more,
      },
      [C],
    );
  const out = async (id: number): Promise<Out> => {
    const { headers } = world.people.operator;
    return JSON.parse((await world.get(`/api/incidents/${id}`, headers)).body) as Out;
  };
  const keys = async (id: number) => (await out(id)).components.map(({ key }) => key).sort();
  const act = async (id: number, path: string, fields: Fields, as: 'creator' | 'operator' = 'operator') => {
    const address = `/incidents/${id}/${path}`;
    const version = valueOf((await world.open(address)).body, 'version') ?? '';
    return await world.send(address, { version, ...fields }, as);
  };

  it('are linked from the page of the incident, each for those who may', async () => {
    const id = await open([A, B]);
    const linked = async (as: 'creator' | 'operator', of = id) =>
      [
        ...(await world.open(`/incidents/${of}`, as)).body.matchAll(
          new RegExp(`href="/incidents/${of}/([a-z-]+)["?]`, 'g'),
        ),
      ].map((match) => match[1]);
    assert.deepEqual(await linked('creator'), ['update', 'update', 'components']);
    assert.deepEqual(await linked('operator'), ['update', 'update', 'components', 'move', 'merge', 'back-date']);
    assert.deepEqual(await linked('operator', await closed()), ['update', 'postmortem', 'update']);
    assert.deepEqual(await linked('operator', await plan()), ['review', 'update', 'components', 'cancel']);
    assert.deepEqual(await linked('creator', await plan()), []);
  });

  it('say who reads what is new: of a maintenance before its review nobody but staff', async () => {
    const hint = async (id: number) => (await world.open(`/incidents/${id}/update`)).body;
    const waiting = await hint(await plan());
    assert.match(waiting, /Before the maintenance is public, only staff read it\./);
    assert.doesNotMatch(waiting, /Everybody reads it/);
    assert.match(await hint(await plan({ status: 'planned' })), /Everybody reads it\./);
  });

  it('move some components into another incident, or into a new one with its own title', async () => {
    const id = await open([A, B, X, Y]);
    const other = await open([Z], { title: 'Another trouble' });
    world.made(await act(id, 'move', { components: [X], to: String(other) }));
    assert.deepEqual([await keys(id), await keys(other)], [[A, B, Y].sort(), [X, Z]]);

    const split = await world.open(`/incidents/${id}/move?component=${Y}`);
    assert.deepEqual(ticked(split.body), [Y]);
    assert.equal(valueOf(split.body, 'title'), 'Uploads fail (Disk y)');
    const made = world.made(await act(id, 'move', { components: [Y], title: 'Uploads fail (Disk y)', impact: '3' }));
    const { title, impact } = await out(made);
    assert.deepEqual([title, impact, await keys(made)], ['Uploads fail (Disk y)', 3, [Y]]);
  });

  it('keep what was chosen beside the mistakes of a move', async () => {
    const id = await open([A, B]);
    const all = await act(id, 'move', { components: [A, B], title: 'Typed with care' });
    assert.equal(all.status, 422);
    assert.match(mistakeAt(all.body, 'components') ?? '', /keep at least one/);
    assert.deepEqual(ticked(all.body), [A, B]);
    assert.equal(valueOf(all.body, 'title'), 'Typed with care');
    assert.match(mistakeAt((await act(id, 'move', {})).body, 'components') ?? '', /at least one/);
    assert.match(mistakeAt((await act(id, 'move', { components: [C] })).body, 'components') ?? '', /not in it/);
    assert.match(
      mistakeAt((await act(id, 'move', { components: [A], title: 'Tiny' })).body, 'title') ?? '',
      /8 to 200/,
    );
    const gone = await act(id, 'move', { components: [A], to: String(await closed()) });
    assert.match(mistakeAt(gone.body, 'to') ?? '', /not an open incident/);
    assert.match(mistakeAt((await act(id, 'move', { components: [A], to: String(id) })).body, 'to') ?? '', /itself/);
  });

  it('merge other incidents, which are closed', async () => {
    const id = await open([A]);
    const other = await open([X], { title: 'The same trouble', impact: 3 });
    assert.match((await world.open(`/incidents/${id}/merge`)).body, /The same trouble/);
    world.made(await act(id, 'merge', { others: String(other) }));
    const [into, merged] = [await out(id), await out(other)];
    assert.deepEqual([into.impact, merged.status, merged.mergedInto], [3, 'resolved', id]);
    assert.match(mistakeAt((await act(id, 'merge', {})).body, 'others') ?? '', /at least one incident/);
    assert.match(mistakeAt((await act(id, 'merge', { others: String(other) })).body, 'others') ?? '', /not an open/);
  });

  it('add and remove components, but never the last', async () => {
    const id = await open([A]);
    const page = `/incidents/${id}/components`;
    assert.equal((await act(id, 'components', { components: [Y, Z] }, 'creator')).location, page);
    assert.deepEqual(await keys(id), [A, Y, Z].sort());
    assert.equal((await act(id, 'components', { do: 'remove', component: Y })).location, page);
    assert.equal((await act(id, 'components', { do: 'remove', component: Z })).location, page);
    assert.deepEqual(await keys(id), [A]);
    assert.doesNotMatch((await world.open(page)).body, /class="confirm"/);
    const last = await act(id, 'components', { do: 'remove', component: A });
    assert.match(mistakeAt(last.body, 'component') ?? '', /keep at least one/);
    assert.match(mistakeAt((await act(id, 'components', {})).body, 'components') ?? '', /at least one/);
    const twice = await act(id, 'components', { components: [A], otherComponents: 'status-page/none' });
    assert.match(mistakeAt(twice.body, 'components') ?? '', /no component status-page\/none/);
    assert.equal(valueOf(twice.body, 'otherComponents'), 'status-page/none');
  });

  it('date the start back in the chosen zone, with the reason', async () => {
    const id = await open([A], { start: world.now });
    world.made(
      await act(id, 'back-date', { start: '2026-01-10T12:00', zone: 'America/New_York', text: 'The logs say so.' }),
    );
    assert.equal((await out(id)).start, '2026-01-10T17:00:00.000Z');
    assert.match((await world.get(`/incidents/${id}`)).body, /The logs say so\./);
    const late = await act(id, 'back-date', { start: local(HOUR), text: 'Typed with care' });
    assert.match(mistakeAt(late.body, 'start') ?? '', /future/);
    assert.deepEqual([valueOf(late.body, 'text'), valueOf(late.body, 'start')], ['Typed with care', local(HOUR)]);
    assert.match(mistakeAt((await act(id, 'back-date', {})).body, 'start') ?? '', /date and a time/);
  });

  it('keep a post-mortem as a draft for staff until it is published', async () => {
    const id = await closed();
    world.made(await act(id, 'postmortem', { do: 'draft', text: 'A **cable** broke.' }));
    assert.doesNotMatch((await world.get(`/incidents/${id}`)).body, /cable/);
    assert.equal(valueOf((await world.open(`/incidents/${id}/postmortem`)).body, 'text'), 'A **cable** broke.');
    assert.match(
      (await act(id, 'postmortem', { do: 'preview', text: 'A *new* cable.' })).body,
      /A <em>new<\/em> cable/,
    );
    world.made(await act(id, 'postmortem', { do: 'publish', text: 'A **cable** broke.' }));
    await until('everybody reads it', async () =>
      (await world.get(`/incidents/${id}`)).body.includes('A <strong>cable</strong> broke'),
    );
    const empty = await act(id, 'postmortem', { do: 'publish', text: '' });
    assert.match(mistakeAt(empty.body, 'text') ?? '', /Write what happened/);
    const early = await act(await open([B]), 'postmortem', { do: 'draft', text: 'Typed with care' });
    assert.equal(early.status, 409);
    assert.match(early.body, /Resolve it first/);
    assert.equal(valueOf(early.body, 'text'), 'Typed with care');
  });

  it('correct the text of an update and show staff what it said before', async () => {
    const id = await world.incident({ title: 'Uploads fail' }, [A], [{ at: world.now, text: 'A swich broke.' }]);
    const page = await world.open(`/incidents/${id}`, 'creator');
    const update = new RegExp(`/incidents/${id}/updates/(\\d+)/edit`).exec(page.body)?.[1] ?? '';
    const path = `updates/${update}/edit`;
    assert.equal(valueOf((await world.open(`/incidents/${id}/${path}`)).body, 'text'), 'A swich broke.');
    const done = await act(id, path, { text: 'A switch broke.' }, 'creator');
    assert.equal(done.location, `/incidents/${id}#update-${update}`);
    const { body } = await world.get(`/incidents/${id}`);
    assert.match(body, /A switch broke\./);
    assert.doesNotMatch(body, /swich/);
    assert.match((await world.open(`/incidents/${id}/${path}`)).body, /A swich broke\./);
    assert.match(mistakeAt((await act(id, path, { text: ' ' })).body, 'text') ?? '', /Write something/);
    assert.equal((await world.open(`/incidents/${id}/updates/999999/edit`)).status, 404);
  });

  it('cancel a maintenance, with a reason if there is one', async () => {
    const id = await plan({ status: 'planned', told: true });
    world.made(await act(id, 'cancel', { text: 'The switches are late.' }));
    assert.equal((await out(id)).status, 'cancelled');
    assert.match((await world.get(`/incidents/${id}`)).body, /The switches are late\./);
    const again = await act(id, 'cancel', { text: 'Typed with care' });
    assert.equal(again.status, 409);
    assert.match(again.body, /cancelled already/);
  });

  it('review a maintenance: approve it, give it back or reject it with a word', async () => {
    const id = await plan();
    const silent = await act(id, 'review', { do: 'reject' });
    assert.match(mistakeAt(silent.body, 'text') ?? '', /Write what happened/);
    assert.equal((await act(id, 'review', { do: 'return', text: 'Choose a night.' })).location, '/reviews');
    assert.equal((await act(id, 'review', { do: 'approve' })).location, '/reviews');
    assert.equal((await out(id)).status, 'reviewed');
    const late = await act(id, 'review', { do: 'reject', text: 'Typed with care' });
    assert.equal(late.status, 409);
    assert.equal(valueOf(late.body, 'text'), 'Typed with care');
  });

  it('tell who was first, keep the text, and send it again against the new version', async () => {
    const id = await open([A, B]);
    const { version } = JSON.parse((await world.get(`/api/incidents/${id}`, world.people.operator.headers)).body) as {
      version: number;
    };
    const update = { version: String(version), status: 'fixing', text: 'First.' };
    world.made(await world.send(`/incidents/${id}/update`, update, 'creator'));
    const typed = { version: String(version), components: [A], title: 'Typed with care' };
    const late = await world.send(`/incidents/${id}/move`, typed);
    assert.equal(late.status, 409);
    assert.match(plain(late.body), new RegExp(`${world.people.creator.name} set it to “Fixing”`));
    assert.equal(valueOf(late.body, 'title'), 'Typed with care');
    assert.deepEqual(ticked(late.body), [A]);
    const again = { ...typed, version: valueOf(late.body, 'version') ?? '' };
    assert.notEqual(world.made(await world.send(`/incidents/${id}/move`, again)), id);
  });

  it('are for their roles, need the token of the session, and escape whatever was typed', async () => {
    const incident = await world.incident({ title: XSS }, [A, B], [{ at: world.now, text: XSS }]);
    const ended = await closed();
    const planned = await plan();
    const page = await world.open(`/incidents/${incident}`);
    const update = /\/updates\/(\d+)\/edit/.exec(page.body)?.[1] ?? '';
    const pages: [path: string, least: 'creator' | 'operator'][] = [
      [`${incident}/components`, 'creator'],
      [`${incident}/updates/${update}/edit`, 'creator'],
      [`${planned}/cancel`, 'creator'],
      [`${incident}/move`, 'operator'],
      [`${incident}/merge`, 'operator'],
      [`${incident}/back-date`, 'operator'],
      [`${ended}/postmortem`, 'operator'],
      [`${planned}/review`, 'operator'],
    ];
    const names = [
      'text',
      'title',
      'components',
      'others',
      'to',
      'start',
      'zone',
      'impact',
      'component',
      'version',
      'do',
    ];
    for (const [path, least] of pages) {
      const address = `/incidents/${path}`;
      assert.match((await world.get(address)).headers.get('location') ?? '', /\/login\?returnTo=/, path);
      assert.equal((await world.post(address, {})).status, 401, path);
      for (const role of ROLES) {
        const may = ROLES.indexOf(role) >= ROLES.indexOf(least);
        assert.equal((await world.open(address, role)).status, may ? 200 : 403, `${path} as ${role}`);
        if (!may) assert.equal((await world.send(address, { text: 'x' }, role)).status, 403, `${path} as ${role}`);
      }
      assert.equal((await world.post(address, { text: 'x' }, world.people.admin.headers)).status, 403, path);
      const hostile = await world.send(address, Object.fromEntries(names.map((name) => [name, XSS])));
      assert.ok([303, 409, 422].includes(hostile.status), `${path}: ${hostile.status}`);
      assert.doesNotMatch(hostile.body, /<script>alert/, path);
    }
    assert.doesNotMatch(page.body, /<script>alert/);
  });
});
