import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startLab } from '../test-support/lab.ts';

it('answers callers without, with a wrong, an expired and a revoked token as GitLab does', async () => {
  await using lab = await startLab();
  const expired = lab.gitlab.world.addToken({ expiresAt: '2025-11-20' });
  const revoked = lab.gitlab.world.addToken();
  revoked.revoked = true;
  assert.deepEqual((await lab.api('/projects/301', { secret: null })).json, { message: '404 Project Not Found' });
  const wrong = await lab.api('/projects/301', { secret: 'glpat-wrong' });
  assert.equal(wrong.status, 401);
  assert.deepEqual(wrong.json, { message: '401 Unauthorized' });
  const old = await lab.api('/projects/301', { secret: expired.secret });
  assert.equal(old.status, 401);
  assert.equal((old.json as { error: string }).error, 'invalid_token');
  assert.match((old.json as { error_description: string }).error_description, /^Token is expired\./);
  assert.match((await lab.api('/user', { secret: revoked.secret })).text, /Token was revoked/);
  assert.equal((await lab.api('/nothing/here')).status, 404);
  assert.equal((await lab.api('/projects/301/badges', { method: 'PATCH' })).status, 405);
});

it('takes the token as Bearer too', async () => {
  await using lab = await startLab();
  const headers = { authorization: `Bearer ${lab.maintainer.secret}` };
  assert.equal((await lab.api('/projects/lab%2Finstrument-desk', { secret: null, headers })).status, 200);
});

it('refuses writes to a token that may only read', async () => {
  await using lab = await startLab();
  const { secret } = lab.gitlab.world.addToken({ scopes: ['read_api'] });
  assert.equal((await lab.api('/projects/301/labels', { secret })).status, 200);
  const body = { link_url: 'https://a.test/', image_url: 'https://a.test/a.svg' };
  const answer = await lab.api('/projects/301/badges', { method: 'POST', secret, body });
  assert.equal(answer.status, 403);
  assert.equal((answer.json as { error: string }).error, 'insufficient_scope');
});

it('lets only maintainers write badges and see hooks', async () => {
  await using lab = await startLab();
  const { secret } = lab.gitlab.world.addToken({ role: 'developer' });
  const body = { link_url: 'https://a.test/', image_url: 'https://a.test/a.svg' };
  const badge = await lab.api('/projects/301/badges', { method: 'POST', secret, body });
  assert.equal(badge.status, 403);
  assert.deepEqual(badge.json, { message: '403 Forbidden' });
  assert.equal((await lab.api('/projects/301/hooks', { secret })).status, 403);
  assert.equal((await lab.api('/projects/301/badges', { secret })).status, 200);
});

it('hides confidential issues from guests and strangers in lists, single reads and notes', async () => {
  await using lab = await startLab();
  const { world } = lab.gitlab;
  lab.project.visibility = 'public';
  const guest = world.addToken({ role: 'guest' });
  const reporter = world.addToken({ role: 'reporter' });
  const issue = world.openIssue(lab.project, { title: 'Secret', confidential: true });
  world.comment(issue, 'hush');
  for (const secret of [guest.secret, null]) {
    assert.deepEqual((await lab.api('/projects/301/issues', { secret })).json, []);
    assert.equal((await lab.api('/projects/301/issues', { secret })).headers.get('x-total'), '0');
    assert.equal((await lab.api('/projects/301/issues/1', { secret })).status, 404);
    assert.equal((await lab.api('/projects/301/issues/1/notes', { secret })).status, 404);
  }
  assert.equal((await lab.api('/projects/301/issues/1', { secret: reporter.secret })).status, 200);
  world.openIssue(lab.project, { title: 'Own secret', confidential: true, author: guest.user });
  const own = (await lab.api('/projects/301/issues', { secret: guest.secret })).json as { title: string }[];
  assert.deepEqual(
    own.map(({ title }) => title),
    ['Own secret'],
  );
});

it('keeps a token inside its projects', async () => {
  await using lab = await startLab();
  const other = lab.gitlab.world.addProject({ path: 'lab/other' });
  const { secret } = lab.gitlab.world.addToken({ projects: [other] });
  assert.equal((await lab.api('/projects/301/labels', { secret })).status, 404);
  assert.equal((await lab.api(`/projects/${other.id}/labels`, { secret })).status, 200);
  const list = (await lab.api('/projects?membership=true', { secret })).json as { id: number }[];
  assert.deepEqual(
    list.map(({ id }) => id),
    [other.id],
  );
});

it('says of a token what it may do and when it ends', async () => {
  await using lab = await startLab();
  const { secret } = lab.gitlab.world.addToken({ name: 'board', scopes: ['read_api'], expiresAt: '2025-12-01' });
  const self = (await lab.api('/personal_access_tokens/self', { secret })).json as Record<string, unknown>;
  assert.equal(self['name'], 'board');
  assert.deepEqual(self['scopes'], ['read_api']);
  assert.equal(self['expires_at'], '2025-12-01');
  assert.equal(self['active'], true);
  assert.equal(JSON.stringify(self).includes(secret), false);
  const project = (await lab.api('/projects/301')).json as {
    permissions: { project_access: { access_level: number } };
  };
  assert.equal(project.permissions.project_access.access_level, 40);
  assert.match((await lab.api('/version')).text, /"version":"\d/);
});

it('redirects from the path a project had before', async () => {
  await using lab = await startLab();
  lab.gitlab.world.moveProject(lab.project, 'front-desk');
  const answer = await lab.api('/projects/lab%2Finstrument-desk/labels?per_page=5');
  assert.equal(answer.status, 301);
  assert.equal(answer.headers.get('location'), `${lab.gitlab.url}/api/v4/projects/301/labels?per_page=5`);
});

it('limits requests per user and minute, and says so on every answer', async () => {
  await using lab = await startLab();
  lab.gitlab.rateLimit.limit = 3;
  for (let number = 1; number <= 3; number++) {
    const answer = await lab.api('/version');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('ratelimit-observed'), String(number));
    assert.equal(answer.headers.get('ratelimit-remaining'), String(3 - number));
    assert.equal(answer.headers.get('ratelimit-name'), 'throttle_authenticated_api');
  }
  const refused = await lab.api('/version');
  assert.equal(refused.status, 429);
  assert.equal(refused.text, 'Retry later');
  assert.equal(refused.headers.get('content-type'), 'text/plain');
  assert.equal(refused.headers.get('retry-after'), '16');
  assert.equal(refused.headers.get('ratelimit-resettime'), 'Thu, 20 Nov 2025 06:13:00 GMT');
  lab.clock.step(16_000);
  assert.equal((await lab.api('/version')).status, 200);
});

it('limits comments by a JSON answer of its own', async () => {
  await using lab = await startLab();
  lab.gitlab.limits.notes.limit = 1;
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  const comment = () => lab.api('/projects/301/issues/1/notes', { method: 'POST', body: { body: 'hello' } });
  assert.equal((await comment()).status, 201);
  const refused = await comment();
  assert.equal(refused.status, 429);
  assert.match(JSON.stringify(refused.json), /requested too many times/);
  assert.equal(refused.headers.has('retry-after'), false);
});
