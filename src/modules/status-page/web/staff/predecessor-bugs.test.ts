import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../../../test/support/until.ts';
import { addMs, DAY, HOUR, type Instant, MINUTE } from '../../../../core/index.ts';
import { A, B, C, type StaffWorld, staffWorld } from './staff-world.cases.ts';

interface Out {
  id: number;
  type: string;
  status: string;
  start: Instant;
  components: { key: string }[];
  updates: { id: number; status: string; at: Instant; text: string | null }[];
}

/** Specification §23: what users of the two predecessors met, and must not meet here. Numbers are those of its lists. */
describe('what was wrong with the predecessors', () => {
  let world: StaffWorld;
  let token: string;
  before(async () => {
    world = await staffWorld();
    token = await world.token('incidents:write', 'signals:write');
  });
  after(() => world.stop());

  const api = async (path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(world.url + path, sent);
    return {
      status: answer.status,
      body: (await answer.json()) as Out & Record<string, unknown>,
      headers: answer.headers,
    };
  };
  const opens = async (title: string, components: readonly string[], more = {}) => {
    const { status, body } = await api('/api/incidents', { type: 'incident', title, impact: 1, components, ...more });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const ends = (id: number) => api(`/api/incidents/${id}/updates`, { status: 'resolved', text: 'Over.' });

  it('Flask 4: an incident begins when it is reported, not when the program was started', async () => {
    const from = world.app.clock.now();
    const { id, start, updates } = await opens('Begins now', [A]);
    assert.ok(start >= from && (updates[0]?.at ?? '') >= from);
    await ends(id);
  });

  it('Flask 9: nothing is split by looking at an address; it needs a form of ours, members, and leaves one behind', async () => {
    const { id } = await opens('Splits well', [A, B]);
    const held = async () => (await api(`/api/incidents/${id}`)).body.components.map(({ key }) => key).sort();
    assert.equal((await world.open(`/incidents/${id}/move?component=${A}`)).status, 200);
    assert.equal((await world.open(`/incidents/${id}/move?components=${A}&title=Another&impact=2`)).status, 200);
    const fields = { components: [A], title: 'Something else', impact: '2' };
    assert.equal((await world.post(`/incidents/${id}/move`, fields, world.people.operator.headers)).status, 403);
    assert.equal((await world.send(`/incidents/${id}/move`, { ...fields, components: [C] })).status, 422);
    assert.equal((await world.send(`/incidents/${id}/move`, { ...fields, components: [A, B] })).status, 422);
    assert.deepEqual(await held(), [A, B]);
    await ends(id);
  });

  it('Flask 10: an incident over a running maintenance leaves the maintenance its components', async () => {
    const window = { start: addMs(world.now, -HOUR), end: addMs(world.now, HOUR) };
    const plan = { type: 'maintenance', title: 'New disks', impact: 0, description: 'Disks.' } as const;
    const running = await world.incident({ ...plan, ...window, status: 'in_progress' }, [A, B]);
    const { id } = await opens('Fails meanwhile', [A]);
    const { body } = await api(`/api/incidents/${running}`);
    assert.deepEqual([body.status, body.components.map(({ key }) => key).sort()], ['in_progress', [A, B]]);
    await ends(id);
    await api(`/api/incidents/${running}/updates`, { status: 'completed', text: 'Done.' });
  });

  it('Flask 14: a feed says when something was said last, with its zone, in one order for region and component', async () => {
    const first = await opens('The older one', [C]);
    const second = await opens('The newer one', [C]);
    await api(`/api/incidents/${first.id}/updates`, { status: 'analysing', text: 'Looked at <b>last</b>.' });
    const said = (await api(`/api/incidents/${first.id}`)).body.updates[0]?.at ?? '';
    const feed = async (query: string) => (await world.get(`/rss/${query}`)).body;
    const items = (body: string) => [...body.matchAll(/<item>.*?<title>([^<]*)/gs)].map(([, title]) => title ?? '');
    const region = await feed('?mt=Reg1');
    const ours = items(await feed('?mt=Reg1&srv=Virtual+Servers'));
    assert.deepEqual(ours.toSorted(), ['The newer one', 'The older one']);
    assert.deepEqual(
      items(region).filter((title) => ours.includes(title)),
      ours,
    );
    const item = /<item>(?:(?!<\/item>).)*The older one.*?<\/item>/s.exec(region)?.[0] ?? '';
    assert.match(
      item,
      new RegExp(`<pubDate>${new Date(said).toUTCString().replace('GMT', '(GMT|\\+0000)')}</pubDate>`),
    );
    assert.doesNotMatch(region, /<b>last/);
    for (const { id } of [first, second]) await ends(id);
  });

  it('Flask 15: an answer to a post is never kept by anybody', async () => {
    const denied = await fetch(`${world.url}/api/v1/component_status`, { method: 'POST', body: '{}' });
    assert.equal(denied.status, 401);
    assert.match(denied.headers.get('cache-control') ?? '', /no-store/);
    const body = { name: 'Virtual Servers', impact: 1, attributes: [{ name: 'region', value: 'Reg1' }] };
    const taken = await api('/api/v1/component_status', body);
    assert.equal(taken.status, 201);
    assert.match(taken.headers.get('cache-control') ?? '', /private, no-cache|no-store/);
    await ends(taken.body.id);
  });

  it('Flask 17: several updates of one minute are all there, in their order', async () => {
    const { id } = await opens('Quick progress', [A]);
    for (const status of ['analysing', 'fixing', 'observing']) {
      assert.equal((await api(`/api/incidents/${id}/updates`, { status, text: `Now ${status}.` })).status, 200);
    }
    const { updates } = (await api(`/api/incidents/${id}`)).body;
    assert.deepEqual(
      updates.map(({ status }) => status),
      ['observing', 'fixing', 'analysing', 'detected'],
    );
    assert.ok(Date.parse(updates[0]?.at ?? '') - Date.parse(updates.at(-1)?.at ?? '') < MINUTE);
    await ends(id);
  });

  it('Go 2: what is taken out of an incident has its status at once, and is a whole incident', async () => {
    const { id } = await opens('Two of them', [A, B]);
    await api(`/api/incidents/${id}/updates`, { status: 'fixing', text: 'At it.' });
    const { status, body } = await api(`/api/incidents/${id}/extract`, { components: [B] });
    assert.equal(status, 200);
    assert.deepEqual([body.type, body.components.map(({ key }) => key)], ['incident', [B]]);
    assert.ok(body.updates.length > 0 && !['', 'SYSTEM'].includes(body.status), body.status);
    await ends(id);
    await ends(body.id);
  });

  it('Go 3: links of feeds are whole and lead to a page', async () => {
    const { id } = await opens('Linked well', [A]);
    const { body } = await world.get('/feeds/all.atom');
    const links = [...body.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
    assert.ok(links.some((href) => href.endsWith(`/incidents/${id}`)));
    assert.deepEqual(
      links.filter((href) => !href.startsWith(`${world.url}/`)),
      [],
    );
    for (const href of new Set(links)) assert.equal((await fetch(href)).status, 200, href);
    assert.doesNotMatch(body, /<title>[^<]*\n<\/title>/);
    await ends(id);
  });

  it('Go 6: no update changes what something is, and its number is the same for everybody', async () => {
    const { id } = await opens('Stays an incident', [A]);
    const refused = await api(`/api/incidents/${id}/updates`, { status: 'analysing', text: 'Hm.', type: 'info' });
    assert.equal(refused.status, 400);
    assert.equal((await api(`/api/incidents/${id}`)).body.type, 'incident');
    const numbers = (body: Out) => body.updates.map((update) => update.id);
    const anonymous = JSON.parse((await world.get(`/api/incidents/${id}`)).body) as Out;
    assert.deepEqual(numbers(anonymous), numbers((await api(`/api/incidents/${id}`)).body));
    await ends(id);
  });

  it('Go 8: what is planned for later is no trouble now, and a list without matches is a whole list', async () => {
    const window = { start: addMs(world.now, DAY), end: addMs(world.now, DAY + HOUR) };
    const plan = { type: 'maintenance', title: 'Tomorrow', impact: 0, description: 'Disks.' } as const;
    await world.incident({ ...plan, ...window, status: 'planned' }, [C]);
    const unresolved = JSON.parse((await world.get('/api/v2/incidents/unresolved.json')).body) as {
      incidents: unknown[];
    };
    assert.deepEqual(unresolved.incidents, []);
    const { level } = JSON.parse((await world.get(`/api/components/${C}`)).body) as { level: string };
    assert.equal(level, 'operational');
    const none = JSON.parse((await world.get('/api/incidents?q=nothing+says+this')).body) as Record<string, unknown>;
    assert.deepEqual(Object.keys(none).toSorted(), ['data', 'pagination']);
  });

  it('SPA: the worst stands first, whatever its word begins with', async () => {
    const made = [
      await opens('Slow storage', [A]),
      await opens('Dead storage', [B], { impact: 3 }),
      await opens('Half of the servers', [C], { impact: 2 }),
    ];
    const body = await until('the overview has them', async () => {
      const overview = (await world.get('/')).body;
      return made.every(({ id }) => overview.includes(`/incidents/${id}"`)) ? overview : null;
    });
    const places = ['Dead storage', 'Half of the servers', 'Slow storage'].map((title) => body.indexOf(title));
    assert.ok(!places.includes(-1));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    for (const { id } of made) await ends(id);
  });

  it('SPA: only who may write is shown a form to write; others are asked to sign in', async () => {
    const answer = await fetch(`${world.url}/incidents/new`, { redirect: 'manual' });
    assert.deepEqual([answer.status, answer.headers.get('location')?.startsWith('/login?')], [303, true]);
    for (const role of ['viewer', 'reporter'] as const) {
      assert.equal((await world.open('/incidents/new', role)).status, 403, role);
    }
  });
});
