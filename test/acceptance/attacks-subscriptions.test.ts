import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DAY, HOUR } from '../../src/core/index.ts';
import { type PageWorld, pageWorld } from '../../src/modules/status-page/web/page-world.cases.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { postForm } from '../support/people.ts';
import { TestClock } from '../support/status-page-world.ts';
import { until } from '../support/until.ts';
import { startWebReceiver } from '../support/web-receiver.ts';

const CONFIRM = /\/subscriptions\/confirm\/[\w-]{43}/;

interface Row {
  n: number;
}

/** The whole program with a mail server, behind a proxy that says who asks. */
async function start(mail: MailServer, clock?: TestClock): Promise<PageWorld> {
  return await pageWorld({
    ...(clock === undefined ? {} : { clock }),
    values: {
      http: { trusted_proxies: ['127.0.0.1/32'], limits: { forms: 100_000, pages: 100_000, denials: 100_000 } },
      smtp: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'status@s.example' },
      egress: { allow: ['127.0.0.1'], allow_http: true },
      'status-page': { subscriptions: { group_within: '0s', max_per_address: 3 } },
    },
  });
}

describe('attack 30: subscribing others', () => {
  let mail: MailServer;
  let world: PageWorld;
  const clock = new TestClock();
  let asked = 0;

  before(async () => {
    mail = await startMailServer();
    world = await start(mail, clock);
  });
  after(async () => {
    await world.stop();
    await mail.close();
  });

  /** Each time from another address, as a botnet would. */
  const ask = (fields: Record<string, string>, ip?: string) => {
    asked += 1;
    const from = ip ?? `203.0.${Math.floor(asked / 250)}.${(asked % 250) + 1}`;
    return postForm(world, '/subscribe', { kind: 'email', ...fields }, { 'x-forwarded-for': from });
  };
  const settled = () =>
    until('nothing waits to be sent', async () => {
      world.app.jobs.trigger('status-page.deliver');
      const { rows } = await count("state in ('pending', 'sending')");
      return rows === 0;
    });
  const count = async (where: string) => {
    const { sql } = await import('kysely');
    const result = await sql<Row>`select count(*) as n from status_page_delivery where ${sql.raw(where)}`.execute(
      world.app.db.for<unknown>(),
    );
    return { rows: Number(result.rows[0]?.n) };
  };

  it('sends a victim five mails a day at most, whatever the spelling of the address', { timeout: 60_000 }, async () => {
    for (let turn = 0; turn < 100; turn += 1) {
      const target = [`victim+${turn}@example.org`, 'VICTIM@Example.ORG', 'victim@example.org'][turn % 3] ?? '';
      assert.equal((await ask({ target })).status, 303);
    }
    await settled();
    assert.equal(mail.mails.filter(({ to }) => /^victim/i.test(to)).length, 5);
    for (const name of [
      'v.i.c@gmail.com',
      'vic@googlemail.com',
      'v.ic+x@gmail.com',
      'vi.c@gmail.com',
      'vic@gmail.com',
      'V.I.C@gmail.com',
    ]) {
      await ask({ target: name });
    }
    await settled();
    assert.equal(mail.mails.filter(({ to }) => /g(oogle)?mail/i.test(to)).length, 5);
    clock.go(DAY + HOUR);
    await ask({ target: 'victim@example.org' });
    await settled();
    assert.equal(mail.mails.filter(({ to }) => /^victim/i.test(to)).length, 6, 'the next day it may be asked again');
  });

  it('counts the owner that a webhook names as well', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      await ask({ kind: 'webhook', target: `https://r${turn}.example.org/`, owner: `boss+${turn}@example.org` });
    }
    await settled();
    assert.equal(mail.mails.filter(({ to }) => to.startsWith('boss')).length, 5);
  });

  it('lets one client ask thirty times an hour', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 32; turn += 1) {
      statuses.push((await ask({ target: `p${turn}@example.org` }, '198.51.100.7')).status);
    }
    assert.deepEqual(
      statuses.slice(0, 30),
      Array.from({ length: 30 }, () => 303),
    );
    assert.deepEqual(statuses.slice(30), [429, 429]);
    clock.go(HOUR);
    assert.equal((await ask({ target: 'p33@example.org' }, '198.51.100.7')).status, 303);
    await settled();
  });

  it('sends nothing that the sender of the form wrote, and little', async () => {
    const words = 'Buy-cheap-pills';
    await ask({ target: 'quiet@example.org', impact: words, maintenances: words, subject: words, text: words });
    await settled();
    const found = mail.mails.find(({ to }) => to === 'quiet@example.org');
    assert.ok(found);
    assert.ok(!found.source.includes(words));
    assert.ok(found.source.length < 6000, `${found.source.length} bytes`);
    const refused = await ask({ target: 'a@example.org\r\nBcc: b@example.org' });
    assert.equal(refused.status, 422);
  });

  it('lets one address have so many subscriptions, and forgets the unconfirmed', async () => {
    let confirmed = 0;
    for (const impact of ['1', '2', '3', '1']) {
      const before = mail.mails.length;
      await ask({ target: 'many@example.org', impact, ...(confirmed === 3 ? { regions: 'Reg1' } : {}) });
      await settled();
      const path = CONFIRM.exec(mail.mails[before]?.text ?? '')?.[0];
      if (path === undefined) continue;
      assert.equal((await postForm(world, path, {})).status, 200);
      confirmed += 1;
    }
    assert.equal(confirmed, 3);
    clock.go(3 * DAY);
    world.app.jobs.trigger('status-page.tidy_subscriptions');
    await until('they are gone', async () => (await count("type = 'subscription.confirm'")).rows <= 3);
  });

  it('asks nobody at the address of a webhook before its owner has confirmed', async () => {
    await using receiver = await startWebReceiver();
    await ask({ kind: 'webhook', target: `${receiver.url}/x`, owner: 'later@example.org' });
    await settled();
    await world.incident({ title: 'Disks fail', impact: 3 }, ['status-page/obs-reg1']);
    await settled();
    assert.deepEqual(receiver.received, []);
  });
});

