import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createLogger } from '../../log/index.ts';
import { createMailer } from '../../mail/index.ts';
import { createChannels, type Message } from '../index.ts';
import { delivery, HOSTILE, message } from '../test-support/messages.ts';
import { failureOf, testEgress } from '../test-support/receiver.ts';

interface Taken {
  source: string;
  to: string[];
}

const taken: Taken[] = [];
let refusal: { responseCode: number; message: string } | null = null;
const server = new SMTPServer({
  logger: false,
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo: (_address, _session, done) => {
    if (refusal === null) done();
    else done(Object.assign(new Error(refusal.message), { responseCode: refusal.responseCode }));
  },
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      taken.push({ source: Buffer.concat(chunks).toString('utf8'), to });
      done();
    });
  },
});

let port = 0;
before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  port = (server.server.address() as AddressInfo).port;
});
beforeEach(() => {
  taken.length = 0;
  refusal = null;
});
after(() => new Promise<void>((closed) => server.close(() => closed())));

function channel(settings: { from?: string; publicUrl?: string; port?: number } = {}) {
  const { from = 'signalbox@example.org', publicUrl = 'https://status.example.org/lab' } = settings;
  const smtp = { host: '127.0.0.1', port: settings.port ?? port, security: 'none' as const, from };
  const mailer = createMailer(() => smtp, createLogger('silent'), { timeoutMs: 5000, pausesMs: [] });
  const site = () => ({ title: 'Lab', publicUrl, timezone: 'Europe/Rome' });
  return createChannels({ egress: testEgress(), mailer: () => mailer.current(), site }).email;
}

const TARGET = { address: 'alice@example.org' };

async function sent(other: Partial<Message> = {}, publicUrl?: string) {
  taken.length = 0;
  await channel(publicUrl === undefined ? {} : { publicUrl }).send(message(other), TARGET, delivery());
  assert.equal(taken.length, 1);
  const { source, to } = taken[0]!;
  assert.deepEqual(to, [TARGET.address]);
  const parsed = await simpleParser(source);
  const html = parsed.html === false ? '' : parsed.html;
  return { source, parsed, html, text: parsed.text ?? '', names: [...parsed.headers.keys()].sort() };
}

describe('a notification by mail', () => {
  it('has a part to read as text and one as HTML', async () => {
    const { parsed, html, text } = await sent();
    assert.equal(parsed.subject, '[Lab] Mail is slow');
    const labelled = await sent({ label: 'Maintenance\r\nBcc: eve@example.org' });
    assert.match(labelled.parsed.subject ?? '', /^\[Maintenance Bcc: eve@example\.org\] Mail is slow$/);
    assert.equal(
      text.trim(),
      [
        'Major outage: Mail is slow',
        '1 Oct 2026, 12:32 (Europe/Rome)',
        '',
        'We found **the cause**.',
        '',
        'See [the page](https://status.example.org/x).',
        '',
        'Affected: Mail (EU), Mail (US)',
        '',
        'Open the page:',
        'https://status.example.org/incidents/7?a=1&b=2',
        '',
        '-- ',
        'Sent by Lab.',
        'Unsubscribe: https://status.example.org/unsubscribe/abc',
      ].join('\n'),
    );
    assert.match(html, /<h1[^>]*>Mail is slow<\/h1>/);
    assert.match(html, /<p>We found the cause\.<\/p>/);
    assert.match(html, /<a href="https:\/\/status\.example\.org\/incidents\/7\?a=1&amp;b=2">Open the page<\/a>/);
    assert.match(html, /<a href="https:\/\/status\.example\.org\/unsubscribe\/abc">Unsubscribe<\/a>/);
  });

  it('says in its header what it is, where it belongs and how to end it', async () => {
    const { source } = await sent();
    for (const line of [
      'Auto-Submitted: auto-generated',
      'List-Unsubscribe: <https://status.example.org/unsubscribe/abc>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Message-ID: <0199a0b0-7c1e-7000-8000-000000000001@status.example.org>',
      'In-Reply-To: <thread.incident-7@status.example.org>',
      'References: <thread.incident-7@status.example.org>',
      'To: alice@example.org',
    ]) {
      assert.equal(`\r\n${source}`.split(`\r\n${line}\r\n`).length, 2, line);
    }
  });

  it('keeps its id over attempts, and its thread over messages', async () => {
    const email = channel();
    await email.send(message(), TARGET, delivery());
    await email.send(message(), TARGET, delivery({ attempt: 2, at: '2026-10-01T11:00:00.000Z' }));
    await email.send(message({ type: 'incident.resolved' }), TARGET, delivery({ id: 'other' }));
    const mails = await Promise.all(taken.map(({ source }) => simpleParser(source)));
    assert.deepEqual(
      mails.map(({ messageId }) => messageId?.split('@')[0]),
      ['<0199a0b0-7c1e-7000-8000-000000000001', '<0199a0b0-7c1e-7000-8000-000000000001', '<other'],
    );
    assert.equal(new Set(mails.map(({ headers }) => headers.get('references'))).size, 1);
    assert.equal(new Set(mails.map(({ subject }) => subject)).size, 1);
  });

  it('stands alone where nothing belongs together, and offers no way out where there is none', async () => {
    const { names, text } = await sent({ thread: null, unsubscribeUrl: undefined, type: 'subscription.confirm' });
    for (const name of ['references', 'in-reply-to', 'list', 'list-unsubscribe'])
      assert.ok(!names.includes(name), name);
    assert.match(text, /Confirm the subscription:/);
    assert.doesNotMatch(text, /Unsubscribe/);
    const plain = await sent({ unsubscribeUrl: 'http://status.example.org/u' }, 'http://[::1]:8080');
    assert.match(plain.source, /^List-Unsubscribe: <http:\/\/status\.example\.org\/u>\r$/m);
    assert.doesNotMatch(plain.source, /List-Unsubscribe-Post/);
    assert.match(plain.source, /^Message-ID: <[0-9a-f-]{36}@localhost>\r$/m);
  });

  it('speaks the language of its reader', async () => {
    const { text, html } = await sent({ language: 'it', title: 'La posta è lenta', text: '測試 perché 😀' });
    assert.match(text, /Apri la pagina:[^]*Annulla l'iscrizione: /);
    assert.match(text, /測試 perché 😀/);
    assert.match(html, /<html lang="it">[^]*La posta è lenta[^]*1 ott 2026, 12:32/);
  });

  it('loads nothing, runs nothing and writes to nobody else, whatever it is made of', async () => {
    const usual = (await sent()).names;
    for (const text of HOSTILE) {
      const { html, names, parsed, source } = await sent({
        title: text,
        impact: text,
        text,
        facts: [{ name: text, value: text }],
        thread: text,
        url: `https://status.example.org/${text}`,
        unsubscribeUrl: `https://status.example.org/${text}`,
      });
      assert.deepEqual(names, usual);
      assert.doesNotMatch(source.split('\r\n\r\n')[0] ?? '', /^(bcc|cc):/im);
      assert.doesNotMatch(parsed.subject ?? '', /[\r\n\u0000\u202e\u2028]/);
      const tags = new Set(Array.from(html.matchAll(/<\/?([a-z!][a-z0-9]*)/gi), ([, tag]) => tag?.toLowerCase()));
      const known = new Set(['!doctype', 'html', 'head', 'meta', 'title', 'body', 'h1', 'p', 'br', 'strong', 'a']);
      assert.deepEqual(
        [...tags].filter((tag) => !known.has(tag ?? '')),
        [],
      );
      assert.doesNotMatch(html, /<[^>]*\s(src|srcset|background|on[a-z]+)=/i);
      for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g))
        assert.match(href, /^https:\/\/status\.example\.org\//);
    }
  });
});

