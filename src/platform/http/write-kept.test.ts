import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { it } from 'node:test';
import type { SiteConfig } from '../config/index.ts';
import { COMPRESS } from './compression.ts';
import type { Kept } from './page-cache.ts';
import { encodedFor } from './write-kept.ts';

const site = (): SiteConfig => ({ title: '', publicUrl: 'http://s', basePath: '', timezone: 'UTC', demo: false });

it('a page that could not be compressed once is compressed for the next who asks', async (t) => {
  const plain = Buffer.from('x'.repeat(5000));
  const kept: Kept = { status: 200, type: 'text/html', headers: {}, plain, etag: 'e', at: '', essence: '' };
  const request = { headers: { 'accept-encoding': 'br' } } as IncomingMessage;
  t.mock.method(COMPRESS, 'br', () => Promise.reject(new Error('no memory')), { times: 1 });
  await assert.rejects(async () => encodedFor(request, kept, site), /no memory/);
  const encoded = await encodedFor(request, kept, site);
  assert.equal(encoded.headers['content-encoding'], 'br');
  assert.equal(await encodedFor(request, kept, site), encoded, 'and once for all');
});
