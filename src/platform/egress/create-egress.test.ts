import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { type Clock, UpstreamError } from '../../core/index.ts';
import type { Answer, EgressRequest } from './index.ts';
import { createEgress } from './index.ts';

const NAME = 'hooks.example.org';
const HERE = '127.0.0.1';
/** Another address of this machine, on which another server can have the same port. */
const THERE = '127.0.0.2';
const clock: Clock = { now: () => '2026-10-01T12:00:00.000Z' };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
  servername?: string | false | null;
}

interface Listening {
  port: number;
  asked: Asked[];
}

async function listen(server: Server | NetServer, at: { host?: string; port?: number } = {}): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => server.listen(at.port ?? 0, at.host ?? HERE, listening));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as AddressInfo).port;
}

function recording(asked: Asked[], answer: RequestListener): RequestListener {
  return (request, response) => {
    const { method, url, headers } = request;
    const seen: Asked = { method, url, headers, body: '' };
    if ('servername' in request.socket) seen.servername = (request.socket as TLSSocket).servername;
    asked.push(seen);
    request.on('data', (chunk: Buffer) => {
      seen.body += chunk.toString('utf8');
    });
    request.on('end', () => answer(request, response));
  };
}

async function receiver(answer: RequestListener, at: { host?: string; port?: number } = {}): Promise<Listening> {
  const asked: Asked[] = [];
  const port = await listen(createServer(recording(asked, answer)), at);
  return { port, asked };
}

async function rawServer(talk: (socket: Socket) => void): Promise<number> {
  return listen(
    createNetServer((socket) => {
      socket.once('data', () => talk(socket));
    }),
  );
}

const fine: RequestListener = (_request, response) => void response.writeHead(200).end('ok');

/** A DNS that has a new answer for each question; the last one stays. */
function dns(...answers: (readonly string[])[]) {
  const questions: string[] = [];
  const resolve = async (host: string): Promise<readonly string[]> => {
    questions.push(host);
    return answers[Math.min(questions.length, answers.length) - 1] ?? [];
  };
  return { resolve, questions };
}

interface Settings {
  allow?: string[];
  allow_http?: boolean;
  ca_file?: string;
}

function egress(resolve: (host: string) => Promise<readonly string[]>, settings: Settings = {}) {
  const config = { allow: [HERE], allow_http: true, ...settings };
  return createEgress({ config: () => config, clock, resolve, ownAddresses: () => [] });
}

const REQUEST: EgressRequest = { headers: { 'content-type': 'application/json' }, body: '{"a":"ü"}', timeoutMs: 5000 };

async function failure(sending: Promise<Answer>): Promise<UpstreamError> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) assert.fail(`expected an UpstreamError, not ${inspect(error)}`);
  assert.equal(error.cause, undefined);
  assert.doesNotMatch(error.message, /127\.0\.0|10\.\d|169\.254|S3CRET|[\r\n]/);
  return error;
}

