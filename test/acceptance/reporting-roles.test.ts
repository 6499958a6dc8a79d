import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROLES, type Role } from '../../src/core/index.ts';
import { type V1World, v1World } from '../../src/modules/status-page/web/v1-world.cases.ts';
import { type HostileIssuer, startHostileIssuer } from '../support/hostile-issuer.ts';
import { postForm, signIn } from '../support/people.ts';

const NAME = 'Object Storage';
const [V1, SIGNALS] = ['/api/v1/component_status', '/api/signals'] as const;
const REPORTING: readonly Role[] = ['reporter', 'creator', 'operator', 'admin'];

type Headers = Record<string, string>;

let issuer: HostileIssuer;
let world: V1World;
let key = '';
before(async () => {
  issuer = await startHostileIssuer();
  const roles = Object.fromEntries(ROLES.map((role) => [role, [role]]));
  const provider = { id: 'lab', issuer: issuer.url, client_id: 'signalbox', roles, api_tokens: true };
  world = await v1World({ values: { auth: { providers: [provider] } } });
  [key = ''] = await world.catalog({ name: NAME });
});
after(async () => {
  await world[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

/** What a program sends that has a JWT of the provider. */
async function jwt(role: string): Promise<Headers> {
  const claims = { sub: `sub-${role}`, preferred_username: role, groups: [role] };
  return { authorization: `Bearer ${await issuer.token({ claims })}` };
}

async function post(path: string, body: unknown, headers: Headers): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return await fetch(world.box.url + path, { ...init, body: JSON.stringify(body) });
}

/** How both ways of reporting trouble are answered. */
async function reported(headers: Headers): Promise<{ v1: number; signals: number }> {
  const v1 = await post(V1, { name: NAME, impact: 1 }, headers);
  const signals = await post(SIGNALS, { component: key, level: 'degraded' }, headers);
  return { v1: v1.status, signals: signals.status };
}

const incidents = async () => (await world.get('/api/v1/incidents')).list;

describe('who may report that a component is in trouble', () => {
  it('is no viewer, nobody without a role and nobody unknown', async () => {
    assert.deepEqual(await reported({}), { v1: 401, signals: 401 });
    for (const role of ['viewer', 'nobody']) {
      assert.deepEqual(await reported(await jwt(role)), { v1: 403, signals: 403 }, role);
    }
    const { headers } = await signIn(world.box, 'viewer');
    assert.deepEqual(await reported({ ...headers, 'sec-fetch-site': 'same-origin' }), { v1: 403, signals: 403 });
    assert.deepEqual(await incidents(), []);
  });

  it('is not told by a cookie that a foreign page lets the browser send', async () => {
    for (const role of REPORTING) {
      const { headers } = await signIn(world.box, role);
      for (const site of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.test' }] as Headers[]) {
        assert.deepEqual(await reported({ ...headers, ...site }), { v1: 403, signals: 403 }, role);
      }
    }
    assert.deepEqual(await incidents(), []);
  });

  it('is everybody from reporter on, by a token of the provider or signed in on our own pages', async () => {
    let first = true;
    for (const role of REPORTING) {
      const { headers } = await signIn(world.box, role);
      for (const way of [await jwt(role), { ...headers, 'sec-fetch-site': 'same-origin' }]) {
        assert.deepEqual(await reported(way), { v1: first ? 201 : 409, signals: 200 }, role);
        first = false;
      }
    }
    assert.equal((await incidents()).length, 1);
  });

  it('is said by the description of the API', async () => {
    const page = await (await fetch(`${world.box.url}/api/docs`)).text();
    for (const id of ['reportSignals', 'reportComponentStatusV1']) {
      const section = page.slice(page.indexOf(`id="${id}"`)).split('</section>')[0] ?? '';
      assert.match(section, /scope signals:write, or somebody with the role reporter or one above it/);
    }
  });

  it('speaks under a name that no token can take', async () => {
    await world.box.app.journal.drain();
    const { why } = (await (
      await fetch(`${world.box.url}/api/components/${key}`, { headers: await jwt('reporter') })
    ).json()) as { why: { signals: { source: string }[] } };
    const sources = why.signals.map(({ source }) => source);
    assert.ok(sources.includes('user/reporter (lab)'), sources.join());
    assert.ok(!sources.some((source) => source.startsWith('api/')), sources.join());
  });
});

describe('what a reporter may not (TestReporter of specification §22.7)', () => {
  const [start, end] = ['2031-01-01T10:00:00Z', '2031-01-01T12:00:00Z'];
  const writing = () => {
    const about = { title: 'Written by hand', description: 'By a person.', components: [key] };
    const contactEmail = 'team@example.org';
    return {
      'a manual incident': { ...about, type: 'incident', impact: 2 },
      'an info': { ...about, type: 'info' },
      'a maintenance': { ...about, type: 'maintenance', start, end, contactEmail },
    };
  };
  let maintenance = 0;
  before(async () => {
    const planned = await post('/api/incidents', writing()['a maintenance'], await jwt('operator'));
    assert.equal(planned.status, 201, await planned.clone().text());
    maintenance = ((await planned.json()) as { id: number }).id;
  });

  it('writes no incident, no maintenance, no info and no update, takes nothing apart and merges nothing', async () => {
    const headers = await jwt('reporter');
    const refused: [string, unknown][] = [
      ...Object.values(writing()).map((body): [string, unknown] => ['/api/incidents', body]),
      ['/api/incidents/1/updates', { status: 'analysing', text: 'We look.' }],
      [`/api/incidents/${maintenance}/updates`, { status: 'cancelled', text: 'No.', version: 1 }],
      ['/api/incidents/1/extract', { components: [key] }],
      ['/api/incidents/1/merge', { others: [maintenance] }],
      ['/api/incidents/1/back-date', { start: '2026-01-01T00:00:00Z' }],
      [`/api/incidents/${maintenance}/review`, { version: 1, verdict: 'approve' }],
    ];
    for (const [path, body] of refused) {
      const answer = await post(path, body, headers);
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(body)}`);
      assert.match(await answer.text(), /role/, 'for want of the role');
    }
  });

  it('makes no component, neither by a report nor in the catalogue', async () => {
    const headers = await jwt('reporter');
    const unknown = await post(SIGNALS, { component: 'status-page/new', level: 'degraded' }, headers);
    assert.equal(unknown.status, 404);
    assert.equal((await post(V1, { name: 'New', impact: 1 }, headers)).status, 400);
    const person = await signIn(world.box, 'reporter');
    const fields = { csrf: await person.csrf(), name: 'New' };
    assert.equal((await postForm(world.box, '/admin/catalog/new', fields, person.headers)).status, 403);
    assert.equal((await fetch(`${world.box.url}/api/components/status-page/new`)).status, 404);
  });

  it('sees neither contact nor author, which a creator does', async () => {
    const seen = async (role: Role) => {
      const answer = await fetch(`${world.box.url}/api/incidents/${maintenance}`, { headers: await jwt(role) });
      return (await answer.json()) as Record<string, unknown>;
    };
    const staff = await seen('creator');
    assert.deepEqual([staff['contactEmail'], staff['author']], ['team@example.org', 'user:operator (lab)']);
    const shown = await seen('reporter');
    assert.deepEqual(
      ['contactEmail', 'author', 'version'].filter((field) => field in shown),
      [],
    );
    assert.doesNotMatch(JSON.stringify(shown), /team@example\.org|operator \(lab\)/);
    const answered = await post(V1, { name: NAME, impact: 2 }, await jwt('reporter'));
    assert.equal(answered.status, 201, 'it raises what machines opened');
    assert.doesNotMatch(await answered.text(), /\(lab\)|@example/);
  });
});
