import { cleanText } from '../html/index.ts';
import { addressOf, isAllowedAddress, type Token } from './parse.ts';
import { textOf } from './write-html.ts';

/** One level of what stands around a block: the marks before its first line, and before those that follow. */
interface Margin {
  first: string;
  rest: string;
}

/** How deep lists and quotes are shown as such. */
const MOST_MARGINS = 8;

/** Readable text from parsed Markdown: words, addresses, dashes before points; nothing to decode. */
export class PlainWriter {
  readonly #blocks: string[] = [];
  readonly #margins: Margin[] = [];
  /** Next numbers of the lists around; null: a list of points. */
  readonly #numbers: (number | null)[] = [];
  /** The cells of the row that is being read. */
  #cells: string[] | null = null;
  /** True within a list whose points follow each other without empty lines. */
  #tight = false;

  write(tokens: readonly Token[]): this {
    for (const token of tokens) this.#token(token);
    return this;
  }

  end(): string {
    return this.#blocks
      .join('')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  #token(token: Token): void {
    switch (token.type) {
      case 'blockquote_open':
        this.#margins.push({ first: '> ', rest: '> ' });
        break;
      case 'bullet_list_open':
        this.#numbers.push(null);
        break;
      case 'ordered_list_open':
        this.#numbers.push(Number(token.attrGet('start') ?? 1));
        break;
      case 'list_item_open':
        this.#margins.push(this.#point());
        break;
      case 'blockquote_close':
      case 'list_item_close':
        this.#margins.pop();
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#numbers.pop();
        if (this.#numbers.length === 0) this.#blocks.push('\n');
        break;
      case 'paragraph_open':
        this.#tight = token.hidden;
        break;
      default:
        this.#content(token);
    }
  }

  #content(token: Token): void {
    switch (token.type) {
      case 'tr_open':
        this.#cells = [];
        break;
      case 'tr_close':
        this.#block((this.#cells ?? []).join(' | ').trim(), '\n');
        this.#cells = null;
        break;
      case 'table_close':
        this.#blocks.push('\n');
        break;
      case 'inline': {
        const text = inlineText(token.children ?? []);
        if (this.#cells === null) this.#block(text, this.#tight ? '\n' : '\n\n');
        else this.#cells.push(text);
        this.#tight = false;
        break;
      }
      case 'code_block':
      case 'fence':
        this.#block(token.content.trimEnd(), '\n\n');
        break;
      case 'hr':
        this.#block('---', '\n\n');
        break;
    }
  }

  #point(): Margin {
    const number = this.#numbers.at(-1);
    if (number === null || number === undefined) return { first: '- ', rest: '  ' };
    this.#numbers[this.#numbers.length - 1] = number + 1;
    const first = `${number}. `;
    return { first, rest: ' '.repeat(first.length) };
  }

  #block(text: string, after: string): void {
    const shown = this.#margins.slice(0, MOST_MARGINS);
    const rest = shown.map((margin) => margin.rest).join('');
    const first = shown.map((margin) => margin.first).join('');
    for (const margin of shown) margin.first = margin.rest;
    const lines = text.split('\n').map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd());
    this.#blocks.push(lines.join('\n') + after);
  }
}

/** Words with the address of each link behind them, where it says more than they do. */
function inlineText(tokens: readonly Token[]): string {
  let text = '';
  const links: { address: string; from: number }[] = [];
  for (const token of tokens) {
    if (token.type === 'link_open') links.push({ address: addressOf(token), from: text.length });
    else if (token.type === 'link_close') {
      const link = links.pop();
      if (link !== undefined) text += addressAfter(text.slice(link.from), link.address);
    } else if (token.type === 'softbreak' || token.type === 'hardbreak') text += '\n';
    else if (token.type === 'image') {
      const words = textOf(token.children ?? []);
      const address = addressOf(token);
      text += words === '' ? address : words + (links.length === 0 ? addressAfter(words, address) : '');
    } else text += token.content;
  }
  return text;
}

function addressAfter(words: string, address: string): string {
  // A path of our own leads nowhere without our name before it.
  if (!isAllowedAddress(address) || address.startsWith('/')) return '';
  const said = words.trim();
  if ([said, `mailto:${said}`, `${said}/`, encodeURI(said)].includes(address)) return '';
  return ` (${address.replace(/^mailto:/i, '')})`;
}

/** Cut at a blank if one is near, never within a character; the mark of the cut counts. */
export function shorten(text: string, mostCharacters: number): string {
  const characters = [...text];
  if (characters.length <= mostCharacters) return text;
  const kept = characters.slice(0, Math.max(0, mostCharacters - 1)).join('');
  const blank = kept.search(/\s\S{0,30}$/);
  return `${(blank > 0 ? kept.slice(0, blank) : kept).trimEnd()}…`;
}

export function readable(text: string): string {
  return cleanText(text, '');
}