describe('a request', () => {
  it('reaches the checked address under the name that was typed', async () => {
    const { port, asked } = await receiver((_request, response) => {
      response.writeHead(202, { 'x-a': 'b', 'retry-after': '7' }).end('taken\r\n\u0000 \u202e<b>');
    });
    const { resolve, questions } = dns([HERE]);
    const answer = await egress(resolve).post(`http://${NAME}:${port}/a%20b?c=d#e`, REQUEST);
    assert.deepEqual(questions, [NAME]);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers['x-a'], 'b');
    assert.equal(answer.retryAfter, 7);
    assert.equal(answer.excerpt, 'taken <b>');
    const [{ headers, ...request }] = asked as [Asked];
    assert.deepEqual(request, { method: 'POST', url: '/a%20b?c=d', body: REQUEST.body });
    assert.equal(headers.host, `${NAME}:${port}`);
    assert.equal(headers['content-length'], '10');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['user-agent'], 'Signalbox');
    assert.equal(headers.connection, 'close');
  });

  it('gives back what the other side says, whatever it says', async () => {
    for (const status of [200, 204, 400, 401, 404, 410, 418, 429, 500, 503]) {
      const { port } = await receiver((_request, response) => void response.writeHead(status).end());
      assert.equal((await egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST)).status, status);
    }
  });

  it('reads how long to wait, as seconds or as a moment, and never more than a day', async () => {
    for (const [headers, seconds] of [
      [{ 'retry-after': '120' }, 120],
      [{ 'retry-after': '999999999' }, 86_400],
      [{ 'retry-after': 'Thu, 01 Oct 2026 12:02:00 GMT', date: 'Thu, 01 Oct 2026 12:01:00 GMT' }, 60],
      [{ 'retry-after': 'Thu, 01 Oct 2026 11:00:00 GMT', date: 'Thu, 01 Oct 2026 12:01:00 GMT' }, 0],
      [{ 'retry-after': '-5' }, undefined],
      [{ 'retry-after': 'soon' }, undefined],
      [{}, undefined],
    ] as const) {
      const { port } = await receiver((_request, response) => void response.writeHead(503, headers).end());
      const answer = await egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST);
      assert.equal(answer.retryAfter, seconds, JSON.stringify(headers));
    }
  });

  it('hides the address in what the other side repeats of it', async () => {
    const { port } = await receiver((request, response) => {
      const path = request.url ?? '';
      response.writeHead(404).end(`Cannot POST ${path} (${decodeURIComponent(path)}) ${JSON.stringify({ path })}`);
    });
    const address = `http://${NAME}:${port}/services/S3CRET%2Fpath?sig=S3CRET-signature`;
    const answer = await egress(dns([HERE]).resolve).post(address, REQUEST);
    assert.match(answer.excerpt, /^Cannot POST …/);
    assert.doesNotMatch(answer.excerpt, /S3CRET/);
  });

  it('is not made with headers that hold line breaks', async () => {
    const { port, asked } = await receiver(fine);
    const headers = { 'x-title': 'a\r\nHost: inner' };
    const error = await failure(egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, { ...REQUEST, headers }));
    assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason: 'client', retry: false });
    assert.deepEqual(asked, []);
  });
});

