import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sealed, unsealed } from './sealed.ts';

describe('a sealed text', () => {
  it('opens with its key and purpose only, and unaltered', () => {
    const kept = sealed('key', 'purpose', 'an id token');
    assert.ok(!Buffer.from(kept, 'base64url').includes('id token'));
    assert.equal(unsealed('key', 'purpose', kept), 'an id token');
    assert.equal(unsealed('other', 'purpose', kept), null);
    assert.equal(unsealed('key', 'other', kept), null);
    const altered = Buffer.from(kept, 'base64url');
    altered[altered.length - 1]! ^= 1;
    assert.equal(unsealed('key', 'purpose', altered.toString('base64url')), null);
    assert.equal(unsealed('key', 'purpose', 'short'), null);
  });
});
