/** Where a link of the predecessor leads here; null: nowhere, the words stay. */
export type LinkTarget = (href: string) => string | null;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: String.raw`\<`,
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
/** Their content is no text. */
const SILENT = new Set(['script', 'style', 'template', 'iframe', 'object', 'svg', 'math', 'noscript', 'textarea']);
const BREAKS = new Set(['br', 'p', 'div', 'li', 'ul', 'ol', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

type Token = { text: string } | { tag: string; closes: boolean; href: string | null };

/**
 * Text that the predecessor put into its pages as HTML, as Markdown: its links stay links, line breaks stay, every
 * other tag goes. One pass, whatever the text.
 */
export function markdownOf(html: string, target: LinkTarget): string {
  const out: string[] = [];
  let silent: string | null = null;
  let link: { href: string; from: number } | null = null;
  for (const token of tokensOf(html)) {
    if ('text' in token) {
      if (silent === null) out.push(decoded(token.text));
    } else if (silent !== null) {
      if (token.closes && token.tag === silent) silent = null;
    } else if (SILENT.has(token.tag)) {
      if (!token.closes) silent = token.tag;
    } else if (token.tag === 'a') {
      if (link !== null) {
        const words = out.splice(link.from).join('').replace(/\s+/g, ' ').trim();
        out.push(words === '' ? '' : `[${words.replace(/[[\]\\]/g, String.raw`\$&`)}](${link.href})`);
      }
      const href = token.closes || token.href === null ? null : target(token.href);
      link = href === null ? null : { href, from: out.length };
    } else if (BREAKS.has(token.tag)) out.push('\n');
  }
  return cleaned(out.join(''));
}

/** A name, value or title, which the predecessor escaped itself: as it is, on one line. */
export function lineOf(text: string): string {
  return showable(text)
    .replace(/[\t\n]+/g, ' ')
    .trim();
}

function cleaned(html: string): string {
  return (
    showable(html)
      // Brackets that lost what was between them must not make a tag.
      .replace(/(?<!\\)<(?=[a-z/!?])/gi, String.raw`\<`)
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

function showable(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
  );
}

function* tokensOf(html: string): Generator<Token> {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    if (open > at) yield { text: html.slice(at, open) };
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const isTag = /^[a-zA-Z/!?]$/.test(html.charAt(open + 1));
    const close = isTag ? endOfTag(html, open + 1) : -1;
    if (close < 0) {
      // A sign of comparison stays; what begins like a tag and never ends loses its bracket.
      yield { text: isTag ? '' : '<' };
      at = open + 1;
      if (isTag) {
        yield { text: html.slice(at).replaceAll('<', '') };
        return;
      }
      continue;
    }
    yield tagOf(html.slice(open + 1, close));
    at = close + 1;
  }
  if (at < html.length) yield { text: html.slice(at) };
}

/** The `>` that ends a tag, not one within quotes. */
function endOfTag(html: string, from: number): number {
  let quote = '';
  for (let at = from; at < html.length; at += 1) {
    const character = html.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

function tagOf(inside: string): Token {
  const name = /^\/?\s*([a-zA-Z][a-zA-Z0-9]{0,20})/.exec(inside)?.[1]?.toLowerCase() ?? '';
  const href = /\shref\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))/i.exec(inside);
  return { tag: name, closes: inside.startsWith('/'), href: href?.[1] ?? href?.[2] ?? href?.[3] ?? null };
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? all;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)) return all;
    const character = String.fromCodePoint(code);
    return character === '<' ? String.raw`\<` : character;
  });
}
