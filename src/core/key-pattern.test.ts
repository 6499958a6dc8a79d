import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { matchesPattern } from './key-pattern.ts';

it('matches as a star of a shell does', () => {
  const cases: [string, string, boolean][] = [
    ['facility/*', 'facility/krios1', true],
    ['facility/*', 'network/edge', false],
    ['*/krios*', 'facility/krios1', true],
    ['*', '', true],
    ['a*b*c', 'abbc', true],
    ['a*a', 'a', false],
    ['*ab*ab', 'ab', false],
    ['exact', 'exactly', false],
  ];
  for (const [pattern, text, expected] of cases)
    assert.equal(matchesPattern(pattern, text), expected, `${pattern} ${text}`);
});

it('agrees with the regular expression that says the same', () => {
  const piece = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 6 }).map((letters) => letters.join(''));
  const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(piece, text, (pattern, subject) => {
      assert.equal(matchesPattern(pattern, subject), new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(subject));
    }),
  );
});
