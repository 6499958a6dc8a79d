import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type MailServer, startMailServer } from '../../../../../test/support/mail-server.ts';
import { csrfOf, type Person, postForm, signIn } from '../../../../../test/support/people.ts';
import { until } from '../../../../../test/support/until.ts';
import { isSigned, startWebReceiver, type WebReceiver } from '../../../../../test/support/web-receiver.ts';
import { addMs, HOUR } from '../../../../core/index.ts';
import { type PageWorld, pageWorld } from '../page-world.cases.ts';

/** What the link in the newest mail to an address leads to, as a path. */
async function linkTo(mail: MailServer, address: string, path: RegExp): Promise<string> {
  const found = await until(`a mail to ${address}`, () =>
    mail.mails.findLast(({ to, text }) => to === address && path.test(text)),
  );
  return path.exec(found.text)?.[0] ?? '';
}

const CONFIRM = /\/subscriptions\/confirm\/[\w-]{43}/;

describe('subscriptions', () => {
  let world: PageWorld;
  let mail: MailServer;
  let receiver: WebReceiver;
  let admin: Person;

  before(async () => {
    mail = await startMailServer();
    receiver = await startWebReceiver();
    const smtp = { host: '127.0.0.1', port: mail.port, security: 'none', from: 'status@s.example' };
    world = await pageWorld({
      values: {
        smtp,
        egress: { allow: ['127.0.0.1'], allow_http: true },
        'status-page': { subscriptions: { group_within: '0s' } },
      },
    });
    admin = await signIn(world, 'admin');
  });
  after(async () => {
    await world.stop();
    await mail.close();
    await receiver.close();
  });

  const deliver = async () => {
    await world.app.journal.drain();
    world.app.jobs.trigger('status-page.deliver');
  };
  const confirmed = async (address: string, fields: Record<string, string>) => {
    const asked = await postForm(world, '/subscribe', fields);
    assert.equal(asked.status, 303, await asked.clone().text());
    const path = await linkTo(mail, address, CONFIRM);
    return { path, answer: await (await postForm(world, path, {})).text() };
  };
  const manageOf = (page: string) => /\/subscriptions\/[\w-]{43}/.exec(page)?.[0] ?? '';

  it('by mail: asked for, confirmed by a person, told of what was chosen, ended with one click', async () => {
    const address = 'alice@example.org';
    await postForm(world, '/subscribe', { kind: 'email', target: address, regions: 'Reg1', maintenances: 'on' });
    const path = await linkTo(mail, address, CONFIRM);
    const [first] = mail.mails;
    assert.equal(first?.subject, '[Signalbox] Confirm your subscription');
    assert.match((await world.get(path)).body, /<button type="submit"[^>]*>Confirm<\/button>/);
    const page = await (await postForm(world, path, {})).text();
    assert.match(page, /You are subscribed/);
    assert.equal((await postForm(world, path, {})).status, 404, 'a link works once');
    await world.incident({ title: 'Disks fail', impact: 2 }, ['status-page/obs-reg1']);
    await world.incident({ title: 'Elsewhere', impact: 2 }, ['status-page/obs-reg2']);
    await deliver();
    const told = await until('the mail', () => mail.mails.find(({ subject }) => subject === '[Signalbox] Disks fail'));
    assert.ok(!mail.mails.some(({ subject }) => subject.includes('Elsewhere')));
    const out = /\/unsubscribe\/[\w-]{43}/.exec(told.text)?.[0] ?? '';
    assert.equal((await world.get(out)).status, 200);
    assert.match((await world.get(manageOf(page))).body, /alice@example\.org/, 'opening the link ends nothing');
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const clicked = await fetch(world.url + out, { method: 'POST', body: form });
    assert.equal(clicked.status, 200);
    const after = (await world.get(manageOf(page))).body;
    assert.match(after, /You are unsubscribed/);
    assert.doesNotMatch(after, /alice/);
    assert.equal((await fetch(world.url + out, { method: 'POST' })).status, 200, 'twice is no mistake');
    assert.equal((await fetch(`${world.url}/unsubscribe/nobody`, { method: 'POST' })).status, 404);
  });

  it('by webhook: its owner confirms and sees the secret once, with which requests are signed', async () => {
    const fields = { kind: 'webhook', target: `${receiver.url}/hook`, owner: 'olga@example.org' };
    const { answer } = await confirmed('olga@example.org', fields);
    const secret = /whsec_[A-Za-z0-9+/=]+/.exec(answer)?.[0] ?? '';
    const manage = manageOf(answer);
    assert.doesNotMatch((await world.get(manage)).body, /whsec_/);
    await world.incident({ title: 'Signed', impact: 1 }, ['status-page/vm-reg1']);
    await deliver();
    const [request] = await until('the request', () => (receiver.received.length > 0 ? receiver.received : null));
    assert.ok(request && isSigned(request, secret));
    assert.equal((JSON.parse(request.body) as { type: string }).type, 'incident.opened');
    const changed = await postForm(world, manage, { impact: '3', regions: 'Reg2' });
    assert.equal(changed.status, 303);
    assert.match((await world.get(manage)).body, /value="3" selected/);
    await postForm(world, `${manage}/end`, {});
  });

  it('that cannot work are refused beside the field, with everything typed', async () => {
    for (const [fields, message] of [
      [{ kind: 'email', target: 'nobody' }, /is not a mail address/i],
      [{ kind: 'webhook', target: 'https://10.0.0.1/x', owner: 'o@example.org' }, /inner|private|inside/i],
      [
        { kind: 'slack', target: 'https://example.org/x', owner: 'o@example.org' },
        /is not the address of an incoming webhook/i,
      ],
      [{ kind: 'teams', target: 'https://x.webhook.office.com/y', owner: 'o@example.org' }, /connector/i],
      [{ kind: 'webhook', target: `${receiver.url}/x`, owner: 'no' }, /is not a mail address/i],
      [{ kind: 'email', target: 'a@example.org', regions: 'Hidden' }, /None of what was chosen/],
    ] as const) {
      const answer = await postForm(world, '/subscribe', fields);
      assert.equal(answer.status, 422);
      const page = await answer.text();
      assert.match(page, message);
      assert.match(
        /role="alert">[^]*?<\/div><\/div>/.exec(page)?.[0] ?? '',
        message,
        'a summary for those who hear it',
      );
      assert.ok(page.includes(`value="${fields.target}"`), fields.target);
    }
  });

  it('name nothing that is for members', async () => {
    const { body } = await world.get('/subscribe?component=status-page/vault');
    assert.match(body, /Object Storage \(Reg1\)/);
    assert.doesNotMatch(body, /Secret|Vault|Hidden/);
  });

  it('begin with what a link says', async () => {
    const { body } = await world.get('/subscribe?by=webhook&component=status-page/vm-reg1');
    assert.match(body, /value="status-page\/vm-reg1" checked/);
    assert.match(body, /name="owner"/);
  });

  it('are operated by administrators only: add, test, rotate, log, retry, remove, each written down', async () => {
    for (const path of ['', '/test', '/rotate', '/remove', '/retry', '/enable']) {
      const refused = await postForm(world, `/admin/subscriptions${path}`, { id: 'x', kind: 'email', target: 'a@b.c' });
      assert.equal(refused.status, 401, path);
      const operator = await signIn(world, 'operator');
      assert.equal((await operator.send(`/admin/subscriptions${path}`, { id: 'x' })).status, 403, path);
    }
    const target = `${receiver.url}/admin`;
    const added = await admin.send('/admin/subscriptions', { kind: 'webhook', target, impact: '1', language: 'en' });
    const secret = /whsec_[A-Za-z0-9+/=]+/.exec(await added.text())?.[0] ?? '';
    const list = async () => (await world.get('/admin/subscriptions', admin.headers)).body;
    assert.match(await list(), /Subscriptions<\/a>/);
    const id = /name="id" value="([^"]+)"/.exec(await list())?.[1] ?? '';
    receiver.answer(429, { 'retry-after': '3600' });
    assert.equal((await admin.send('/admin/subscriptions/test', { id })).status, 303);
    const at = () => receiver.received.filter(({ path }) => path === '/admin');
    await until('the test', () => at().length === 1);
    receiver.answer(200);
    const rotated = await admin.send('/admin/subscriptions/rotate', { id });
    const next = /whsec_[A-Za-z0-9+/=]+/.exec(await rotated.text())?.[0] ?? '';
    assert.notEqual(next, secret);
    const log = async (state: string) =>
      (await world.get(`/admin/subscriptions?view=log&state=${state}`, admin.headers)).body;
    await until('it waits for the next attempt', async () => /subscription\.test/.test(await log('pending')));
    const waiting = await log('pending');
    assert.match(waiting, /Next attempt/);
    const delivery = /action="[^"]*\/retry">.*?name="id" value="([^"]+)".*?Try now/s.exec(waiting)?.[1] ?? '';
    assert.notEqual(delivery, '');
    const operator = await signIn(world, 'operator');
    assert.equal((await operator.send('/admin/subscriptions/retry', { id: delivery })).status, 403);
    assert.equal((await postForm(world, '/admin/subscriptions/retry', { id: delivery })).status, 401);
    assert.equal(at().length, 1);
    assert.equal((await admin.send('/admin/subscriptions/retry', { id: delivery })).status, 303);
    await until('the same message once more', () => at().length === 2);
    const [before, again] = at().map(({ headers }) => headers['webhook-id']);
    assert.equal(again, before);
    await until('it is sent', async () => (await log('sent')).includes('subscription.test'));
    assert.ok((await world.get('/admin/audit', admin.headers)).body.includes(`delivery:${delivery}`));
    assert.doesNotMatch(await log('pending'), /Try now/);
    assert.equal((await admin.send('/admin/subscriptions/test', { id })).status, 303);
    await until('the second test', () => at().length >= 3);
    const last = at().at(-1);
    assert.ok(last && isSigned(last, next) && isSigned(last, secret));
    await until('it is in the log', async () => /subscription\.test/.test(await log('sent')));
    assert.equal((await admin.send('/admin/subscriptions/retry', {})).status, 303);
    assert.equal((await admin.send('/admin/subscriptions/remove', { id })).status, 303);
    assert.doesNotMatch(await list(), new RegExp(`value="${id}"`));
    const audit = (await world.get('/admin/audit', admin.headers)).body;
    for (const action of [
      'channel_added',
      'subscription_tested',
      'webhook_secret_rotated',
      'deliveries_retried',
      'subscription_removed',
    ]) {
      assert.ok(audit.includes(`status-page.${action}`), action);
    }
    assert.ok(csrfOf(await list()) !== '');
  });
});

