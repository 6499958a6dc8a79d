import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isHtml } from '../html/index.ts';
import { plainText, renderMarkdown } from './index.ts';

const shown = (source: string, base?: string) => renderMarkdown(source, base === undefined ? {} : { base }).toString();
const link = (address: string, words = address) => `<a href="${address}" rel="nofollow noopener">${words}</a>`;

/** Every tag and attribute that may come out, as they are written. */
const ALLOWED =
  /<(?<end>\/?)(?<name>p|blockquote|ul|ol|li|h[3-6]|table|thead|tbody|tr|th|td|em|strong|s|pre|code|a)(?<given>|(?<=<a) href="(?:https?:\/\/|mailto:|\/(?!\/))[^"<>\s\\]*" rel="nofollow noopener"|(?<=<ol) start="\d+")>|<(?:br|hr)>/g;

/** Fails unless the markup consists of allowed tags that are closed in order, and of escaped text. */
function assertHarmless(markup: string): void {
  const open: string[] = [];
  for (const { groups } of markup.matchAll(ALLOWED)) {
    if (groups?.['name'] === undefined) continue;
    if (groups['end'] === '/') assert.equal(open.pop(), groups['name']);
    else {
      assert.equal(groups['name'] === 'a' && open.includes('a'), false, 'a link within a link');
      assert.equal(groups['name'] === 'a' && groups['given'] === '', false, 'a link to nowhere');
      open.push(groups['name']);
    }
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(markup.replace(ALLOWED, ''), /[<>"']/);
  assert.doesNotMatch(markup, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/);
}

describe('renderMarkdown', () => {
  it('gives markup that pages take without escaping', () => {
    assert.equal(isHtml(renderMarkdown('*a*')), true);
    assert.equal(shown('*a* **b** ~~c~~ `d<e`'), '<p><em>a</em> <strong>b</strong> <s>c</s> <code>d&lt;e</code></p>');
    assert.equal(shown(''), '');
  });

  it('keeps the lines as they were typed, and paragraphs apart', () => {
    assert.equal(shown('one\ntwo\r\nthree\n\nfour'), '<p>one<br>two<br>three</p><p>four</p>');
  });

  it('puts headings below those of the page, none of them left out', () => {
    assert.equal(shown('# a\n## b\n### c\n###### d\n\ne\n==='), '<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6><h3>e</h3>');
    assert.equal(shown('### a\n##### b\n# c\n## d'), '<h3>a</h3><h4>b</h4><h3>c</h3><h4>d</h4>');
  });

  it('writes lists, with their first number, and quotes', () => {
    assert.equal(shown('- a\n- b'), '<ul><li>a</li><li>b</li></ul>');
    assert.equal(shown('5. a\n6. b'), '<ol start="5"><li>a</li><li>b</li></ol>');
    assert.equal(shown('- a\n\n- b'), '<ul><li><p>a</p></li><li><p>b</p></li></ul>');
    assert.equal(shown('> a\n\n---'), '<blockquote><p>a</p></blockquote><hr>');
  });

  it('writes tables without styles or classes', () => {
    assert.equal(
      shown('|a|b|\n|:-|-:|\n|1|<2>|'),
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>&lt;2&gt;</td></tr></tbody></table>',
    );
  });

  it('leaves typography and the language of code blocks alone', () => {
    assert.equal(shown('"a" -- (c) ...'), '<p>&quot;a&quot; -- (c) ...</p>');
    assert.equal(shown('```js\nlet a;\n```'), '<pre><code>let a;\n</code></pre>');
  });

  it('shows mermaid fences as the text they are', () => {
    assert.equal(
      shown('```mermaid\ngraph TD; A["<img src=x onerror=alert(1)>"]\n```'),
      '<pre><code>graph TD; A[&quot;&lt;img src=x onerror=alert(1)&gt;&quot;]\n</code></pre>',
    );
    assertHarmless(shown('```"><script>alert(1)</script>\na\n```'));
  });
});

describe('links of renderMarkdown', () => {
  it('go to http, https and mailto, without telling the other side more than it asks', () => {
    assert.equal(shown('[a](https://b.example/?c=d&e)'), `<p>${link('https://b.example/?c=d&amp;e', 'a')}</p>`);
    assert.equal(shown('[a](http://b.example "title")'), `<p>${link('http://b.example', 'a')}</p>`);
    assert.equal(shown('<mailto:a@b.example>'), `<p>${link('mailto:a@b.example')}</p>`);
    assert.equal(shown('[a][r]\n\n[r]: https://b.example'), `<p>${link('https://b.example', 'a')}</p>`);
  });

  it('go to our own paths, after the base where the text is read elsewhere', () => {
    assert.equal(shown('[a](/incidents/3)'), `<p>${link('/incidents/3', 'a')}</p>`);
    assert.equal(shown('[a](/b)', 'https://s.example/status'), `<p>${link('https://s.example/status/b', 'a')}</p>`);
    assert.equal(shown('[a](https://b.example)', 'https://s.example'), `<p>${link('https://b.example', 'a')}</p>`);
  });

  it('are made of addresses that are written out, not of names of files', () => {
    assert.equal(shown('see https://a.example/b.'), `<p>see ${link('https://a.example/b')}.</p>`);
    assert.equal(shown('ask a@b.example'), `<p>ask ${link('mailto:a@b.example', 'a@b.example')}</p>`);
    assert.equal(
      shown('run deploy.sh, read README.md, www.a.example, 10.0.0.1'),
      '<p>run deploy.sh, read README.md, www.a.example, 10.0.0.1</p>',
    );
    assert.equal(shown('ftp://a.example //a.example'), '<p>ftp://a.example //a.example</p>');
  });

  const refused = [
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](java&#115;cript:alert(1))',
    '[a](&#x6A&#x61;vascript:alert(1))',
    '[a](javascript&colon;alert(1))',
    '[a](<java\tscript:alert(1)>)',
    '[a](\u0001javascript:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](data:image/png;base64,aaaa)',
    '[a](vbscript:msgbox(1))',
    '[a](file:///etc/passwd)',
    '[a](ftp://b.example)',
    '[a](//b.example)',
    '[a](http:b.example)',
    '[a](http:///b.example)',
    '[a](b)',
    '[a](#b)',
    '[a][r]\n\n[r]: javascript:alert(1)',
    '[r]\n\n[r]: data:text/html,1',
    '<javascript:alert(1)>',
    '<data:text/html,1>',
    '![a](javascript:alert(1))',
    '![a](data:image/svg+xml,1)',
    '[![a](javascript:alert(1))](vbscript:b)',
  ];
  for (const source of refused) {
    it(`refuses ${JSON.stringify(source)}`, () => {
      const markup = shown(source);
      assertHarmless(markup);
      assert.doesNotMatch(markup, /<a/);
    });
  }

  it('cannot leave our host through a backslash, a tab or a line end', () => {
    for (const source of [
      '[a](/\\b.example)',
      '[a](</\t/b.example>)',
      '[a](/&#9;/b.example)',
      '[a](/&#10;/b.example)',
    ]) {
      const address = /href="([^"]*)"/.exec(shown(source))?.[1] ?? '/';
      assert.equal(new URL(address, 'https://s.example').host, 's.example', source);
    }
  });
});

describe('hostile text of renderMarkdown', () => {
  const raw = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<svg><animate onbegin=alert(1)></svg>',
    'a <b onclick="x">c</b>',
    '<!-- --><![CDATA[<x>]]><?php ?>',
    '<a href="javascript:alert(1)">a</a>',
    '<style>*{display:none}</style>',
    '<iframe srcdoc="<script>">',
    '`<script>`\n\n    <script>\n',
    '# <script>\n\n> <script>\n\n- <script>',
    '|<script>|\n|-|\n|<img onerror=a>|',
    '[<script>](https://a.example)',
    '[a](https://b.example "\' onmouseover=alert(1) \\"")',
    "[a](https://b.example/'onmouseover='alert(1))",
    '[a](https://b.example/"onmouseover="alert(1))',
    '![" onerror="alert(1)](https://b.example/x.png)',
    '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;',
    '<https://a.example/"><script>>',
  ];
  for (const source of raw) it(`shows ${JSON.stringify(source)} as text`, () => assertHarmless(shown(source)));

  it('makes links of pictures, and none within a link', () => {
    assert.equal(shown('![a](https://b.example/c.png)'), `<p>${link('https://b.example/c.png', 'a')}</p>`);
    assert.equal(shown('![](https://b.example/c.png)'), `<p>${link('https://b.example/c.png')}</p>`);
    assert.equal(
      shown('[![a *b*](https://b.example/c.png)](https://d.example)'),
      `<p>${link('https://d.example', 'a b')}</p>`,
    );
    assert.equal(shown('![a [b](https://c.example)](https://d.example)'), `<p>${link('https://d.example', 'a b')}</p>`);
  });

  it('marks characters that turn the direction, also encoded ones and those in addresses', () => {
    assert.equal(shown('a\u202ecod.exe'), '<p>a\ufffdcod.exe</p>');
    assert.equal(shown('a&#x202e;b `c\u2066d`'), '<p>a\ufffdb <code>c\ufffdd</code></p>');
    assertHarmless(shown('https://a.example/%E2%80%AEexe.b [a](https://b.example/\u202ec)'));
    assertHarmless(shown('a\u0000b &#0; \ud800 &#xd800; \uffff'));
  });

  it('contains no tag and no attribute outside of the list, whatever the text', () => {
    const words = [
      '[',
      '](',
      ')',
      '![',
      '<',
      '>',
      '"',
      "'",
      '&',
      '#x6a;',
      'javascript:',
      'https://a.b/',
      'mailto:a@b.c',
      '`',
      '```',
      '\n',
      '\n\n',
      '\n> ',
      '\n- ',
      '\n1. ',
      '*',
      '_',
      '~~',
      '|',
      '\n|-|\n',
      '\\',
      '\t',
      '    ',
      '[r]',
      '\n[r]: ',
      '<script>',
      'onerror=',
      '\u202e',
      '\u0000',
      '//',
      '/',
      ' ',
    ];
    const source = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, (text) => assertHarmless(shown(text))),
      { numRuns: 1000 },
    );
  });
});

