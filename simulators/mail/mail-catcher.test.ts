import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { systemClock } from '../../src/core/index.ts';
import { createLogger } from '../../src/platform/log/index.ts';
import { createMailer } from '../../src/platform/mail/index.ts';
import { type MailCatcher, startMailCatcher } from './index.ts';

async function catcher(): Promise<MailCatcher> {
  const started = await startMailCatcher({ clock: systemClock });
  after(() => started.close());
  return started;
}

function mailerTo({ smtpPort }: MailCatcher) {
  const smtp = { host: '127.0.0.1', port: smtpPort, security: 'none', from: 'signalbox@demo.invalid' } as const;
  const mailer = createMailer(() => smtp, createLogger('silent')).current();
  assert.ok(mailer);
  return mailer;
}

/** A client that says what it likes; resolves to everything that it is told. */
async function talk({ smtpPort }: MailCatcher, text: string): Promise<string> {
  const socket = connect(smtpPort, '127.0.0.1');
  let told = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    told += chunk;
  });
  socket.write(text);
  await once(socket, 'close');
  return told;
}

describe('the mail catcher of the demo', () => {
  it('takes what our own mailer sends: accents, long lines, lines that are a dot', async () => {
    const mails = await catcher();
    const text = `Perché no? È “rotto” 🔬\n\n.\n..zwei\n${'lang '.repeat(60)}end\nhttps://s.example/subscribe/confirm?token=abc=d`;
    const subject = 'Krios 1: però – è già la terza volta in questa settimana che non si accende più';
    await mailerTo(mails).send({ to: 'ada@example.org', subject, text, html: '<p>The same</p>' });
    await mailerTo(mails).send({ to: 'bob@example.org', subject: 'Plain', text: 'Only text.' });
    assert.deepEqual(
      mails.mails.map((mail) => [mail.to, mail.subject, mail.text]),
      [
        [['bob@example.org'], 'Plain', 'Only text.'],
        [['ada@example.org'], subject, text],
      ],
    );
  });

  it('shows each on a page, as text, with addresses that can be followed', async () => {
    const mails = await catcher();
    assert.match(await (await fetch(mails.url)).text(), /There is no mail yet/);
    await mailerTo(mails).send({
      to: 'ada@example.org',
      subject: '<b>fire</b> & flames',
      text: 'See <script>alert(1)</script> and (http://127.0.0.1:8080/confirm?a=1&b=2).',
    });
    const answer = await fetch(mails.url);
    const page = await answer.text();
    assert.match(page, /<h2>&lt;b&gt;fire&lt;\/b&gt; &amp; flames<\/h2>/);
    assert.doesNotMatch(page, /<script>/);
    assert.match(page, /\(<a href="http:\/\/127\.0\.0\.1:8080\/confirm\?a=1&amp;b=2">[^<]*<\/a>\)\./);
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal((await fetch(`${mails.url}/mail.css`)).headers.get('content-type'), 'text/css; charset=utf-8');
    assert.equal((await fetch(`${mails.url}/other`)).status, 404);
    assert.equal((await fetch(mails.url, { method: 'POST' })).status, 405);
  });

  it('says what it does not understand, and goes on', async () => {
    const mails = await catcher();
    const told = await talk(
      mails,
      [
        ...['HELO x', 'RCPT TO:<a@b.c>', 'DATA', 'VRFY a', 'MAIL FROM:<>', 'RCPT TO:a@b.c', 'RCPT TO:<a@b.c>', 'RSET'],
        ...['DATA', 'MAIL FROM:<x@y.z>', 'RCPT TO:<a@b.c>', 'RCPT TO:<d@e.f>', 'DATA'],
        ...['Subject: =?utf-8?Q?Caff=C3=A8_e?= =?UTF-8?B?IHTDqA==?=', '', 'Two of you.', '.', 'NOOP', 'QUIT', ''],
      ].join('\r\n'),
    );
    assert.deepEqual(
      told.split('\r\n').map((line) => line.slice(0, 3)),
      [
        ...['220', '250', '503', '503', '502', '250', '501', '250', '250'],
        ...['503', '250', '250', '250', '354', '250', '250', '221', ''],
      ],
    );
    assert.deepEqual(
      mails.mails.map(({ to, subject, text }) => [to, subject, text]),
      [[['a@b.c', 'd@e.f'], 'Caffè e tè', 'Two of you.']],
    );
  });

  it('refuses what is too large, keeps no half mail, and ends with a client in the middle', async () => {
    const mails = await catcher();
    const head = 'EHLO x\r\nMAIL FROM:<x@y.z>\r\nRCPT TO:<a@b.c>\r\nDATA\r\n';
    const told = await talk(mails, `${head}${`${'x'.repeat(998)}\r\n`.repeat(5100)}.\r\nQUIT\r\n`);
    assert.match(told, /^552 too large\r$/m);
    const hanging = connect(mails.smtpPort, '127.0.0.1');
    hanging.on('error', () => undefined);
    hanging.write(`${head}Subject: half`);
    await once(hanging, 'data');
    assert.deepEqual(mails.mails, []);
    await mails.close();
  });
});
