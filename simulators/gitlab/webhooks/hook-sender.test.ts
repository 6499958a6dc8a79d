import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HOUR, MINUTE } from '../../../src/core/index.ts';
import { startLab, startReceiver } from '../test-support/lab.ts';
import { signWebhook } from './signature.ts';

const SIGNING = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

it('sends the headers of a delivery, with token and signature', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  world.addHook(lab.project, {
    url: `${receiver.url}/hook/{secret}`,
    token: 's3cr3t',
    signingToken: SIGNING,
    urlVariables: [{ key: 'secret', value: 'abc' }],
  });
  world.openIssue(lab.project, { title: 'Pump', labels: ['D:Alpha'] });
  await hooks.idle();
  const [request] = receiver.received;
  assert.ok(request);
  assert.equal(request.path, '/hook/abc');
  const { headers } = request;
  assert.equal(headers['x-gitlab-event'], 'Issue Hook');
  assert.equal(headers['x-gitlab-token'], 's3cr3t');
  assert.equal(headers['x-gitlab-instance'], lab.gitlab.url);
  assert.equal(headers['content-type'], 'application/json');
  assert.match(headers['user-agent'] ?? '', /^GitLab\/\d/);
  assert.match(String(headers['x-gitlab-event-uuid']), /^[0-9a-f-]{36}$/);
  assert.equal(headers['webhook-id'], headers['idempotency-key']);
  assert.equal(headers['webhook-timestamp'], '1763619164');
  const message = { id: String(headers['webhook-id']), timestamp: 1763619164, body: request.body };
  assert.equal(headers['webhook-signature'], signWebhook(SIGNING, message));
  assert.equal(hooks.history[0]?.requestHeaders['X-Gitlab-Token'], '[REDACTED]');
});

it('sends confidential events only to hooks that want them', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  world.addHook(lab.project, { url: receiver.url, flags: ['issues_events', 'note_events'] });
  const secret = world.openIssue(lab.project, { title: 'Secret', confidential: true });
  world.comment(secret, 'hush');
  await hooks.idle();
  assert.equal(receiver.received.length, 0);
  world.editIssue(secret, { confidential: false });
  world.comment(secret, 'hello');
  await hooks.idle();
  const events = receiver.received.map(({ headers }) => headers['x-gitlab-event']);
  assert.deepEqual(events.sort(), ['Issue Hook', 'Note Hook']);
});

it('rests a hook after four failures, doubling the time, and gives it up after forty', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  const hook = world.addHook(lab.project, { url: receiver.url });
  const issue = world.openIssue(lab.project, { title: 'Pump' });
  await hooks.idle();
  receiver.status = 500;
  const fail = async () => {
    world.comment(issue, 'again');
    await hooks.idle();
  };
  for (let failures = 1; failures <= 3; failures++) await fail();
  assert.equal(hooks.status(hook), 'executable');
  await fail();
  assert.equal(hooks.status(hook), 'temporarily_disabled');
  assert.equal(Date.parse(hook.disabledUntil ?? '') - Date.parse(lab.clock.now()), MINUTE);
  const before = receiver.received.length;
  await fail();
  assert.equal(receiver.received.length, before, 'a resting hook is not called');
  assert.equal(hooks.suppressed.disabled, 1);
  lab.clock.step(MINUTE + 1);
  await fail();
  assert.equal(Date.parse(hook.disabledUntil ?? '') - Date.parse(lab.clock.now()), 2 * MINUTE);
  for (let failures = 6; failures <= 40; failures++) {
    lab.clock.step(25 * HOUR);
    await fail();
  }
  assert.equal(hooks.status(hook), 'disabled');
  lab.clock.step(25 * HOUR);
  assert.equal(hooks.status(hook), 'disabled');
  receiver.status = 200;
  assert.notEqual(typeof (await hooks.test(hook, 'issues_events')), 'string');
  assert.equal(hooks.status(hook), 'executable');
});

it('counts an answer that does not come in time as a failure', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  const hook = world.addHook(lab.project, { url: receiver.url });
  hooks.timeoutMs = 30;
  receiver.status = null;
  world.openIssue(lab.project, { title: 'Pump' });
  await hooks.idle();
  assert.equal(hook.recentFailures, 1);
  assert.equal(hooks.history[0]?.responseStatus, null);
});

it('does not follow a redirect and does not count it as a failure', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const hook = lab.gitlab.world.addHook(lab.project, { url: receiver.url });
  receiver.status = 302;
  lab.gitlab.world.openIssue(lab.project, { title: 'Pump' });
  await lab.gitlab.hooks.idle();
  assert.equal(receiver.received.length, 1);
  assert.equal(hook.recentFailures, 0);
});

it('loses, doubles and reorders deliveries on demand', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  world.addHook(lab.project, { url: receiver.url });
  hooks.trouble({ mode: 'lose', count: 1 });
  hooks.trouble({ mode: 'duplicate', count: 1 });
  hooks.trouble({ mode: 'hold', count: 2 });
  const issue = world.openIssue(lab.project, { title: 'Pump' });
  await hooks.idle();
  assert.equal(receiver.received.length, 0);
  world.comment(issue, 'twice');
  await hooks.idle();
  const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  world.comment(issue, 'first');
  world.comment(issue, 'second');
  await hooks.idle();
  assert.equal(hooks.held, 2);
  await hooks.release('reverse');
  const texts = receiver.received
    .slice(2)
    .map(({ body }) => (JSON.parse(body) as { object_attributes: { note: string } }).object_attributes.note);
  assert.deepEqual(texts, ['second', 'first']);
});

it('delivers a late hook after everything that came later', async () => {
  await using lab = await startLab();
  await using receiver = await startReceiver();
  const { world, hooks } = lab.gitlab;
  world.addHook(lab.project, { url: receiver.url });
  hooks.trouble({ mode: 'late', count: 1, delayMs: 120 });
  const issue = world.openIssue(lab.project, { title: 'Pump' });
  world.comment(issue, 'in time');
  await hooks.idle();
  assert.deepEqual(
    receiver.received.map(({ headers }) => headers['x-gitlab-event']),
    ['Note Hook', 'Issue Hook'],
  );
});
