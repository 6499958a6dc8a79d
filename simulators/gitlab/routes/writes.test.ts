import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Lab, startLab, startReceiver } from '../test-support/lab.ts';

type Row = Record<string, unknown>;

async function send(lab: Lab, method: string, path: string, body?: unknown): Promise<{ status: number; row: Row }> {
  const answer = await lab.api(path, { method, ...(body !== undefined && { body }) });
  return { status: answer.status, row: (answer.json ?? {}) as Row };
}

it('makes, edits, closes and reopens an issue', async () => {
  await using lab = await startLab();
  const issues = '/projects/301/issues';
  const made = await send(lab, 'POST', issues, { title: 'Pump', labels: 'D:Alpha,CRITICAL', confidential: true });
  assert.equal(made.status, 201);
  assert.deepEqual(made.row['labels'], ['CRITICAL', 'D:Alpha']);
  assert.equal(made.row['confidential'], true);
  const edited = await send(lab, 'PUT', `${issues}/1`, {
    add_labels: ['D:Beta'],
    remove_labels: 'CRITICAL',
    title: 'Pumps',
  });
  assert.deepEqual(edited.row['labels'], ['D:Alpha', 'D:Beta']);
  assert.equal(edited.row['title'], 'Pumps');
  assert.deepEqual((await send(lab, 'PUT', `${issues}/1`, { labels: '' })).row['labels'], []);
  assert.equal((await send(lab, 'PUT', `${issues}/1`, { state_event: 'close' })).row['state'], 'closed');
  assert.equal((await send(lab, 'PUT', `${issues}/1`, { state_event: 'reopen' })).row['closed_at'], null);
  assert.equal((await send(lab, 'PUT', `${issues}/1`, {})).status, 400);
  assert.deepEqual((await send(lab, 'POST', issues, {})).row, { error: 'title is missing' });
});

it('bumps updated_at by a comment and lists comments', async () => {
  await using lab = await startLab();
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  lab.clock.step(5000);
  const made = await send(lab, 'POST', '/projects/301/issues/1/notes', { body: 'Spare part ordered' });
  assert.equal(made.status, 201);
  const issue = await send(lab, 'GET', '/projects/301/issues/1');
  assert.equal(issue.row['updated_at'], '2025-11-20T06:12:49.000Z');
  assert.equal(issue.row['user_notes_count'], 1);
  const notes = (await lab.api('/projects/301/issues/1/notes')).json as Row[];
  assert.deepEqual(
    notes.map((note) => note['body']),
    ['Spare part ordered'],
  );
});

it('makes, renames, recolours and removes a label', async () => {
  await using lab = await startLab();
  const made = await send(lab, 'POST', '/projects/301/labels', { name: 'D:Gamma', color: '#112233', priority: 3 });
  assert.equal(made.status, 201);
  assert.equal(made.row['priority'], 3);
  assert.equal((await send(lab, 'POST', '/projects/301/labels', { name: 'D:Gamma', color: '#112233' })).status, 409);
  assert.equal((await send(lab, 'POST', '/projects/301/labels', { name: 'X', color: 'mud' })).status, 400);
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump', labels: ['D:Gamma'] });
  const renamed = await send(lab, 'PUT', '/projects/301/labels/D%3AGamma', { new_name: 'D:Delta', color: '#445566' });
  assert.equal(renamed.row['name'], 'D:Delta');
  assert.deepEqual((await send(lab, 'GET', '/projects/301/issues/1')).row['labels'], ['D:Delta']);
  assert.equal((await send(lab, 'DELETE', '/projects/301/labels/D%3ADelta')).status, 204);
  assert.deepEqual((await send(lab, 'GET', '/projects/301/issues/1')).row['labels'], []);
});

it('lists badges in the order of their making, the group ones among them', async () => {
  await using lab = await startLab();
  const { world } = lab.gitlab;
  const urls = {
    linkUrl: 'https://a.test/%{project_path}',
    imageUrl: 'https://a.test/%{project_id}.svg?q=%7B%{unknown}',
  };
  world.addBadge(lab.project, { ...urls, name: 'first' });
  lab.clock.step(1);
  world.addBadge(lab.project.group, { ...urls, name: 'of the group' });
  lab.clock.step(1);
  const body = { link_url: 'https://a.test/', image_url: 'https://a.test/a.svg', name: 'last' };
  assert.equal((await send(lab, 'POST', '/projects/301/badges', body)).status, 201);
  const badges = (await lab.api('/projects/301/badges')).json as Row[];
  assert.deepEqual(
    badges.map((badge) => badge['name']),
    ['first', 'of the group', 'last'],
  );
  assert.deepEqual(
    badges.map((badge) => badge['kind']),
    ['project', 'group', 'project'],
  );
  assert.equal(badges[0]?.['rendered_link_url'], 'https://a.test/lab/instrument-desk');
  assert.equal(badges[0]?.['rendered_image_url'], 'https://a.test/301.svg?q=%7B%{unknown}');
  assert.equal(((await lab.api('/projects/301/badges?name=last')).json as Row[]).length, 1);
});