describe('attack 23: finding out who has subscribed', () => {
  let mail: MailServer;
  let world: PageWorld;
  before(async () => {
    mail = await startMailServer();
    world = await start(mail);
  });
  after(async () => {
    await world.stop();
    await mail.close();
  });

  const ask = async (target: string) => {
    const answer = await postForm(world, '/subscribe', { kind: 'email', target });
    const headers = [...answer.headers].filter(([name]) => !/^(date|x-request-id|request-id)$/.test(name));
    return { status: answer.status, headers, body: await answer.text() };
  };

  it('says the same of an address that is known, unknown, or asked for too often', async () => {
    const first = await ask('known@example.org');
    const path = await until('the mail', () => CONFIRM.exec(mail.mails[0]?.text ?? '')?.[0]);
    await postForm(world, path, {});
    const answers = [first, await ask('known@example.org'), await ask('unknown@example.org')];
    for (let turn = 0; turn < 8; turn += 1) answers.push(await ask('often@example.org'));
    for (const answer of answers) assert.deepEqual(answer, first);
  });

  it('answers to guessed links alike, and none of them ends or confirms anything', async () => {
    const guess = 'A'.repeat(43);
    for (const link of [`/subscriptions/${guess}`, `/subscriptions/confirm/${guess}`, `/unsubscribe/${guess}`]) {
      assert.equal((await world.get(link)).status, 404, link);
    }
    assert.equal((await fetch(`${world.url}/unsubscribe/${guess}`, { method: 'POST' })).status, 404);
    assert.equal((await postForm(world, `/subscriptions/${guess}/end`, {})).status, 404);
  });

  it('keeps the token of a confirmation as a hash, and nothing of the message once it is sent', async () => {
    const before = mail.mails.length;
    await ask('stored@example.org');
    const text = await until('the mail', () => mail.mails[before]?.text);
    const token = CONFIRM.exec(text)?.[0].split('/').at(-1) ?? 'none';
    await until('it is marked as sent', async () => {
      const kept = await world.app.db
        .for<{ status_page_delivery: { payload: string | null; state: string } }>()
        .selectFrom('status_page_delivery')
        .selectAll()
        .execute();
      return kept.every(({ payload }) => payload === null) && !JSON.stringify(kept).includes(token);
    });
    const owners = await world.app.db
      .for<{ status_page_subscription: Record<string, unknown> }>()
      .selectFrom('status_page_subscription')
      .selectAll()
      .execute();
    assert.ok(!JSON.stringify(owners).includes(token));
  });

  it('takes no form from another site', async () => {
    for (const path of ['/subscribe', '/subscriptions/x', '/subscriptions/x/end', '/subscriptions/confirm/x']) {
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
      assert.equal(
        (await postForm(world, path, { kind: 'email', target: 'a@example.org' }, headers)).status,
        403,
        path,
      );
    }
  });
});
