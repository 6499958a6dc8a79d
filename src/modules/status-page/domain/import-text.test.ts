import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lineOf, markdownOf } from './import-text.ts';

const link = (href: string) => (/^(\/incidents\/\d+|https?:\/\/.*)$/.test(href) ? href : null);
const md = (html: string) => markdownOf(html, link);

describe('a text that was HTML', () => {
  it('keeps the links of moves, which name an incident', () => {
    assert.equal(
      md("Storage (Reg1, obs) moved to <a href='/incidents/3'>Uploads fail</a>"),
      'Storage (Reg1, obs) moved to [Uploads fail](/incidents/3)',
    );
    assert.equal(md('<a class=x href=https://a.test/b>a [b] c</a>'), String.raw`[a \[b\] c](https://a.test/b)`);
  });

  it('keeps words and line breaks, and no other tag', () => {
    assert.equal(md('<p>One<br>two</p><b>three</b>'), 'One\ntwo\nthree');
    assert.equal(md('a < b and c > d, 1 <2'), 'a < b and c > d, 1 <2');
    assert.equal(md('AT&amp;T &lt;b&gt; &#8364; &#x41; &nope; &#xD800;'), String.raw`AT&T \<b> € A &nope; &#xD800;`);
  });

  it('lets nothing run', () => {
    for (const [hostile, harmless] of [
      ['<script>alert(1)</script>ok', 'ok'],
      ['<SCRIPT src=x>alert(1)</SCRIPT >ok', 'ok'],
      ['<a href="javascript:alert(1)">click</a>', 'click'],
      ['<a href="JaVaScRiPt:alert(1)">click</a>', 'click'],
      ['<img src=x onerror=alert(1)>', ''],
      ['<svg><script>alert(1)</script></svg>ok', 'ok'],
      ['x<!-- <script>alert(1)</script> -->y', 'xy'],
      ['<scr<script>ipt>alert(1)', 'ipt>alert(1)'],
      ['never ends <img src=x onerror=alert(1)', 'never ends img src=x onerror=alert(1)'],
      ['a\u0000b\u202Ec', 'abc'],
    ] as const) {
      assert.equal(md(hostile), harmless, hostile);
    }
  });

  it('never leaves a tag, whatever it was', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      'a',
      ' href=',
      '"',
      "'",
      '/incidents/1',
      'script',
      'x',
      '<!--',
      '-->',
      '&lt;',
      '&',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = md(pieces.join(''));
        assert.doesNotMatch(text, /(?<!\\)<[a-z/!?]/i);
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to its length', () => {
    const begin = performance.now();
    for (const text of [
      '<'.repeat(200_000),
      '<a '.repeat(100_000),
      '&'.repeat(200_000),
      `<a href="${'x'.repeat(200_000)}`,
    ])
      md(text);
    assert.ok(performance.now() - begin < 2000);
  });
});

describe('a name or title, which never was HTML', () => {
  it('stays as it is, on one line and without what cannot be shown', () => {
    assert.equal(
      lineOf(' DNS <public> \u0000&amp; a<b>c\u202e</b>\r\n\tx\ud800 '),
      'DNS <public> &amp; a<b>c</b> x\ufffd',
    );
    assert.equal(lineOf('Two  spaces'), 'Two  spaces');
  });
});
