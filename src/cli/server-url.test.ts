import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { serverUrl } from './server-url.ts';

describe('the server that a command asks', () => {
  it('is the one at the port of this machine that the demo was started with', async () => {
    assert.equal(await serverUrl({}, {}), 'http://127.0.0.1:8080');
    assert.equal(await serverUrl({}, { PORT: '' }), 'http://127.0.0.1:8080');
    assert.equal(await serverUrl({}, { PORT: '8795' }), 'http://127.0.0.1:8795');
    for (const port of ['0', '70000', 'x']) await assert.rejects(serverUrl({}, { PORT: port }), /PORT.*--url/);
  });

  it('is what --url or the configuration names, whatever PORT says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-url-'));
    const config = join(folder, 'signalbox.yaml');
    await writeFile(config, 'http: { public_url: https://status.example.org }\n');
    const env = { PORT: '8795' };
    assert.equal(await serverUrl({ config }, env), 'https://status.example.org');
    assert.equal(await serverUrl({ url: 'http://other:1/', config }, env), 'http://other:1');
    await rm(folder, { recursive: true });
  });
});
