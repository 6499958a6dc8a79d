import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isComponentKey } from '../../../core/index.ts';
import { newDeviceKey, slugOf } from './device-key.ts';

describe('slugOf', () => {
  const cases: [string, string][] = [
    ['Krios1', 'krios1'],
    ['Cryo A', 'cryo-a'],
    ['Königsstuhl / Süd', 'konigsstuhl-sud'],
    ['v1.2_b', 'v1.2_b'],
    ['../../etc/passwd', 'etc-passwd'],
    ['<script>alert(1)</script>', 'script-alert-1-script'],
    ['顕微鏡', ''],
    ['🔬', ''],
    ['   ', ''],
    ['__proto__', 'proto'],
    ['x'.repeat(10_000), 'x'.repeat(100)],
  ];
  for (const [name, slug] of cases)
    it(`makes "${slug}" of "${name.slice(0, 30)}"`, () => assert.equal(slugOf(name), slug));
});

describe('newDeviceKey', () => {
  it('adds the label id when the slug is taken', () => {
    assert.equal(newDeviceKey('Krios', 7, new Set(['facility/krios'])), 'facility/krios-7');
  });

  it('adds the label id when there is no slug', () => {
    assert.equal(newDeviceKey('🔬', 7, new Set()), 'facility/device-7');
  });

  it('finds a key even when a group label of two projects has been seen before', () => {
    assert.equal(newDeviceKey('Krios', 7, new Set(['facility/krios', 'facility/krios-7'])), 'facility/krios-7-2');
  });

  it('makes a new valid key of any name', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 130 }), { maxLength: 20 });
    fc.assert(
      fc.property(names, (list) => {
        const taken = new Set<string>();
        for (const [index, name] of list.entries()) {
          const key = newDeviceKey(name, index % 3, taken);
          assert.ok(isComponentKey(key), key);
          assert.ok(!taken.has(key));
          taken.add(key);
        }
      }),
    );
  });
});