describe('the delivery log', () => {
  it('tells apart what goes to one host, leads to the subscription, and says what a message is about', async () => {
    const world = await pageWorld({
      values: {
        egress: { allow: ['127.0.0.1'], allow_http: true },
        'status-page': { subscriptions: { group_within: '1h' } },
      },
    });
    try {
      const admin = await signIn(world, 'admin');
      for (const path of ['secret-one', 'secret-two']) {
        const fields = {
          kind: 'webhook',
          target: `http://127.0.0.1:9/${path}`,
          impact: '1',
          language: 'en',
          maintenances: 'on',
        };
        assert.ok((await admin.send('/admin/subscriptions', fields)).ok);
      }
      const window = { start: addMs(world.now, HOUR), end: addMs(world.now, 2 * HOUR) };
      const plan = { type: 'maintenance', impact: 0, status: 'planned', ...window } as const;
      const id = await world.incident({ title: 'New disks', ...plan }, ['status-page/vm-reg1']);
      const list = (await world.get('/admin/subscriptions', admin.headers)).body;
      const shorts = new Set([...list.matchAll(/127\.0\.0\.1:9 · (\w{6})</g)].map(([, short]) => short));
      assert.equal(shorts.size, 2, list);
      const show = async (headers: Record<string, string>) =>
        (await world.get('/admin/subscriptions?view=log', headers)).body;
      const log = await show(admin.headers);
      for (const short of shorts) {
        const link = new RegExp(`<a href="(/admin/subscriptions\\?id=[\\w-]+)">127\\.0\\.0\\.1:9 · ${short}</a>`).exec(
          log,
        );
        const one = (await world.get(link?.[1] ?? '', admin.headers)).body;
        assert.deepEqual(
          [...one.matchAll(/127\.0\.0\.1:9 · (\w{6})</g)].map(([, shown]) => shown),
          [short],
        );
      }
      assert.doesNotMatch(list + log, /secret-(one|two)/);
      assert.ok(log.includes(`not written yet, about <a href="/incidents/${id}">event ${id}</a>`), log);
      const italian = await show({ ...admin.headers, 'accept-language': 'it' });
      assert.ok(italian.includes(`non ancora scritto, su <a href="/incidents/${id}">evento ${id}</a>`));
    } finally {
      await world.stop();
    }
  });
});

describe('subscriptions without a mail server', () => {
  let world: PageWorld;
  before(async () => {
    world = await pageWorld();
  });
  after(() => world.stop());

  it('are feeds for visitors', async () => {
    const { body } = await world.get('/subscribe');
    assert.match(body, /\/feeds\/all\.atom/);
    assert.match(body, /\/feeds\/region\/reg1\.ics/);
    assert.doesNotMatch(body, /<form[^>]*action="\/subscribe"/);
    const asked = await postForm(world, '/subscribe', { kind: 'email', target: 'a@example.org' });
    assert.equal(asked.status, 503);
  });

  it('may still be channels that administrators add', async () => {
    const admin = await signIn(world, 'admin');
    const fields = { kind: 'slack', target: 'https://hooks.slack.com/services/T/B/x', impact: '1' };
    assert.equal((await admin.send('/admin/subscriptions', fields)).status, 303);
    assert.match((await world.get('/admin/subscriptions', admin.headers)).body, /hooks\.slack\.com/);
  });
});
