import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { signWebhook } from '../../simulators/gitlab/index.ts';
import { HOOK_TOKEN, hookHeaders, issueEvent, type Lab, startLab } from '../support/lab.ts';
import { until } from '../support/until.ts';

const MEGABYTE = 1024 * 1024;

/** Sends one delivery and answers its status. */
async function post(lab: Lab, body: string | Uint8Array, headers: Record<string, string>): Promise<number> {
  const payload = typeof body === 'string' ? body : new Uint8Array(body);
  const answer = await fetch(`${lab.box.url}/hooks/gitlab/lab`, { method: 'POST', headers, body: payload });
  await answer.arrayBuffer();
  return answer.status;
}

/** Deliveries taken, and how often a device went down. */
async function counted(lab: Lab): Promise<{ deliveries: number; downs: number }> {
  const tables = lab.box.app.db.for<{
    facility_delivery: { id: string };
    facility_state_change: { id: string; to_state: string };
  }>();
  const deliveries = await tables.selectFrom('facility_delivery').select('id').execute();
  const changes = await tables
    .selectFrom('facility_state_change')
    .select('id')
    .where('to_state', '=', 'DOWN')
    .execute();
  return { deliveries: deliveries.length, downs: changes.length };
}

const DOWN = JSON.stringify(issueEvent({ id: 7001, labels: ['D:Krios', 'CRITICAL'] }));

describe('attack 1: a hook that is not from our GitLab, with the secret token', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ hook: false });
  });
  after(() => lab[Symbol.asyncDispose]());

  it('is refused without a trace in state, badge or database when the token is wrong, absent, empty or doubled', async () => {
    const before = await counted(lab);
    const wrong = [
      '',
      'wrong',
      `${HOOK_TOKEN} `.trim().slice(0, -1),
      `${HOOK_TOKEN}x`,
      HOOK_TOKEN.toUpperCase(),
      `${HOOK_TOKEN}, ${HOOK_TOKEN}`,
    ];
    for (const token of wrong) assert.equal(await post(lab, DOWN, hookHeaders({ 'x-gitlab-token': token })), 401);
    const { 'x-gitlab-token': _token, ...bare } = hookHeaders();
    assert.equal(await post(lab, DOWN, bare), 401);
    assert.equal(await post(lab, DOWN, { ...bare, authorization: `Bearer ${HOOK_TOKEN}` }), 401);
    assert.deepEqual(await counted(lab), before);
    assert.match(await lab.word('facility/krios'), /RUNNING/);
  });

  it('counts once however often and in however many bodies its id comes again', async () => {
    const before = await counted(lab);
    const headers = hookHeaders({ 'idempotency-key': 'the same id' });
    assert.equal(await post(lab, DOWN, headers), 204);
    const closed = JSON.stringify(issueEvent({ id: 7001, state: 'closed', updatedAt: '2031-01-01T00:00:00Z' }));
    for (const body of [DOWN, closed, JSON.stringify(JSON.parse(DOWN), null, 2)]) {
      assert.equal(await post(lab, body, headers), 204);
    }
    const now = await counted(lab);
    assert.deepEqual(now, { deliveries: before.deliveries + 1, downs: before.downs + 1 });
  });
});