describe('bounds of Markdown', () => {
  it('cuts the text at 20,000 characters, and says so', () => {
    const markup = shown('a'.repeat(30_000));
    assert.equal(markup, `<p>${'a'.repeat(20_000)}…</p>`);
    assertHarmless(shown(`${'a'.repeat(19_999)}\u{1f6a8}`));
  });

  const deep: Record<string, string> = {
    brackets: '['.repeat(10_000),
    'brackets that close': '['.repeat(10_000) + ']'.repeat(10_000),
    pictures: '![ '.repeat(10_000),
    'links in links': '[a]('.repeat(10_000),
    quotes: '>'.repeat(10_000),
    'quotes with text': `${'> '.repeat(100)}\n${'a\n'.repeat(9000)}`,
    points: '- '.repeat(10_000),
    'points, each deeper': Array.from({ length: 190 }, (_, depth) => `${' '.repeat(depth)}- a`).join('\n'),
    stars: '*a '.repeat(3300) + ' a*'.repeat(3300),
    backticks: Array.from({ length: 190 }, (_, count) => `${'`'.repeat(count + 1)}a`).join(' '),
    addresses: 'https://a('.repeat(2000),
    'addresses that end in stars': `https://a${'*'.repeat(19_000)}`,
    mails: 'a@a.'.repeat(5000),
    'empty lines in code': `\`\`\`\n${'\n'.repeat(19_000)}x`,
    'a table that fills itself up': `${'a|'.repeat(300)}\n${'-|'.repeat(300)}\n${'a\n'.repeat(9000)}`,
    'a table with many rows': 'a|b\n-|-\n'.repeat(2500),
  };
  for (const [name, source] of Object.entries(deep)) {
    it(`takes ${name} in a time and space that a reader waits for`, () => {
      const before = process.cpuUsage();
      const markup = shown(source);
      plainText(source);
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
      assert.ok(markup.length < 250_000, `${markup.length} characters`);
      assertHarmless(markup);
    });
  }

  it('nests no deeper than browsers and mail programs do', () => {
    const markup = shown('*a '.repeat(3300) + ' a*'.repeat(3300));
    assert.ok((markup.match(/<em>/g) ?? []).length <= 60);
    assert.equal(markup.replace(/<[^>]+>/g, '').match(/a/g)?.length, 6600);
  });

  it('loads its parser with the first text and not with the program', () => {
    const script = `
      const { createRequire } = await import('node:module');
      const { cache } = createRequire(process.argv[1]);
      const loaded = () => Object.keys(cache).some((file) => file.includes('/markdown-it/'));
      const { renderMarkdown } = await import(process.argv[1]);
      const before = loaded();
      renderMarkdown('a');
      process.stdout.write(before + ' ' + loaded());`;
    const door = new URL('index.ts', import.meta.url);
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, door.href], {
      encoding: 'utf8',
    });
    assert.equal(stdout, 'false true', stderr);
  });
});

