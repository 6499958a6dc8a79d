import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { command } from './mail.ts';

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await command.run(argv, { print: (line) => out.push(line), error: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('signalbox mail test', () => {
  const sources: string[] = [];
  let folder: string;
  let server: SMTPServer;
  let config: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-mail-test-'));
    config = join(folder, 'signalbox.yaml');
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        done(address.startsWith('nobody') ? Object.assign(new Error('No such person'), { responseCode: 550 }) : null);
      },
      onData: (stream, _session, done) => {
        let source = '';
        stream.on('data', (chunk: Buffer) => (source += chunk.toString('utf8')));
        stream.on('end', () => {
          sources.push(source);
          done();
        });
      },
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.server.address() as AddressInfo;
    const smtp = `smtp: { host: 127.0.0.1, port: ${port}, security: none, from: signalbox@example.org }`;
    writeFileSync(config, `site: { title: Lab lights }\n${smtp}\n`);
  });
  after(async () => {
    await new Promise<void>((closed) => server.close(closed));
    rmSync(folder, { recursive: true });
  });

  it('sends one with the settings of the configuration', async () => {
    const { code, out } = await run('test', 'alice@example.org', '--config', config);
    assert.deepEqual({ code, out }, { code: 0, out: 'The mail server took the mail for alice@example.org.' });
    assert.match(sources[0] ?? '', /^Subject: Lab lights: test\r$/m);
  });

  it('ends with 1 and what the server said when it refuses', async () => {
    const { code, err } = await run('test', 'nobody@example.org', '--config', config);
    assert.equal(code, 1);
    assert.match(err, /^Not sent: The mail server 127\.0\.0\.1:\d+ refused the address\. It said: 550 No such person/);
  });

  it('says what to set when there is no mail server', async () => {
    const empty = join(folder, 'empty.yaml');
    writeFileSync(empty, '');
    const sending = run('test', 'alice@example.org', '--config', empty);
    await assert.rejects(sending, { name: 'AppError', message: /set smtp\.host and smtp\.from/ });
  });

  it('ends with 2 when it is not understood', async () => {
    for (const argv of [[], ['test'], ['send', 'a@b'], ['test', 'a@b', 'c@d']]) {
      const { code, err } = await run(...argv);
      assert.equal(code, 2);
      assert.match(err, /^Usage: signalbox mail test/);
    }
  });
});
