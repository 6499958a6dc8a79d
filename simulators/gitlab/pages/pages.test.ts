import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Lab, startLab, startReceiver } from '../test-support/lab.ts';

async function open(lab: Lab, path: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${lab.gitlab.url}${path}`);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function post(
  lab: Lab,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${lab.gitlab.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
    headers,
  });
}

it('shows the badges under the title in the order of their making', async () => {
  await using lab = await startLab();
  for (const name of ['b', 'a', 'c']) {
    lab.gitlab.world.addBadge(lab.project, {
      linkUrl: `https://l.test/${name}`,
      imageUrl: `https://i.test/${name}.svg`,
      name,
    });
  }
  const { text } = await open(lab, '/lab/instrument-desk');
  const shown = [...text.matchAll(/<a href="https:\/\/l\.test\/\w"><img src="https:\/\/i\.test\/(\w)\.svg"/g)].map(
    (match) => match[1],
  );
  assert.deepEqual(shown, ['b', 'a', 'c']);
});

it('escapes whatever people typed', async () => {
  await using lab = await startLab();
  const evil = '"><script>alert(1)</script>';
  const issue = lab.gitlab.world.openIssue(lab.project, { title: evil, description: evil, labels: [evil] });
  lab.gitlab.world.comment(issue, evil);
  lab.gitlab.world.addBadge(lab.project, {
    linkUrl: `javascript:${evil}`,
    imageUrl: `https://i.test/${evil}`,
    name: evil,
  });
  for (const path of ['', '/-/issues', '/-/issues/1', '/-/issues/new', '/-/boards', '/-/labels']) {
    const { status, text, headers } = await open(lab, `/lab/instrument-desk${path}`);
    assert.equal(status, 200, path);
    assert.equal(text.includes('<script'), false, path);
    assert.equal(text.includes('href="javascript:'), false, path);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  }
});

it('filters the list as the badges link to it', async () => {
  await using lab = await startLab();
  const { world } = lab.gitlab;
  world.openIssue(lab.project, { title: 'older one', labels: ['D:Alpha'] });
  lab.clock.step(1000);
  world.openIssue(lab.project, { title: 'newer one', labels: ['D:Alpha'] });
  world.openIssue(lab.project, { title: 'elsewhere', labels: ['D:Beta'] });
  world.closeIssue(world.openIssue(lab.project, { title: 'done', labels: ['D:Alpha'] }));
  const { text } = await open(
    lab,
    '/lab/instrument-desk/-/issues/?sort=updated_desc&state=opened&label_name[]=D%3AAlpha',
  );
  const shown = [...text.matchAll(/class="title"[^>]*>([^<]+)</g)].map((match) => match[1]);
  assert.deepEqual(shown, ['newer one', 'older one']);
});

it('opens, labels, comments, hides, closes and reopens an issue by forms, each with its webhook', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  lab.gitlab.world.addHook(lab.project, { url: receiver.url });
  const made = await post(lab, '/lab/instrument-desk/-/issues', { title: 'Pump', 'labels[]': 'D:Alpha' });
  assert.equal(made.status, 303);
  assert.equal(made.headers.get('location'), '/lab/instrument-desk/-/issues/1');
  const issue = '/lab/instrument-desk/-/issues/1';
  const steps: [string, Record<string, string>][] = [
    ['labels', { add: 'CRITICAL' }],
    ['labels', { remove: 'D:Alpha' }],
    ['comment', { body: 'Looking at it' }],
    ['confidential', {}],
    ['close', {}],
    ['reopen', {}],
  ];
  for (const [action, form] of steps) {
    assert.equal((await post(lab, `${issue}/${action}`, form)).status, 303, action);
    await lab.gitlab.hooks.idle();
  }
  const events = receiver.received.map(({ headers }) => headers['x-gitlab-event']);
  const secret = 'Confidential Issue Hook';
  assert.deepEqual(events, ['Issue Hook', 'Issue Hook', 'Issue Hook', 'Note Hook', secret, secret, secret]);
  const { text } = await open(lab, issue);
  assert.match(text, /Looking at it/);
  assert.match(text, /Close issue/);
  assert.match(text, /Confidential/);
});

it('tests a hook from its page', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const hook = lab.gitlab.world.addHook(lab.project, { url: receiver.url });
  const none = await post(lab, `/lab/instrument-desk/-/hooks/${hook.id}/test`, {});
  assert.match(decodeURIComponent(none.headers.get('location') ?? ''), /Ensure\+the\+project\+has\+issues/);
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  await lab.gitlab.hooks.idle();
  await post(lab, `/lab/instrument-desk/-/hooks/${hook.id}/test`, {});
  assert.equal(receiver.received.length, 2);
  const { text } = await open(lab, '/lab/instrument-desk/-/hooks');
  assert.match(text, /Test → Issue events/);
  assert.match(text, /<td>Issue Hook<\/td><td>200<\/td>/);
});

it('refuses a form that another site sent', async () => {
  await using lab = await startLab();
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  const answer = await post(lab, '/lab/instrument-desk/-/issues/1/close', {}, { 'sec-fetch-site': 'cross-site' });
  assert.equal(answer.status, 403);
  assert.equal(lab.gitlab.world.issue(lab.project, 1)?.state, 'opened');
});

it('finds nothing where nothing is', async () => {
  await using lab = await startLab();
  for (const path of ['/lab/other', '/lab/instrument-desk/-/issues/99', '/lab/instrument-desk/-/wiki', '/%ff']) {
    assert.equal((await open(lab, path)).status, 404, path);
  }
});
