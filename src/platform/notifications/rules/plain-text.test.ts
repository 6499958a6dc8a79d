import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanLine, cleanText, plainText } from './plain-text.ts';
import { webLink } from './web-link.ts';

describe('text for readers', () => {
  it('has LF for every line end and nothing unseen', () => {
    assert.equal(cleanText(' a\r\nb\rc\u2028d\u0085e\tf\u0000\u001b\u202eg\ufeff\ud800\n'), 'a\nb\nc\nd\ne\tfg\ufffd');
    assert.equal(cleanLine('a\r\nBcc: b\u2029c\t d'), 'a Bcc: b c d');
  });

  it('loses the signs of Markdown and keeps its words and addresses', () => {
    assert.equal(
      plainText('## Now\n\n\n\n**We know** the [cause](https://a.example/b?c=d).\n* one\n* two\n2 ** 3 ** 4'),
      'Now\n\nWe know the cause (https://a.example/b?c=d).\n* one\n* two\n2 ** 3 ** 4',
    );
    assert.equal(
      plainText('[x](javascript:alert(1)) ![y](https://a.example/y.png)'),
      '[x](javascript:alert(1)) y (https://a.example/y.png)',
    );
  });

  it('is made in time from whatever is typed', () => {
    for (const part of ['[', '**', '[a](', '![', '#', '**a', '[a](https://']) {
      const started = performance.now();
      assert.ok(plainText(part.repeat(1_000_000)).length <= 40_000);
      assert.ok(performance.now() - started < 2000, part);
    }
  });
});

describe('a link', () => {
  it('is an address of the web and ends nothing it stands in', () => {
    assert.equal(
      webLink('https://a.example/x|y>z"\'<(w) `\r\n?q={}|^'),
      'https://a.example/x%7Cy%3Ez%22%27%3C%28w%29%20%60?q=%7B%7D%7C%5E',
    );
    for (const address of [
      undefined,
      '',
      'javascript:alert(1)',
      'data:text/html,x',
      '//a.example',
      '/x',
      'mailto:a@b',
    ]) {
      assert.equal(webLink(address), null);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        assert.match(
          webLink(`https://a.example/${path}`) ?? 'https://',
          /^https:\/\/[^\s"'<>|\\^`{}()\u0080-\uffff]*$/,
        );
      }),
    );
  });
});
