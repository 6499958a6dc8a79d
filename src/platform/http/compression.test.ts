import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodingFor } from './compression.ts';

describe('the encoding of an answer', () => {
  for (const [accepted, expected] of [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip;q=0', 'identity'],
    ['br;q=0.5', 'br'],
    ['xbr, gzipped', 'identity'],
    ['deflate', 'identity'],
  ] as const) {
    it(`is ${expected} for "${String(accepted)}"`, () => {
      assert.equal(encodingFor(accepted, 'text/html; charset=utf-8', 5000), expected);
    });
  }

  it('is none for what is small or compressed already', () => {
    assert.equal(encodingFor('gzip', 'text/html', 500), 'identity');
    assert.equal(encodingFor('gzip', 'image/png', 5000), 'identity');
    assert.equal(encodingFor('gzip', 'image/svg+xml', 5000), 'gzip');
    assert.equal(encodingFor('gzip', 'application/problem+json', 5000), 'gzip');
  });
});
