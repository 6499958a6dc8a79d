import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Lab, startLab } from '../test-support/lab.ts';

async function control(lab: Lab, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${lab.gitlab.url}/-/simulator${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { httpStatus: response.status, ...((await response.json()) as Record<string, unknown>) };
}

const BADGE = { link_url: 'https://a.test/', image_url: 'https://a.test/a.svg' };

it('answers the next requests with errors, by method and path', async () => {
  await using lab = await startLab();
  await control(lab, 'POST', '/faults', {
    kind: 'status',
    status: 502,
    times: 2,
    method: 'GET',
    path: '/api/v4/projects/*/issues',
  });
  await control(lab, 'POST', '/faults', {
    kind: 'status',
    status: 429,
    retryAfter: 7,
    times: 1,
    path: '/api/v4/version',
  });
  assert.equal((await lab.api('/projects/301/labels')).status, 200);
  assert.equal((await lab.api('/projects/301/issues')).status, 502);
  assert.equal((await lab.api('/projects/301/issues?page=2')).status, 502);
  assert.equal((await lab.api('/projects/301/issues')).status, 200);
  const limited = await lab.api('/version');
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get('retry-after'), '7');
  assert.equal(limited.text, 'Retry later');
});

it('cuts, hangs, truncates and sends a login page', async () => {
  await using lab = await startLab();
  const { faults } = lab.gitlab;
  faults.add({ kind: 'reset', times: 1 });
  await assert.rejects(lab.api('/version'));
  faults.add({ kind: 'truncate', times: 1 });
  await assert.rejects(lab.api('/projects/301/labels'));
  faults.add({ kind: 'login_page', times: 1 });
  const login = await lab.api('/projects/301/labels');
  assert.equal(login.status, 200);
  assert.match(login.headers.get('content-type') ?? '', /^text\/html/);
  faults.add({ kind: 'hang', times: 1 });
  const waiting = fetch(`${lab.gitlab.url}/api/v4/version`, { signal: AbortSignal.timeout(50) });
  await assert.rejects(waiting, { name: 'TimeoutError' });
});

it('goes down for good after so many requests', async () => {
  await using lab = await startLab();
  lab.gitlab.faults.add({ kind: 'reset', skip: 2 });
  assert.equal((await lab.api('/version')).status, 200);
  assert.equal((await lab.api('/version')).status, 200);
  await assert.rejects(lab.api('/version'));
  await assert.rejects(lab.api('/version'));
  lab.gitlab.faults.clear();
  assert.equal((await lab.api('/version')).status, 200);
});

it('can carry a write out and lose only its answer', async () => {
  await using lab = await startLab();
  lab.gitlab.faults.add({ kind: 'reset', times: 1, method: 'POST', applied: true });
  await assert.rejects(lab.api('/projects/301/badges', { method: 'POST', body: BADGE }));
  assert.equal(lab.gitlab.world.badges.length, 1);
  lab.gitlab.faults.add({ kind: 'reset', times: 1, method: 'POST' });
  await assert.rejects(lab.api('/projects/301/badges', { method: 'POST', body: BADGE }));
  assert.equal(lab.gitlab.world.badges.length, 1);
});

it('delays answers', async () => {
  await using lab = await startLab();
  await control(lab, 'POST', '/faults', { kind: 'latency', ms: 40 });
  await lab.api('/version');
  const [entry] = lab.gitlab.requests.list();
  assert.ok(entry && entry.milliseconds >= 38, `took ${entry?.milliseconds} ms`);
});

it('reads out every request and the writes by resource, never a token', async () => {
  await using lab = await startLab();
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  await lab.api('/projects/301/labels?per_page=100');
  await lab.api(`/projects/301?private_token=${lab.maintainer.secret}`, { secret: null });
  await lab.api('/projects/301/badges', { method: 'POST', body: BADGE });
  await lab.api('/projects/301/badges/1', { method: 'PUT', body: { name: 'x' } });
  await lab.api('/projects/301/badges/77', { method: 'DELETE' });
  await lab.api('/projects/301/issues/1/notes', { method: 'POST', body: { body: 'hello' } });
  const log = await control(lab, 'GET', '/requests');
  assert.equal(JSON.stringify(log).includes(lab.maintainer.secret), false);
  const entries = log['requests'] as Record<string, unknown>[];
  assert.equal(entries.length, 6);
  assert.equal(entries[0]?.['path'], '/api/v4/projects/301/labels?per_page=100');
  assert.equal(entries[0]['tokenId'], lab.maintainer.id);
  assert.ok(Number(entries[0]['bytes']) > 100);
  assert.equal(entries[4]?.['status'], 404);
  assert.equal(((await control(lab, 'GET', '/requests?method=PUT'))['requests'] as unknown[]).length, 1);
  assert.deepEqual(await control(lab, 'GET', '/writes'), {
    httpStatus: 200,
    total: 4,
    refused: 1,
    resources: { badges: { POST: 1, PUT: 1, DELETE: 1 }, notes: { POST: 1, PUT: 0, DELETE: 0 } },
  });
  await control(lab, 'POST', '/reset');
  assert.equal((await control(lab, 'GET', '/writes'))['total'], 0);
});

it('steps the clock of the instance', async () => {
  await using lab = await startLab();
  await control(lab, 'POST', '/clock', { stepMs: -3_600_000 });
  assert.equal((await control(lab, 'GET', '/clock'))['now'], '2025-11-20T05:12:44.000Z');
  assert.equal((await lab.api('/version')).headers.get('date'), 'Thu, 20 Nov 2025 05:12:44 GMT');
});

it('takes no orders from a page of another site', async () => {
  await using lab = await startLab();
  const headers = { 'sec-fetch-site': 'cross-site' };
  const answer = await fetch(`${lab.gitlab.url}/-/simulator/clock`, {
    method: 'POST',
    headers,
    body: '{"stepMs":1000}',
  });
  assert.equal(answer.status, 403);
  assert.equal(lab.gitlab.world.now(), lab.clock.now());
});

it('says what is wrong with an order it does not understand', async () => {
  await using lab = await startLab();
  const answer = await control(lab, 'POST', '/faults', { kind: 'explode' });
  assert.equal(answer['httpStatus'], 400);
  assert.match(String(answer['error']), /kind/);
  assert.equal((await control(lab, 'GET', '/nothing'))['httpStatus'], 404);
});