describe('a mail that is not taken', () => {
  it('is the fault of the address only where the mail server says so', async () => {
    for (const [responseCode, words, retry, fault] of [
      [550, '5.1.1 No such person', false, 'target'],
      [550, '5.7.1 You are on a list', true, 'ours'],
      [451, '4.7.1 Greylisted', true, 'ours'],
      [554, 'Go away', true, 'ours'],
    ] as const) {
      refusal = { responseCode, message: words };
      const email = channel();
      const error = await failureOf(email.send(message(), TARGET, delivery()));
      assert.deepEqual({ retry: error.retry, fault: email.faultOf(error) }, { retry, fault }, words);
      assert.ok(error.message.includes(words));
    }
    const away = channel({ port: 1 });
    const error = await failureOf(away.send(message(), TARGET, delivery()));
    assert.deepEqual({ retry: error.retry, fault: away.faultOf(error) }, { retry: true, fault: 'ours' });
  });

  it('waits for a mail server to be configured', async () => {
    const site = () => ({ title: 'Lab', publicUrl: 'https://status.example.org', timezone: 'UTC' });
    const { email } = createChannels({ egress: testEgress(), mailer: () => null, site });
    const error = await failureOf(email.send(message(), TARGET, delivery()));
    assert.deepEqual({ retry: error.retry, fault: email.faultOf(error) }, { retry: true, fault: 'ours' });
    assert.match(error.message, /smtp\.host/);
  });

  it('goes to one plain address or nowhere', async () => {
    const email = channel();
    for (const address of [
      'a@b.example\r\nBcc: eve@example.org',
      'a@b.example, c@d.example',
      'Eve <e@x.example>',
      '',
    ]) {
      const problem = email.check({ address }, { field: 'address', language: 'en' });
      assert.equal(problem?.problem, 'is not a mail address');
      assert.doesNotMatch(problem.value, /[\r\n]/);
      const error = await failureOf(email.send(message(), { address }, delivery()));
      assert.deepEqual({ retry: error.retry, fault: email.faultOf(error) }, { retry: false, fault: 'target' });
    }
    assert.equal(email.check(TARGET, { field: 'address', language: 'en' }), null);
    assert.deepEqual(taken, []);
  });
});
