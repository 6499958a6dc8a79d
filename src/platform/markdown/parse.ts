import { createRequire } from 'node:module';
import type MarkdownItLibrary from 'markdown-it';
import type { MarkdownIt, Token } from 'markdown-it';

export type { Token };

/** What an update or a post-mortem needs at most; the work is bounded by it. */
const MOST_CHARACTERS = 20_000;

/** Blocks in blocks; what a person writes has six. */
const MOST_NESTING = 30;

/** Short rows are filled up to the length of the first, so a small text could become a huge table. */
const MOST_CELLS = 10_000;

/** By whether they know tables. */
const parsers = new Map<boolean, MarkdownIt>();

/** Loaded at the first text (15 to 20 ms), so that starting does not wait for it. */
function parserFor(tables: boolean): MarkdownIt {
  const known = parsers.get(tables);
  if (known !== undefined) return known;
  const Library = createRequire(import.meta.url)('markdown-it') as typeof MarkdownItLibrary;
  const made = new Library({ html: false, linkify: true, typographer: false, breaks: true, maxNesting: MOST_NESTING });
  // Only addresses that are written out: `deploy.sh` and `README.md` are names of files and of foreign domains.
  made.linkify.set({ fuzzyLink: false, fuzzyIP: false }).add('ftp:', null).add('//', null);
  made.validateLink = isAllowedAddress;
  if (!tables) made.disable('table');
  parsers.set(tables, made);
  return made;
}

/** http, https, mailto, or a path of our own. Browsers take a backslash for a slash and drop tabs and line ends. */
export function isAllowedAddress(address: string): boolean {
  if (/[\u0000-\u0020\u007f\\]/.test(address)) return false;
  return /^(https?:\/\/[^/]|mailto:[^/]|\/(?!\/))/i.test(address);
}

/** A link's or a picture's address; empty when it has none. */
export function addressOf(token: Token): string {
  return String(token.attrGet(token.type === 'image' ? 'src' : 'href') ?? '');
}

/** The blocks of a text, cut at 20,000 characters. */
export function parseMarkdown(source: string): Token[] {
  const cut = source.length > MOST_CHARACTERS ? `${source.slice(0, MOST_CHARACTERS)}…` : source;
  return parserFor(mostCells(cut) <= MOST_CELLS).parse(cut, {});
}

function mostCells(source: string): number {
  const lines = source.split(/\r\n?|\n/);
  return lines.length * lines.reduce((most, line) => Math.max(most, line.split('|').length), 0);
}