describe('plainText', () => {
  it('is what a person would type into a mail', () => {
    const source = [
      '# Storage is slow',
      '',
      'Since *10:40* we see [errors](https://a.example/b) in `eu-1`.',
      'More at https://c.example or a@d.example.',
      '',
      '- one',
      '- two',
      '  1. three',
      '  2. four',
      '',
      '> quoted',
      '> twice',
      '',
      '```sh',
      'systemctl restart a',
      '```',
      '',
      '|a|b|',
      '|-|-|',
      '|1|2|',
      '',
      '![graph](https://e.example/f.png) [own](/incidents/3)',
    ].join('\n');
    const expected = [
      'Storage is slow',
      '',
      'Since 10:40 we see errors (https://a.example/b) in eu-1.',
      'More at https://c.example or a@d.example.',
      '',
      '- one',
      '- two',
      '  1. three',
      '  2. four',
      '',
      '> quoted',
      '> twice',
      '',
      'systemctl restart a',
      '',
      'a | b',
      '1 | 2',
      '',
      'graph (https://e.example/f.png) own',
    ].join('\n');
    assert.equal(plainText(source), expected);
  });

  it('is text and not markup: nothing is escaped, nothing decoded twice', () => {
    assert.equal(plainText('a < b &amp; &lt;c> <script>'), 'a < b & <c> <script>');
    assert.equal(plainText('&amp;lt;'), '&lt;');
  });

  it('has no control or direction characters', () => {
    assert.equal(plainText('a\u202eb\u0007c&#x202e;d\r\ne'), 'abcd\ne');
  });

  it('is cut between words where it can be, and never within a character', () => {
    assert.equal(plainText('one two three', 9), 'one two…');
    assert.equal(plainText('one two three', 13), 'one two three');
    assert.equal(plainText('\u{1f6a8}'.repeat(10), 5), `${'\u{1f6a8}'.repeat(4)}…`);
    assert.equal(plainText('a'.repeat(100), 10), `${'a'.repeat(9)}…`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (text, most) => {
        const cut = plainText(text, most);
        assert.ok([...cut].length <= most);
        assert.equal(cut.isWellFormed(), true);
      }),
    );
  });

  it('keeps the words of any text that has no marks in it', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 }), (words) => {
        assert.equal(plainText(words.join(' ')), words.join(' '));
      }),
    );
  });
});
