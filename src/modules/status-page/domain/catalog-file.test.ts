import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { mistakesOf, readText } from './catalog.cases.ts';

/** Appendix 3 of the specification: the predecessor's own file. */
const PLAIN = `components:
  - name: Object Storage
    attributes:
      region: Reg1
      category: Storage
      type: obs
  - name: Object Storage
    attributes:
      region: Reg2
      category: Storage
      type: obs
  - name: Virtual Servers
    attributes:
      region: Reg1
      category: Compute
      type: vm
  - name: No Attributes
`;

describe('a catalogue file', () => {
  it('of the predecessor is read as it is', () => {
    const { file, mistakes } = readText(PLAIN);
    assert.deepEqual(mistakes, []);
    assert.equal(file.regions, null);
    assert.deepEqual(
      file.entries.map(({ name, region, category, key, line }) => [name, region, category, key, line]),
      [
        ['Object Storage', 'Reg1', 'Storage', null, 2],
        ['Object Storage', 'Reg2', 'Storage', null, 7],
        ['Virtual Servers', 'Reg1', 'Compute', null, 12],
        ['No Attributes', null, null, null, 17],
      ],
    );
    assert.deepEqual(file.entries[0]?.attributes, [
      ['region', 'Reg1'],
      ['category', 'Storage'],
      ['type', 'obs'],
    ]);
  });

  it('of our examples has no mistake, two regions and seven categories', () => {
    const { file, mistakes } = readText(
      readFileSync(`${import.meta.dirname}/../../../../examples/catalog.yaml`, 'utf8'),
    );
    assert.deepEqual(mistakes, []);
    assert.equal(new Set(file.entries.map(({ region }) => region)).size, 2);
    assert.equal(new Set(file.entries.map(({ category }) => category)).size, 7);
  });

  it('may name several regions in one entry: a component in each', () => {
    const { file } = readText(
      'components:\n  - {key: obs, name: Storage, regions: [Reg1, "Région 2"], attributes: {category: S}}',
    );
    assert.deepEqual(
      file.entries.map(({ key, region, attributes }) => [key, region, attributes[0]]),
      [
        ['obs-reg1', 'Reg1', ['region', 'Reg1']],
        ['obs-region-2', 'Région 2', ['region', 'Région 2']],
      ],
    );
  });

  it('takes whole numbers for texts, and nothing else that YAML makes of a word', () => {
    assert.equal(readText('components: [{name: 42, attributes: {type: 7}}]').file.entries[0]?.name, '42');
    assert.deepEqual(mistakesOf('components: [{name: 1.10}, {name: true}]'), [
      'components[0].name:1 must be a text | Write it in quotes: "1.1".',
      'components[1].name:1 must be a text | Write it in quotes: "true".',
    ]);
  });

  it('tells every mistake at once, with its place, and what was meant', () => {
    const found = mistakesOf(`version: 2
componets: []
required_attributes: [type]
regions: [{id: Reg1}, Reg1, {label: x}]
components:
  - nam: X
    attributes: {region: Rge1, category: }
  - name: A
    region: Reg1
    key: A b
  - name: A
    docs_url: javascript:alert(1)
    visibility: member
    target: 101
    retired: yes
  - {name: B, key: k, attributes: {type: x, region: Reg1}, regions: [Reg1]}
  - {name: C, key: k-reg1, attributes: {type: x}}
  - just a text
`);
    const expected = [
      /^version:1 is not 1/,
      /^componets:2 .*\| Did you mean components\?/,
      /^regions\[1\]:4 stands here a second time/,
      /^regions\[2\]\.id:4 is missing/,
      /^components\[0\]\.nam:6 .*Did you mean name\?/,
      /^components\[0\]\.name:6 is missing/,
      /^components\[0\]\.attributes\.category:7 is empty/,
      /^components\[0\]\.attributes\.region:7 is none of the regions .*Did you mean Reg1\?/,
      /^components\[0\]\.attributes\.type:6 is missing/,
      /^components\[1\]\.region:9 .*below attributes/,
      /^components\[1\]\.key:10 .*Write a-b\./,
      /^components\[2\]\.docs_url:12 is not a web address/,
      /^components\[2\]\.visibility:13 .*Did you mean members\?/,
      /^components\[2\]\.target:14 must be a number from 0 to 100/,
      /^components\[2\]\.retired:15 must be true or false/,
      /^components\[2\]\.name:11 stands here a second time .*in line 8/,
      /^components\[3\]\.regions:16 stands beside attributes\.region/,
      /^components\[4\]\.key:17 is used a second time/,
      /^components\[5\]:18 must be a group of keys/,
    ];
    for (const pattern of expected)
      assert.ok(
        found.some((line) => pattern.test(line)),
        `${pattern}\n${found.join('\n')}`,
      );
  });

  it('refuses what is too long or cannot be shown', () => {
    const long = (count: number) => 'x'.repeat(count);
    const entry = (extra: string) => `components: [{name: N, ${extra}}]`;
    assert.deepEqual(mistakesOf(entry(`attributes: {${long(30)}: "${long(50)}"}`)), []);
    assert.match(mistakesOf(entry(`attributes: {${long(31)}: a}`))[0] ?? '', /its name has 31 characters .*at most 30/);
    assert.match(mistakesOf(entry(`attributes: {a: ${long(51)}}`))[0] ?? '', /has 51 characters .*at most 50/);
    assert.match(mistakesOf(`components: [{name: ${long(201)}}]`)[0] ?? '', /201 characters/);
    assert.match(mistakesOf('components: [{name: "a\\0b"}]')[0] ?? '', /line break or a control character/);
    assert.match(mistakesOf('components: [{name: "a\\u202Eb"}]')[0] ?? '', /cannot be shown/);
    assert.match(mistakesOf(entry('docs_url: "https://user:pw@x.test/"'))[0] ?? '', /not a web address/);
  });

  it('without components is a mistake, not an order to retire everything', () => {
    assert.match(mistakesOf('')[0] ?? '', /^components:- is missing .*purge/);
    assert.match(mistakesOf('version: 1')[0] ?? '', /^components:1 is missing/);
    assert.match(mistakesOf('[a, b]')[0] ?? '', /must be a group of keys/);
  });
});