describe('attack 9: a name that leads inside', () => {
  for (const addresses of [
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['fe80::1%eth0'],
    ['fd00::1'],
    ['8.8.8.8', '127.0.0.1'],
    ['2606:4700::1111', '::ffff:10.0.0.1'],
    ['0.0.0.0'],
    ['not an address'],
  ]) {
    it(`is not asked: ${addresses.join(', ')}`, async () => {
      const { port, asked } = await receiver(fine);
      const error = await failure(
        egress(dns(addresses).resolve, { allow: [] }).post(`http://${NAME}:${port}/S3CRET`, REQUEST),
      );
      assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason: 'client', retry: true });
      assert.match(error.message, /^hooks\.example\.org was refused: its name leads to this machine or into a private/);
      assert.deepEqual(asked, []);
    });
  }

  it('is not asked by an address that would be refused in a form', async () => {
    const { port, asked } = await receiver(fine);
    const { resolve, questions } = dns([HERE]);
    for (const address of [
      `http://127.0.0.1:${port}/S3CRET`,
      `http://2130706433:${port}/`,
      `http://localhost:${port}/`,
      `http://S3CRET:S3CRET@${NAME}:${port}/`,
      `http://${NAME}:${port}/\r\nX: y`,
      'file:///etc/passwd',
    ]) {
      const error = await failure(egress(resolve, { allow: [] }).post(address, REQUEST));
      assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason: 'client', retry: false }, address);
    }
    assert.deepEqual({ asked, questions }, { asked: [], questions: [] });
  });

  it('is asked where the check looked, whatever DNS says a moment later', async () => {
    const good = await receiver(fine, { host: THERE });
    const inner = await receiver(fine, { host: HERE, port: good.port });
    const { resolve, questions } = dns([THERE], [HERE]);
    const door = egress(resolve, { allow: [THERE] });
    const answer = await door.post(`http://${NAME}:${good.port}/`, REQUEST);
    assert.equal(answer.status, 200);
    assert.deepEqual(questions, [NAME], 'one question for check and connection');
    assert.equal(good.asked.length, 1);
    assert.deepEqual(inner.asked, []);
  });

  it('is checked anew at the second attempt', async () => {
    const good = await receiver(fine, { host: THERE });
    const inner = await receiver(fine, { host: HERE, port: good.port });
    const { resolve, questions } = dns([THERE], [HERE], [THERE]);
    const door = egress(resolve, { allow: [THERE] });
    const address = `http://${NAME}:${good.port}/`;
    await door.post(address, REQUEST);
    assert.match((await failure(door.post(address, REQUEST))).message, /was refused/);
    assert.equal((await door.post(address, REQUEST)).status, 200, 'what DNS said once does not condemn the name');
    assert.deepEqual(
      { questions: questions.length, good: good.asked.length, inner: inner.asked.length },
      { questions: 3, good: 2, inner: 0 },
    );
  });

  it('does not get through on a connection kept open', async () => {
    const { port, asked } = await receiver((_request, response) => {
      response.writeHead(200, { connection: 'keep-alive' }).end();
    });
    const { resolve } = dns([HERE], ['10.0.0.1']);
    const door = egress(resolve);
    await door.post(`http://${NAME}:${port}/`, REQUEST);
    await failure(door.post(`http://${NAME}:${port}/`, REQUEST));
    assert.equal(asked.length, 1);
  });

  for (const status of [300, 301, 302, 303, 304, 305, 307, 308]) {
    it(`is not followed by ${status}`, async () => {
      const inner = await receiver(fine);
      const { port, asked } = await receiver((_request, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${inner.port}/S3CRET` }).end();
      });
      const error = await failure(egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST));
      assert.deepEqual(
        { status: error.status, asked: asked.length, inner: inner.asked },
        { status, asked: 1, inner: [] },
      );
    });
  }
});

describe('an exception', () => {
  it('lets a host lead inside by its name, an address by any name', async () => {
    const { port } = await receiver(fine);
    for (const allow of ['chat.corp', `chat.corp:${port}`, '127.0.0.1', '127.0.0.0/8', `127.0.0.1:${port}`]) {
      const door = egress(dns([HERE]).resolve, { allow: [allow] });
      assert.equal((await door.post(`http://chat.corp:${port}/`, REQUEST)).status, 200, allow);
    }
    for (const allow of ['other.corp', 'chat.corp:1', '127.0.0.2', '10.0.0.0/8', '127.0.0.1:1']) {
      const door = egress(dns([HERE]).resolve, { allow: [allow] });
      assert.match((await failure(door.post(`http://chat.corp:${port}/`, REQUEST))).message, /refused/, allow);
    }
  });

  it('counts from the moment it is configured', async () => {
    const { port } = await receiver(fine);
    let config: { allow: string[]; allow_http: boolean } = { allow: [], allow_http: true };
    const door = createEgress({ config: () => config, clock, resolve: dns([HERE]).resolve });
    await failure(door.post(`http://${NAME}:${port}/`, REQUEST));
    config = { allow: [NAME], allow_http: true };
    assert.equal((await door.post(`http://${NAME}:${port}/`, REQUEST)).status, 200);
  });
});

describe('with TLS', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-egress-'));
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'ca.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
    const subject = ['-subj', '/CN=receiver', '-addext', `subjectAltName=DNS:${NAME}`];
    execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...subject], { stdio: 'pipe' });
  });
  after(() => rmSync(folder, { recursive: true }));

  async function tlsReceiver(): Promise<Listening> {
    const asked: Asked[] = [];
    const identity = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'ca.pem')) };
    return { port: await listen(createTlsServer(identity, recording(asked, fine))), asked };
  }

  it('the name stays what the certificate has to be for', async () => {
    const { port, asked } = await tlsReceiver();
    const door = egress(dns([HERE]).resolve, { ca_file: join(folder, 'ca.pem'), allow_http: false });
    assert.equal((await door.post(`https://${NAME}:${port}/`, REQUEST)).status, 200);
    assert.deepEqual([asked[0]?.servername, asked[0]?.headers.host], [NAME, `${NAME}:${port}`]);
    const error = await failure(door.post(`https://other.example.org:${port}/`, REQUEST));
    assert.match(error.message, /no certificate that is trusted for its name.*ERR_TLS_CERT_ALTNAME_INVALID/);
    assert.equal(asked.length, 1);
  });

  it('an unknown authority is not trusted, and a missing file of it says so', async () => {
    const { port, asked } = await tlsReceiver();
    const address = `https://${NAME}:${port}/`;
    const unknown = await failure(egress(dns([HERE]).resolve).post(address, REQUEST));
    assert.match(unknown.message, /see egress\.ca_file/);
    const missing = await failure(egress(dns([HERE]).resolve, { ca_file: '/nowhere.pem' }).post(address, REQUEST));
    assert.match(missing.message, /egress\.ca_file .* cannot be read/);
    assert.deepEqual(asked, []);
  });

  it('a server that speaks none is left', async () => {
    const { port, asked } = await receiver(fine);
    const error = await failure(egress(dns([HERE]).resolve).post(`https://${NAME}:${port}/`, REQUEST));
    assert.deepEqual(
      { reason: error.reason, retry: error.retry, asked },
      { reason: 'unreachable', retry: true, asked: [] },
    );
  });
});