it('edits a badge in place and refuses to touch one of the group', async () => {
  await using lab = await startLab();
  const own = lab.gitlab.world.addBadge(lab.project, { linkUrl: 'https://a.test/', imageUrl: 'https://a.test/a.svg' });
  const group = lab.gitlab.world.addBadge(lab.project.group, {
    linkUrl: 'https://g.test/',
    imageUrl: 'https://g.test/g.svg',
  });
  const edited = await send(lab, 'PUT', `/projects/301/badges/${own.id}`, {
    name: 'ours',
    image_url: 'https://b.test/b.svg',
  });
  assert.equal(edited.status, 200);
  assert.equal(edited.row['id'], own.id);
  assert.equal(edited.row['image_url'], 'https://b.test/b.svg');
  assert.equal(edited.row['link_url'], 'https://a.test/');
  assert.equal((await send(lab, 'DELETE', `/projects/301/badges/${group.id}`)).status, 403);
  assert.equal((await send(lab, 'PUT', `/projects/301/badges/${group.id}`, { name: 'x' })).status, 403);
  assert.equal((await send(lab, 'DELETE', `/projects/301/badges/${own.id}`)).status, 204);
  assert.equal((await send(lab, 'DELETE', `/projects/301/badges/${own.id}`)).status, 404);
  assert.equal(lab.gitlab.world.badges.length, 1);
});

it('takes only whole web addresses for badges', async () => {
  await using lab = await startLab();
  assert.deepEqual((await send(lab, 'POST', '/projects/301/badges', { name: 'x' })).row, {
    error: 'link_url is missing, image_url is missing',
  });
  const bad = { link_url: 'javascript:alert(1)', image_url: 'https://a.test/a.svg' };
  const answer = await send(lab, 'POST', '/projects/301/badges', bad);
  assert.equal(answer.status, 400);
  assert.match(JSON.stringify(answer.row), /Only allowed schemes are http, https/);
});

it('manages hooks without ever showing their secrets', async () => {
  await using lab = await startLab();
  const hooks = '/projects/301/hooks';
  const body = {
    url: 'https://board.test/hooks/gitlab/lab',
    issues_events: true,
    push_events: false,
    token: 'tok-secret',
    signing_token: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    custom_headers: [{ key: 'X-Board', value: 'header-secret' }],
  };
  const made = await lab.api(hooks, { method: 'POST', body });
  assert.equal(made.status, 201);
  assert.doesNotMatch(made.text, /tok-secret|whsec_|header-secret/);
  const row = made.json as Row;
  assert.equal(row['issues_events'], true);
  assert.equal(row['push_events'], false);
  assert.equal(row['note_events'], false);
  assert.equal(row['token_present'], true);
  assert.equal(row['signing_token_present'], true);
  assert.equal(row['alert_status'], 'executable');
  const path = `${hooks}/${String(row['id'])}`;
  const edited = await send(lab, 'PUT', path, { note_events: true, token: '' });
  assert.equal(edited.row['note_events'], true);
  assert.equal(edited.row['token_present'], false);
  assert.equal((await send(lab, 'POST', hooks, { url: 'no url' })).status, 422);
  assert.equal((await send(lab, 'PUT', path, { signing_token: 'short' })).status, 422);
  assert.equal((await send(lab, 'DELETE', path)).status, 204);
  assert.deepEqual((await lab.api(hooks)).json, []);
});

it('tests a hook with a sample of a real issue, and says why it cannot', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const hook = lab.gitlab.world.addHook(lab.project, { url: receiver.url });
  const path = `/projects/301/hooks/${hook.id}/test/issues_events`;
  const empty = await send(lab, 'POST', path);
  assert.equal(empty.status, 422);
  assert.deepEqual(empty.row, { message: 'Ensure the project has issues.' });
  lab.gitlab.world.closeIssue(lab.gitlab.world.openIssue(lab.project, { title: 'Pump', labels: ['D:Alpha'] }));
  await lab.gitlab.hooks.idle();
  receiver.received.length = 0;
  assert.deepEqual(await send(lab, 'POST', path), { status: 201, row: { message: '201 Created' } });
  const sample = JSON.parse(receiver.received[0]?.body ?? '') as { object_attributes: Row; changes: Row };
  assert.equal(sample.object_attributes['title'], 'Pump');
  assert.equal('action' in sample.object_attributes, false);
  assert.deepEqual(sample.changes, {});
  receiver.status = 500;
  assert.equal((await send(lab, 'POST', path)).status, 422);
});

it('keeps the history of a hook and sends a delivery again under its key', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const hook = lab.gitlab.world.addHook(lab.project, { url: receiver.url, token: 's3cr3t' });
  receiver.status = 503;
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  await lab.gitlab.hooks.idle();
  const path = `/projects/301/hooks/${hook.id}/events`;
  const answer = await lab.api(path);
  assert.doesNotMatch(answer.text, /s3cr3t/);
  const [event] = answer.json as Row[];
  assert.equal(event?.['response_status'], '503');
  assert.equal(event['trigger'], 'issue_hooks');
  assert.equal(event['created_at'], lab.clock.now());
  assert.equal(event['response_body'], 'thanks');
  receiver.status = 200;
  const again = await send(lab, 'POST', `${path}/${String(event['id'])}/resend`);
  assert.deepEqual(again, { status: 201, row: { response_status: 200 } });
  const [first, second] = receiver.received;
  assert.equal(first?.headers['idempotency-key'], second?.headers['idempotency-key']);
  assert.equal(first?.body, second?.body);
  assert.equal(((await lab.api(`${path}?status=server_failure`)).json as Row[]).length, 1);
  assert.equal(((await lab.api(`${path}?status=successful`)).json as Row[]).length, 1);
  assert.equal((await lab.api(`${path}?per_page=100`)).status, 400);
  lab.clock.step(8 * 86_400_000);
  assert.deepEqual((await lab.api(path)).json, []);
});
