import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cutText, largestFit, pieces } from './cut-text.ts';

const TEXT = fc.string({ unit: fc.constantFrom('a', 'é', '測', '😀', ' ', '\n', '&', '<'), maxLength: 300 });

describe('a text that is cut', () => {
  it('says so, and never ends in half a character', () => {
    assert.equal(cutText('abc', 3), 'abc');
    assert.equal(cutText('abcd', 3), 'ab…');
    assert.equal(cutText('a😀😀', 3), 'a…');
    assert.equal(cutText('abc', 0), '');
    fc.assert(
      fc.property(TEXT, fc.nat({ max: 320 }), (text, most) => {
        const cut = cutText(text, most);
        assert.ok(cut.length <= most && cut.isWellFormed());
        assert.ok(cut === text || most === 0 || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1))));
      }),
    );
  });

  it('is as long as it can be', () => {
    assert.equal(
      largestFit(1000, (size) => size <= 123),
      123,
    );
    assert.equal(
      largestFit(1000, () => true),
      1000,
    );
    assert.equal(
      largestFit(1000, () => false),
      0,
    );
    assert.equal(
      largestFit(0, () => false),
      0,
    );
  });

  it('in pieces loses blanks at the seams and nothing else', () => {
    const size = (text: string) => text.replaceAll('&', '&amp;').length;
    assert.deepEqual(pieces('aaaa bbbb\ncccc', 10, size), ['aaaa bbbb', 'cccc']);
    assert.deepEqual(pieces('', 10, size), []);
    fc.assert(
      fc.property(TEXT, fc.integer({ min: 5, max: 50 }), (text, most) => {
        const parts = pieces(text, most, size);
        for (const part of parts) assert.ok(size(part) <= most && part !== '' && part.isWellFormed());
        assert.equal(parts.join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
      }),
    );
  });
});