describe('attack 1: a hook that is not from our GitLab, with the signing token', () => {
  const signing = `whsec_${randomBytes(32).toString('base64')}`;
  const foreign = `whsec_${randomBytes(32).toString('base64')}`;
  let lab: Lab;
  before(async () => {
    lab = await startLab({ hook: false, integration: { signing_token: signing } });
  });
  after(() => lab[Symbol.asyncDispose]());

  const now = () => Math.floor(Date.now() / 1000);
  function signed(body: string, of: { id?: string; timestamp?: number; token?: string } = {}): Record<string, string> {
    const { id = randomBytes(8).toString('hex'), timestamp = now(), token = signing } = of;
    const signature = signWebhook(token, { id, timestamp, body });
    return hookHeaders({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
      'idempotency-key': id,
    });
  }

  it('is refused an hour old, an hour early, and with a timestamp that is no number', async () => {
    assert.equal(await post(lab, DOWN, signed(DOWN, { timestamp: now() - 3600 })), 401);
    assert.equal(await post(lab, DOWN, signed(DOWN, { timestamp: now() + 3600 })), 401);
    assert.equal(await post(lab, DOWN, { ...signed(DOWN), 'webhook-timestamp': 'NaN' }), 401);
    assert.equal(await post(lab, DOWN, { ...signed(DOWN), 'webhook-timestamp': '9'.repeat(400) }), 401);
  });

  it('is refused when the body was parsed and written again, or has one byte more', async () => {
    const headers = signed(DOWN);
    assert.equal(await post(lab, JSON.stringify(JSON.parse(DOWN), null, 1), headers), 401);
    assert.equal(await post(lab, `${DOWN} `, headers), 401);
  });

  it('is refused with foreign signatures only, and with the secret token alone', async () => {
    const headers = signed(DOWN, { token: foreign });
    assert.equal(await post(lab, DOWN, headers), 401);
    const several = `${headers['webhook-signature']} v1,${'A'.repeat(43)}= v2,${'B'.repeat(43)}=`;
    assert.equal(await post(lab, DOWN, { ...headers, 'webhook-signature': several }), 401);
    assert.equal(await post(lab, DOWN, hookHeaders()), 401);
    assert.deepEqual(await counted(lab), { deliveries: 0, downs: 0 });
    assert.match(await lab.word('facility/krios'), /RUNNING/);
  });

  it('is taken with the good one among several, once', async () => {
    const id = 'once';
    const good = signed(DOWN, { id });
    const bad = signed(DOWN, { id, token: foreign })['webhook-signature'];
    const headers = { ...good, 'webhook-signature': `${bad} ${good['webhook-signature']} v1,short` };
    assert.equal(await post(lab, DOWN, headers), 204);
    assert.equal(await post(lab, DOWN, headers), 204);
    assert.equal((await counted(lab)).deliveries, 1);
  });

  it('replayed with the good signature and another id is refused', async () => {
    const headers = signed(DOWN, { id: 'first' });
    assert.equal(await post(lab, DOWN, { ...headers, 'webhook-id': 'second' }), 401);
  });
});