describe('another side in trouble', () => {
  const quick = { ...REQUEST, timeoutMs: 60 };

  it('that never answers is left in time: DNS, connection, answer, headers', async () => {
    const silent = await rawServer(() => undefined);
    const dripping = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const interim = await rawServer((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    for (const port of [silent, dripping, interim]) {
      const error = await failure(egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, quick));
      assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason: 'timeout', retry: true });
    }
    const never = new Promise<never>(() => undefined);
    const error = await failure(egress(() => never).post(`http://${NAME}/`, quick));
    assert.equal(error.reason, 'timeout');
  });

  it('that is stopped by its caller is left at once', async () => {
    const port = await rawServer(() => undefined);
    const stop = new AbortController();
    const sending = egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, { ...REQUEST, signal: stop.signal });
    stop.abort();
    assert.match((await failure(sending)).message, /was stopped/);
    const error = await failure(
      egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, { ...REQUEST, signal: AbortSignal.abort() }),
    );
    assert.match(error.message, /was stopped/);
  });

  it('that answers without an end has answered: the body is cut after 16 kB', async () => {
    let written = 0;
    const port = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && written < 200e6) {
          written += 65_536;
          if (!socket.write(Buffer.alloc(65_536, 'x'))) return void socket.once('drain', more);
        }
      };
      more();
    });
    const answer = await egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST);
    assert.deepEqual([answer.status, answer.excerpt], [200, `${'x'.repeat(199)}…`]);
    assert.ok(written < 50e6, `${written} bytes were taken`);
  });

  it('that drips its body has answered as well', async () => {
    const port = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nbegun');
      const timer = setInterval(() => socket.write('.'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    const answer = await egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, { ...REQUEST, timeoutMs: 400 });
    assert.equal(answer.status, 200);
    assert.match(answer.excerpt, /^begun/);
  });

  it('that hangs up in the middle of its body has answered as well', async () => {
    const port = await rawServer((socket) => {
      socket.end('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\nhalf');
    });
    const answer = await egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST);
    assert.deepEqual([answer.status, answer.excerpt], [500, 'half']);
  });

  it('that hangs up, is not there, speaks something else or too much is told apart', async () => {
    const gone = await listen(createNetServer());
    await closing.pop()?.();
    for (const [port, reason] of [
      [await rawServer((socket) => socket.destroy()), 'unreachable'],
      [gone, 'unreachable'],
      [await rawServer((socket) => socket.end('220 mail.example.org ESMTP\r\n')), 'server'],
      [await rawServer((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)), 'server'],
      [
        await rawServer((socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
        'unreachable',
      ],
    ] as const) {
      const error = await failure(egress(dns([HERE]).resolve).post(`http://${NAME}:${port}/`, REQUEST));
      assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason, retry: true }, error.message);
    }
  });

  it('whose name is unknown is unreachable for now', async () => {
    const unknown = async (): Promise<never> => {
      throw new Error('ENOTFOUND inner.corp 10.0.0.53');
    };
    for (const resolve of [unknown, dns([]).resolve]) {
      const error = await failure(egress(resolve).post(`http://${NAME}/`, REQUEST));
      assert.deepEqual({ reason: error.reason, retry: error.retry }, { reason: 'unreachable', retry: true });
      assert.equal(error.message, 'The name of hooks.example.org cannot be resolved.');
    }
  });
});
