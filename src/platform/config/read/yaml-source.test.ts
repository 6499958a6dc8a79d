import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { TreeNode } from './tree.ts';
import { readYaml } from './yaml-source.ts';

function plain(node: TreeNode | null): unknown {
  if (node === null) return null;
  if (node.kind === 'leaf') return node.value;
  if (node.kind === 'row') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
}

function complaint(text: string): string {
  const { node, mistakes } = readYaml(text);
  assert.equal(node, null);
  return mistakes.map(({ path, line, problem }) => `${path}:${line ?? '-'} ${problem}`).join('\n');
}

describe('a YAML file', () => {
  it('is read with the place of every value', () => {
    const { node } = readYaml('a:\n  b: 1\n  c: [x, true, null]\n');
    assert.deepEqual(plain(node), { a: { b: 1, c: ['x', true, null] } });
    assert.ok(node?.kind === 'branch');
    const a = node.entries.get('a')?.node;
    assert.ok(a?.kind === 'branch');
    assert.deepEqual(a.entries.get('c')?.origin, { line: 3, column: 3 });
  });

  it('means the same whether empty, a comment or nothing', () => {
    for (const text of ['', '\n\n', '# nothing\n', '---\n']) {
      const { node, mistakes } = readYaml(text);
      assert.deepEqual({ read: plain(node), mistakes }, { read: null, mistakes: [] });
    }
  });

  it('keeps words that other versions of YAML turn into something else', () => {
    const text = 'a: yes\nb: off\nc: 2026-11-20\nd: 12:30\n';
    assert.deepEqual(plain(readYaml(text).node), { a: 'yes', b: 'off', c: '2026-11-20', d: '12:30' });
  });

  it('gives back what was written, whatever it is', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.string({ minLength: 1 }).filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 5, noNullPrototype: true }), (value) => {
        const { node, mistakes } = readYaml(stringify(value));
        assert.deepEqual(mistakes, []);
        assert.deepEqual(plain(node), value);
      }),
    );
  });

  it('follows aliases', () => {
    const text = 'base: &base { a: 1 }\nuse: *base\n';
    assert.deepEqual(plain(readYaml(text).node), { base: { a: 1 }, use: { a: 1 } });
  });
});

describe('a hostile YAML file', () => {
  it('cannot multiply itself by aliases', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [at, name] of 'bcdefghi'.split('').entries()) {
      const before = 'abcdefgh'[at] ?? '';
      levels.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
    }
    const begin = performance.now();
    assert.match(complaint(levels.join('\n')), /more than 20000 values/);
    assert.ok(performance.now() - begin < 2000);
  });

  it('cannot contain itself', () => {
    assert.match(complaint('a: &a { b: *a }'), /a\.b:1 the alias contains itself/);
    assert.match(complaint('a: *b'), /points to nothing/);
  });

  for (const key of ['__proto__', 'constructor', 'prototype', '"__proto__"', '!!str __proto__']) {
    it(`cannot reach a prototype by the key ${key}`, () => {
      assert.match(complaint(`site:\n  ${key}: { polluted: true }\n`), /:2 this word cannot be a key|not allowed/);
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });
  }

  it('cannot say a key twice, not even as number and text', () => {
    assert.match(complaint('a: 1\nb: 2\na: 3\n'), /a:3 the key stands here a second time/);
    assert.match(complaint('1: a\n"1": b\n'), /1:2 the key stands here a second time/);
  });

  it('cannot make anything but texts, numbers, true, false, lists and groups', () => {
    for (const tag of ['!!binary aGk=', '!!js/function "x"', '!ruby/object x', '!!set {a}', '!!timestamp 2026-01-01']) {
      assert.match(complaint(`a: ${tag}`), /tag|not allowed/, tag);
    }
  });

  it('cannot use groups as keys or hold two documents', () => {
    assert.match(complaint('? {a: 1}\n: x\n'), /plain word/);
    assert.match(complaint('a: 1\n---\nb: 2\n'), /second document/);
  });

  it('is refused when nested beyond all reason, by us and not by the stack', () => {
    for (const text of [
      '['.repeat(100_000),
      '{a: '.repeat(50_000),
      `${'- '.repeat(5000)}x`,
      `a: ${'['.repeat(60)}${']'.repeat(60)}`,
    ]) {
      assert.match(complaint(text), /nested too deeply|not closed|not valid/, text.slice(0, 10));
    }
  });

  it('is refused when it is large', () => {
    assert.match(complaint(`a: ${'x'.repeat(1024 * 1024)}`), /larger than 1 MB/);
  });

  it('never throws, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { node, mistakes } = readYaml(text);
        if (mistakes.length > 0) assert.equal(node, null);
        assert.ok(mistakes.length <= 20);
      }),
    );
    for (const text of [
      '\t- a',
      'a: "x',
      "a: 'x",
      'a: b: c',
      '&',
      '*',
      '!',
      '%YAML 9',
      'a: |\n b\nc',
      '\u0000',
      '\uFEFFa: 1',
    ])
      readYaml(text);
  });
});