describe('attack 2: bodies that want our memory', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab({ hook: false });
  });
  after(() => lab[Symbol.asyncDispose]());

  /**
   * Streams so many MB without saying how many; answers the status (0: hung up on before the answer could be read), how
   * much was taken, and the memory it cost.
   */
  async function stream(path: string, megabytes: number): Promise<{ status: number; sent: number; peak: number }> {
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MEGABYTE, 0x20), Buffer.from('\r\n')]);
    const socket = connect(Number(new URL(lab.box.url).port), '127.0.0.1');
    const floor = process.memoryUsage.rss();
    const head = Object.entries({ ...hookHeaders(), host: 'x', 'transfer-encoding': 'chunked' });
    const answered: string[] = [];
    let peak = floor;
    let sent = 0;
    // A server that answers and hangs up makes the rest of the writing fail.
    socket.on('error', () => undefined).on('data', (data) => answered.push(data.toString()));
    socket.write(`POST ${path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
    while (sent < megabytes * MEGABYTE && !socket.destroyed && answered.length === 0) {
      sent += chunk.length;
      if (!socket.write(chunk))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    await until('an answer or the end', () => answered.length > 0 || socket.destroyed);
    socket.destroy();
    return { status: Number(answered.join('').split(' ')[1] ?? 0), sent, peak: peak - floor };
  }

  it('are cut off at 25 MB when a hook brings 200, and hold no more memory than that a few times', async () => {
    const { status, sent, peak } = await stream('/hooks/gitlab/lab', 200);
    assert.ok(status === 413 || status === 0, String(status));
    assert.ok(sent < 60 * MEGABYTE, `${sent / MEGABYTE} MB were read`);
    assert.ok(peak < 150 * MEGABYTE, `${Math.round(peak / MEGABYTE)} MB more memory`);
  });

  it('are not read at all where the caller may not send', async () => {
    const { status, sent } = await stream('/api/signals', 200);
    assert.ok(status === 401 || status === 0, String(status));
    assert.ok(sent < 20 * MEGABYTE, `${sent / MEGABYTE} MB were read`);
  });

  it('are refused by their announced length', async () => {
    const { port } = new URL(lab.box.url);
    const status = await new Promise((resolve, reject) => {
      const headers = { ...hookHeaders(), 'content-length': String(200 * MEGABYTE) };
      const client = request({ port, path: '/hooks/gitlab/lab', method: 'POST', headers, agent: false });
      client.on('response', (answer) => resolve(answer.statusCode)).on('error', reject);
      client.write('{');
    });
    assert.equal(status, 413);
  });

  it('are not unpacked: a gzip bomb of 100 MB stays its 100 kB and is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * MEGABYTE, 0x20));
    assert.ok(bomb.length < 200_000);
    const floor = process.memoryUsage.rss();
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
      const status = await post(lab, bomb, hookHeaders({ 'content-encoding': encoding }));
      assert.ok(status === 400 || status === 415, `${encoding}: ${status}`);
    }
    assert.ok(process.memoryUsage.rss() - floor < 60 * MEGABYTE);
  });

  it('are refused when nested 100,000 deep, as hook, as signal and as a form', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    assert.equal(await post(lab, deep, hookHeaders()), 400);
    const token = await lab.box.token('signals:write');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (const body of [deep.slice(0, 250_000), '['.repeat(100_000) + ']'.repeat(100_000)]) {
      const answer = await fetch(`${lab.box.url}/api/signals`, { method: 'POST', headers, body });
      assert.equal(answer.status, 400);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const nested = `name${'[a]'.repeat(50_000)}=1`;
    const answer = await fetch(`${lab.box.url}/login`, { method: 'POST', headers: form, body: nested });
    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
  });

  it('are refused as a batch of a million signals', async () => {
    const token = await lab.box.token('signals:write');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const many = `[${'1,'.repeat(1_000_000)}1]`;
    const answer = await fetch(`${lab.box.url}/api/signals`, { method: 'POST', headers, body: many });
    assert.equal(answer.status, 400);
    const longer = `[${'{"component":"a/b"},'.repeat(250_000)}{}]`;
    const refused = await fetch(`${lab.box.url}/api/signals`, { method: 'POST', headers, body: longer });
    assert.equal(refused.status, 413);
  });

  it('keep nobody waiting when 100 clients send a body byte by byte', async () => {
    const { port } = new URL(lab.box.url);
    const sockets: Socket[] = Array.from({ length: 100 }, () =>
      connect(Number(port), '127.0.0.1').on('error', () => undefined),
    );
    const head = Object.entries({ ...hookHeaders(), host: 'x', 'content-length': '1000000' });
    for (const socket of sockets) {
      socket.write(`POST /hooks/gitlab/lab HTTP/1.1\r\n${head.map(([n, v]) => `${n}: ${v}`).join('\r\n')}\r\n\r\n{`);
    }
    try {
      assert.equal((await fetch(`${lab.box.url}/facility`)).status, 200);
      assert.equal(await post(lab, DOWN, hookHeaders()), 204);
      for (const socket of sockets) socket.write(' ');
      assert.equal((await fetch(`${lab.box.url}/readyz`)).status, 200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('attack 4: events in the wrong order, beside readings', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab[Symbol.asyncDispose]());

  it('end with what GitLab says when ten are delivered backwards', async () => {
    const { gitlab, project } = lab;
    gitlab.hooks.trouble({ mode: 'hold', count: 11 });
    const issue = gitlab.world.openIssue(project, { title: 'Vacuum', labels: ['D:Krios', 'CRITICAL'] });
    for (let turn = 0; turn < 4; turn++) {
      gitlab.world.closeIssue(issue);
      gitlab.world.reopenIssue(issue);
    }
    gitlab.world.editIssue(issue, { labels: ['D:Krios', 'Information'] });
    gitlab.world.editIssue(issue, { labels: ['D:Krios'], title: 'The last word' });
    assert.equal(gitlab.hooks.held, 11);
    await gitlab.hooks.release('reverse');
    await lab.settled();
    await until('LIMITED stays', async () => /LIMITED/.test(await lab.word('facility/krios')));
    await until('the page tells the last title', async () => (await lab.text('/facility')).includes('The last word'));
  });

  it('end with what GitLab says when every reading runs while the next event comes', async () => {
    const { gitlab, project } = lab;
    gitlab.faults.add({ kind: 'latency', ms: 30 });
    const issue = gitlab.world.openIssue(project, { title: 'Flaps', labels: ['D:Talos'] });
    for (let turn = 0; turn < 12; turn++) {
      gitlab.world.editIssue(issue, { labels: turn % 2 === 0 ? ['D:Talos', 'CRITICAL'] : ['D:Talos', 'Information'] });
      gitlab.hooks.trouble(turn % 3 === 0 ? { mode: 'late', count: 1, delayMs: 40 } : { mode: 'duplicate', count: 1 });
      await new Promise(setImmediate);
    }
    gitlab.world.editIssue(issue, { labels: ['D:Talos', 'CRITICAL'] });
    gitlab.faults.clear();
    await lab.settled();
    await until('DOWN stays', async () => /DOWN/.test(await lab.word('facility/talos')));
    gitlab.world.closeIssue(issue);
    await lab.settled();
    await until('RUNNING stays', async () => /RUNNING/.test(await lab.word('facility/talos')));
    assert.equal(gitlab.world.badgesOf(project).length, 2);
  });
});
