import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { makeCertificate } from '../../../test/support/certificate.ts';
import { until } from '../../../test/support/until.ts';
import { createSocketServer } from './socket-server.ts';

describe('a server with a certificate of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'));
  const file = (name: string) => join(folder, name);
  const lines: string[] = [];
  let made: ReturnType<typeof createSocketServer>;
  let port = 0;

  /** As certificate tools do it: a new file takes the old one's name. */
  function install(name: string): void {
    for (const [ending, target] of [
      ['key', 'live.key'],
      ['pem', 'live.pem'],
    ] as const) {
      copyFileSync(file(`${name}.${ending}`), file('incoming'));
      renameSync(file('incoming'), file(target));
    }
  }

  async function shownName(): Promise<string | undefined> {
    const call = request({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false });
    call.end();
    const [answer] = (await once(call, 'response')) as [{ socket: TLSSocket; resume(): void; statusCode: number }];
    const name = answer.socket.getPeerCertificate().subject.CN;
    answer.resume();
    assert.equal(answer.statusCode, 200);
    return String(name);
  }

  before(async () => {
    makeCertificate(folder, 'first');
    makeCertificate(folder, 'second');
    install('first');
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    made = createSocketServer({ tls: { certificateFile: file('live.pem'), keyFile: file('live.key') }, log });
    made.server.on('request', (_request, response) => response.end('ok'));
    made.server.listen(0, '127.0.0.1');
    await once(made.server, 'listening');
    port = (made.server.address() as AddressInfo).port;
  });

  after(() => {
    made.stop();
    made.server.close();
    rmSync(folder, { recursive: true });
  });

  it('shows the new one soon after its files were replaced, without a restart', async () => {
    assert.equal(await shownName(), 'first');
    install('second');
    await until('the second certificate is shown', async () => (await shownName()) === 'second', 20_000);
  });

  it('keeps the old one and says why when the new one is no certificate', async () => {
    writeFileSync(file('live.pem'), 'not a certificate');
    await until('the log says so', () => lines.some((line) => line.includes('the old one stays')), 20_000);
    assert.equal(await shownName(), 'second');
  });
});
