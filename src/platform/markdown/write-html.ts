import { attributes, type Html, html, joinHtml, trustedHtml } from '../html/index.ts';
import { addressOf, isAllowedAddress, type Token } from './parse.ts';

/** All that ever comes out, besides `a`, `pre`, `code`, `br` and `hr`, which are written where they occur. */
const ELEMENTS = new Set('p blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td em strong s a'.split(' '));

/** Pages and the cards on them have the first two headings. */
const HEADINGS_ABOVE = 2;

/** Browsers and mail programs give up on deeper trees; the text stays, its marks go. */
const MOST_DEPTH = 60;

/**
 * Markup from parsed Markdown. It names every tag and attribute itself instead of trusting a renderer, so what is not
 * known here, from whatever version or plug-in, leaves nothing but its text.
 */
export class HtmlWriter {
  readonly #parts: Html[] = [];
  /** What is open, innermost last; null for what is not written. */
  readonly #open: (string | null)[] = [];
  /** Levels of the headings that what is being written stands under, as they were typed. */
  readonly #under: number[] = [];
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  write(tokens: readonly Token[]): this {
    for (const token of tokens) this.#token(token);
    return this;
  }

  /** Closes what is still open. */
  end(): Html {
    while (this.#open.length > 0) this.#closeElement();
    return joinHtml(this.#parts);
  }

  #token(token: Token): void {
    if (token.nesting === 1) this.#openElement(token);
    else if (token.nesting === -1) this.#closeElement();
    else this.#leaf(token);
  }

  #leaf(token: Token): void {
    switch (token.type) {
      case 'inline':
        this.write(token.children ?? []);
        break;
      case 'softbreak':
      case 'hardbreak':
        this.#parts.push(html`<br>`);
        break;
      case 'hr':
        this.#parts.push(html`<hr>`);
        break;
      case 'code_inline':
        this.#parts.push(html`<code>${token.content}</code>`);
        break;
      case 'code_block':
      case 'fence':
        this.#parts.push(html`<pre><code>${token.content}</code></pre>`);
        break;
      case 'image':
        this.#parts.push(this.#image(token));
        break;
      default:
        this.#parts.push(html`${token.content}`);
    }
  }

  /** A picture of somebody else's server would tell it who reads; so it is a link, where none is around it. */
  #image(token: Token): Html {
    const address = addressOf(token);
    const words = textOf(token.children ?? []) || address;
    if (this.#open.includes('a') || !isAllowedAddress(address)) return html`${words}`;
    return html`<a${this.#link(address)}>${words}</a>`;
  }

  #link(address: string): Html {
    return attributes({ href: address.startsWith('/') ? this.#base + address : address, rel: 'nofollow noopener' });
  }

  #openElement(token: Token): void {
    const tag = this.#elementOf(token);
    const given = tag === 'a' ? this.#linkOf(token) : tag === 'ol' ? startOf(token) : html``;
    const written = tag !== null && given !== null && this.#open.length < MOST_DEPTH;
    this.#open.push(written ? tag : null);
    if (written) this.#parts.push(html`<${trustedHtml(tag)}${given}>`);
  }

  #elementOf(token: Token): string | null {
    if (token.hidden || !ELEMENTS.has(token.tag)) return null;
    const heading = /^h([1-6])$/.exec(token.tag);
    return heading === null ? token.tag : this.#headingOf(Number(heading[1]));
  }

  /** Each one level below the one it stands under, whatever level was typed: readers go by them. */
  #headingOf(level: number): string {
    while ((this.#under.at(-1) ?? 0) >= level) this.#under.pop();
    this.#under.push(level);
    return `h${Math.min(6, HEADINGS_ABOVE + this.#under.length)}`;
  }

  #linkOf(token: Token): Html | null {
    const address = addressOf(token);
    return isAllowedAddress(address) ? this.#link(address) : null;
  }

  #closeElement(): void {
    const tag = this.#open.pop();
    if (typeof tag === 'string') this.#parts.push(html`</${trustedHtml(tag)}>`);
  }
}

function startOf(token: Token): Html {
  const start = Number(token.attrGet('start') ?? 1);
  return attributes({ start: Number.isSafeInteger(start) && start !== 1 ? start : null });
}

/** The bare words of an inline text. */
export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
      return token.type === 'image' ? textOf(token.children ?? []) : token.content;
    })
    .join('');
}
