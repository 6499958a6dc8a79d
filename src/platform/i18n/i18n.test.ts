import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { preferredLanguage } from './index.ts';

describe('the language of a visitor', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['it-IT,it;q=0.9,en;q=0.8', 'it'],
    ['de, it;q=0.5, en;q=0.4', 'it'],
    ['en;q=0.2, it;q=0.7', 'it'],
    ['it;q=0', 'en'],
    ['*', 'en'],
    ['x'.repeat(100_000), 'en'],
  ] as const) {
    it(`is ${language} for "${String(header).slice(0, 40)}"`, () => {
      assert.equal(preferredLanguage(header), language);
    });
  }
});
