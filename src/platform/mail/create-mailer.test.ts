import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { UpstreamError } from '../../core/index.ts';
import type { Smtp } from '../config/index.ts';
import { createLogger } from '../log/index.ts';
import { createMailer, RecipientRefused } from './index.ts';

const USER = 'signalbox';
const PASSWORD = 'correct-horse-battery';
const MAIL = { to: 'alice@example.org', subject: 'Krios 1 is down', text: 'Since 10:32.\n' };

interface Taken {
  source: string;
  from: string;
  to: string[];
  secure: boolean;
  user: string | undefined;
}

let folder: string;
let key: string;
let cert: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-mail-'));
  makeCertificate('server');
  makeCertificate('stranger');
  key = readFileSync(join(folder, 'server.key'), 'utf8');
  cert = readFileSync(join(folder, 'server.pem'), 'utf8');
});
after(() => rmSync(folder, { recursive: true }));

function makeCertificate(name: string): void {
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'pipe' });
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function mailServer(
  options: SMTPServerOptions = {},
): Promise<{ port: number; taken: Taken[]; sessions(): number }> {
  const taken: Taken[] = [];
  let sessions = 0;
  const server = new SMTPServer({
    key,
    cert,
    logger: false,
    authOptional: true,
    onConnect: (_session, done) => {
      sessions += 1;
      done();
    },
    onAuth: (auth, _session, done) => {
      if (auth.username === USER && auth.password === PASSWORD) done(null, { user: auth.username });
      else
        done(Object.assign(new Error(`Wrong: ${auth.username ?? ''} ${auth.password ?? ''}`), { responseCode: 535 }));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          source: Buffer.concat(chunks).toString('utf8'),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  // A client that turns away in the middle is part of what is tested.
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => new Promise((closed) => server.close(() => closed())));
  return { port: (server.server.address() as AddressInfo).port, taken, sessions: () => sessions };
}

/** Says what `talk` says and nothing else. */
async function oddServer(talk: (socket: Socket) => void): Promise<{ port: number; connections(): number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: NetServer = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function smtp(port: number, other: Partial<Smtp> = {}): Smtp {
  return {
    host: '127.0.0.1',
    port,
    security: 'starttls',
    from: 'signalbox@example.org',
    ca_file: join(folder, 'server.pem'),
    ...other,
  };
}

const logged: string[] = [];
const log = createLogger('debug', { write: (line: string) => void logged.push(line) });

function mailer(settings: Smtp, timeoutMs = 5000) {
  const current = createMailer(() => settings, log, { timeoutMs, pausesMs: [1, 1] }).current();
  assert.ok(current);
  return current;
}

async function failure(sending: Promise<void>): Promise<UpstreamError> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) assert.fail(`expected an UpstreamError, not ${String(error)}`);
  return error;
}

describe('a mail', () => {
  it('goes by STARTTLS, signed in, to one person, as made by a machine', async () => {
    const { port, taken } = await mailServer();
    await mailer(smtp(port, { user: USER, password: PASSWORD })).send({ ...MAIL, html: '<p>Since 10:32.</p>' });
    assert.equal(taken.length, 1);
    const { source, ...envelope } = taken[0]!;
    assert.deepEqual(envelope, { from: 'signalbox@example.org', to: [MAIL.to], secure: true, user: USER });
    const parsed = await simpleParser(source);
    assert.equal(parsed.subject, MAIL.subject);
    assert.equal(parsed.text?.trim(), 'Since 10:32.');
    assert.equal(parsed.html, '<p>Since 10:32.</p>');
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    assert.match(parsed.messageId ?? '', /^<[0-9a-f-]{36}@example\.org>$/);
    assert.equal(parsed.headers.has('x-mailer'), false);
  });

  it('goes by TLS from the first byte', async () => {
    const { port, taken } = await mailServer({ secure: true });
    await mailer(smtp(port, { security: 'tls' })).send(MAIL);
    assert.equal(taken[0]?.secure, true);
  });

  it('goes in the clear only where the configuration says so', async () => {
    const { port, taken } = await mailServer();
    await mailer(smtp(port, { security: 'none' })).send(MAIL);
    assert.equal(taken[0]?.secure, false);
  });

  it('is one line in its subject and one person in its address, whatever they are made of', async () => {
    const { port, taken } = await mailServer();
    const subject = 'Krios\r\nBcc: eve@example.org\r\n\r\n<b>\u202e\u2028x\u0000';
    await mailer(smtp(port)).send({ ...MAIL, subject, text: 'a\r\n.\r\nMAIL FROM:<eve@example.org>\r\nb' });
    assert.deepEqual(taken[0]?.to, [MAIL.to]);
    const parsed = await simpleParser(taken[0].source);
    assert.equal(parsed.subject, 'Krios Bcc: eve@example.org <b> x');
    assert.equal(parsed.headers.has('bcc'), false);
    assert.match(parsed.text ?? '', /MAIL FROM:<eve@example\.org>/);
    for (const to of [
      'a@b.example\r\nRCPT TO:<eve@example.org>',
      'a@b.example, eve@example.org',
      'Eve <eve@example.org>',
      '',
    ]) {
      await assert.rejects(mailer(smtp(port)).send({ ...MAIL, to }), { name: 'AppError', code: 'invalid' });
    }
    assert.equal(taken.length, 1);
  });

  it('belongs where its headers say: an id of its own, a thread, a way out', async () => {
    const { port, taken } = await mailServer();
    const unsubscribe = `<https://status.example.org/u/${'x'.repeat(120)}?a=b>`;
    const headers = { 'List-Unsubscribe': unsubscribe, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
    const ids = { messageId: 'd-1@status.example.org', thread: 'incident.7@status.example.org' };
    await mailer(smtp(port)).send({ ...MAIL, ...ids, headers });
    const { source } = taken[0]!;
    const parsed = await simpleParser(source);
    assert.equal(parsed.messageId, '<d-1@status.example.org>');
    assert.equal(parsed.headers.get('in-reply-to'), '<incident.7@status.example.org>');
    assert.equal(parsed.headers.get('references'), '<incident.7@status.example.org>');
    assert.ok(`\r\n${source}`.includes(`\r\nList-Unsubscribe: ${unsubscribe}\r\n`));
    assert.match(source, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    assert.match(source, /^Auto-Submitted: auto-generated\r$/m);
  });

  it('has no header that is more than one, or one of ours', async () => {
    const { port, taken } = await mailServer();
    for (const extra of [
      { headers: { 'X-A': 'b\r\nBcc: eve@example.org' } },
      { headers: { 'X-A': 'b\u2028c' } },
      { headers: { 'X-A: b\r\nBcc': 'eve@example.org' } },
      { headers: { Bcc: 'eve@example.org' } },
      { headers: { 'reply-to': 'eve@example.org' } },
      { headers: { 'Content-Type': 'text/html' } },
      { headers: { 'X-A': 'x'.repeat(1000) } },
      { headers: { 'X-A': '' } },
      { messageId: 'a@b>\r\nBcc: eve@example.org' },
      { messageId: 'a b' },
      { thread: 'a@b\n' },
    ]) {
      await assert.rejects(mailer(smtp(port)).send({ ...MAIL, ...extra }), { name: 'AppError', code: 'invalid' });
    }
    assert.equal(taken.length, 0);
  });

  it('keeps languages other than English', async () => {
    const { port, taken } = await mailServer();
    await mailer(smtp(port)).send({ ...MAIL, subject: 'Krios 1 è guasto', text: 'Perché? 測試\n' });
    const parsed = await simpleParser(taken[0]!.source);
    assert.equal(parsed.subject, 'Krios 1 è guasto');
    assert.equal(parsed.text?.trim(), 'Perché? 測試');
  });
});

describe('a mail is not sent', () => {
  it('in the clear when the server does not offer STARTTLS', async () => {
    const { port, taken, sessions } = await mailServer({ disabledCommands: ['STARTTLS'] });
    const error = await failure(mailer(smtp(port, { user: USER, password: PASSWORD })).send(MAIL));
    assert.equal(error.reason, 'client');
    assert.match(error.message, /smtp\.security/);
    assert.deepEqual({ taken: taken.length, sessions: sessions() }, { taken: 0, sessions: 1 });
  });

  it('in the clear when somebody between hides STARTTLS', async () => {
    const heard: string[] = [];
    const { port } = await oddServer((socket) => {
      socket.write('220 mail.example.org ESMTP\r\n');
      socket.on('data', (bytes) => {
        heard.push(bytes.toString('utf8'));
        socket.write(
          /^EHLO/.test(bytes.toString('utf8')) ? '250-mail\r\n250 AUTH PLAIN LOGIN\r\n' : '454 not available\r\n',
        );
      });
    });
    const error = await failure(mailer(smtp(port, { user: USER, password: PASSWORD })).send(MAIL));
    assert.equal(error.reason, 'client');
    assert.doesNotMatch(heard.join(''), /AUTH|MAIL FROM/);
  });

  it('to a server whose certificate is not trusted', async () => {
    const { port, taken } = await mailServer();
    const stranger = join(folder, 'stranger.pem');
    for (const ca of [{ ca_file: stranger }, { ca_file: undefined }]) {
      const { ca_file: _, ...settings } = smtp(port);
      const error = await failure(
        mailer({ ...settings, ...(ca.ca_file === undefined ? {} : { ca_file: stranger }) }).send(MAIL),
      );
      assert.equal(error.reason, 'client');
      assert.match(error.message, /smtp\.ca_file/);
    }
    assert.equal(taken.length, 0);
  });

  it('with the wrong password, is not tried again, and tells nothing of it', async () => {
    const { port, taken, sessions } = await mailServer();
    logged.length = 0;
    const error = await failure(mailer(smtp(port, { user: USER, password: 'hunter2hunter2' })).send(MAIL));
    assert.equal(error.reason, 'auth');
    assert.equal(error.retry, false);
    assert.match(error.message, /^The mail server 127\.0\.0\.1:\d+ refused the sign-in.*It said: 535/);
    assert.doesNotMatch(`${error.message}${error.stack ?? ''}${JSON.stringify(error)}${logged.join('')}`, /hunter2/);
    assert.equal(error.cause, undefined);
    assert.deepEqual({ taken: taken.length, sessions: sessions() }, { taken: 0, sessions: 1 });
  });

  it('without the sign-in that is configured', async () => {
    const { port, taken } = await mailServer({ disabledCommands: ['AUTH'] });
    const error = await failure(mailer(smtp(port, { user: USER, password: PASSWORD })).send(MAIL));
    assert.equal(error.reason, 'auth');
    assert.equal(taken.length, 0);
  });

  it('with an authority that cannot be read', async () => {
    const error = await failure(mailer(smtp(1, { ca_file: join(folder, 'none.pem') })).send(MAIL));
    assert.match(error.message, /smtp\.ca_file .* cannot be read/);
  });
});

describe('a mail server in trouble', () => {
  it('is asked again, with the same message id', async () => {
    let refusals = 2;
    const { port, taken, sessions } = await mailServer({
      onRcptTo: (_address, _session, done) => {
        refusals -= 1;
        done(refusals >= 0 ? Object.assign(new Error('Greylisted'), { responseCode: 451 }) : null);
      },
    });
    logged.length = 0;
    await mailer(smtp(port)).send(MAIL);
    assert.equal(sessions(), 3);
    assert.equal(taken.length, 1);
    const ids = new Set(logged.join('').match(/<[0-9a-f-]{36}@example\.org>/g));
    assert.equal(ids.size, 1);
    assert.ok(taken[0]?.source.includes([...ids][0] ?? 'none'));
  });

  it('is given up after three attempts', async () => {
    const busy = Object.assign(new Error('Busy'), { responseCode: 450 });
    const { port, sessions } = await mailServer({ onRcptTo: (_address, _session, done) => done(busy) });
    const error = await failure(mailer(smtp(port)).send(MAIL));
    assert.deepEqual({ reason: error.reason, sessions: sessions() }, { reason: 'server', sessions: 3 });
  });

  it('is not asked again when it refuses for good', async () => {
    const refusal = Object.assign(new Error('No such person'), { responseCode: 550 });
    const { port, sessions } = await mailServer({ onRcptTo: (_address, _session, done) => done(refusal) });
    const error = await failure(mailer(smtp(port)).send(MAIL));
    assert.deepEqual(
      { reason: error.reason, retry: error.retry, sessions: sessions() },
      { reason: 'client', retry: false, sessions: 1 },
    );
    assert.match(error.message, /550 No such person/);
  });

  it('tells an address that does not exist from a refusal of ourselves', async () => {
    let answer: { responseCode: number; message: string };
    const refuse: SMTPServerOptions['onRcptTo'] = (_address, _session, done) => {
      done(Object.assign(new Error(answer.message), { responseCode: answer.responseCode }));
    };
    const { port } = await mailServer({ onRcptTo: refuse });
    for (const [responseCode, message, isRecipient] of [
      [550, 'No such person', true],
      [550, '5.1.1 No such person', true],
      [550, '5.2.1 Switched off', true],
      [553, 'Not here', true],
      [550, '5.7.1 Your network is on a list', false],
      [552, '5.2.2 Mailbox full', false],
      [554, 'Go away', false],
      [450, '4.2.0 Greylisted', false],
    ] as const) {
      answer = { responseCode, message };
      const error = await failure(mailer(smtp(port)).send(MAIL));
      assert.equal(error instanceof RecipientRefused, isRecipient, message);
      assert.equal(error.name, 'UpstreamError');
    }
    const sender: SMTPServerOptions['onMailFrom'] = (_address, _session, done) =>
      done(Object.assign(new Error('5.1.8 Bad sender'), { responseCode: 550 }));
    const { port: strict } = await mailServer({ onMailFrom: sender });
    assert.equal((await failure(mailer(smtp(strict)).send(MAIL))) instanceof RecipientRefused, false);
  });

  it('that never speaks is left after the timeout', async () => {
    const { port, connections } = await oddServer(() => undefined);
    const error = await failure(mailer(smtp(port), 40).send(MAIL));
    assert.deepEqual({ reason: error.reason, connections: connections() }, { reason: 'timeout', connections: 3 });
  });

  it('that drips a line now and then is left as well', async () => {
    const { port } = await oddServer((socket) => {
      socket.write('220 mail.example.org ESMTP\r\n');
      socket.once('data', () => {
        const timer = setInterval(() => socket.write('250-wait\r\n'), 10);
        socket.on('close', () => clearInterval(timer));
      });
    });
    const error = await failure(mailer(smtp(port), 40).send(MAIL));
    assert.equal(error.reason, 'timeout');
  });

  it('that hangs up or is not there is unreachable', async () => {
    const { port } = await oddServer((socket) => socket.end());
    assert.equal((await failure(mailer(smtp(port)).send(MAIL))).reason, 'unreachable');
    assert.equal((await failure(mailer(smtp(1)).send(MAIL))).reason, 'unreachable');
  });

  it('that speaks something else is not believed', async () => {
    const { port } = await oddServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await failure(mailer(smtp(port)).send(MAIL));
    assert.ok(['server', 'client', 'unreachable'].includes(error.reason), error.reason);
    assert.doesNotMatch(error.message, /[\r\n]/);
  });
});

describe('the mailer', () => {
  it('is there as soon as a server is configured', () => {
    let settings: Smtp = { security: 'starttls' };
    const service = createMailer(() => settings, log);
    assert.equal(service.current(), null);
    settings = smtp(25);
    assert.notEqual(service.current(), null);
  });
});
