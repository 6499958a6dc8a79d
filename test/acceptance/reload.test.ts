import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startChild } from '../support/child-program.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

describe('SIGHUP', () => {
  it('while the program starts is no end of it', async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-reload-'));
    const program = await startChild({ folder, port: await freePort(), ready: false });
    test.after(async () => {
      await program.stop();
      await rm(folder, { recursive: true });
    });
    await until('the first migration', async () => program.output().includes('migration applied'));
    program.signal('SIGHUP');
    await until('it is ready', async () => (await fetch(`${program.url}/readyz`).catch(() => null))?.ok === true);
    await until('it has read its file again', async () => program.output().includes('configuration loaded again'));
  });
});
