import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { attributes, cleanText, html, isHtml, joinHtml, trustedHtml } from './index.ts';

describe('html', () => {
  it('escapes every value in text and attributes', () => {
    const hostile = `<img src=x onerror="alert(1)">&'`;
    assert.equal(
      html`<p title="${hostile}">${hostile}</p>`.toString(),
      '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;">&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;</p>',
    );
  });

  it('does not escape what is markup already, alone, in lists and joined', () => {
    const item = html`<li>${'&'}</li>`;
    assert.equal(html`<ul>${[item, item]}</ul>`.toString(), '<ul><li>&amp;</li><li>&amp;</li></ul>');
    assert.equal(joinHtml([item, 'a<b'], html`<hr>`).toString(), '<li>&amp;</li><hr>a&lt;b');
    assert.equal(trustedHtml('<b>').toString(), '<b>');
  });

  it('leaves out null, undefined and false, and writes zero', () => {
    assert.equal(html`${null}${undefined}${false}${0}`.toString(), '0');
  });

  it('never lets a value add markup, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = html`${text}`.toString();
        assert.doesNotMatch(shown, /[<>"']/);
        assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('cleans text of what neither HTML nor XML may hold', () => {
    assert.equal(cleanText('a\u0000\u202eb\ud800\uffff', ''), 'ab');
    assert.equal(cleanText('a\tb\r\nc \u{1f6a8}'), 'a\tb\r\nc \u{1f6a8}');
  });

  it('does not take an object that only looks like markup', () => {
    assert.equal(isHtml({ toString: () => '<script>' }), false);
  });

  it('writes attributes by their kind', () => {
    assert.equal(attributes({ a: 'x"y', b: true, c: false, d: null, e: 3 }).toString(), ' a="x&quot;y" b e="3"');
  });
});
