const MARK = Symbol('html');

/** Text that is markup already. Only `html`, `joinHtml` and `trustedHtml` make it. */
export interface Html {
  readonly [MARK]: true;
  toString(): string;
}

/** What may stand in a `${}` of an `html` template. Everything but `Html` is escaped; null, undefined, false vanish. */
export type View = Html | string | number | bigint | null | undefined | false | readonly View[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** What neither HTML nor XML may hold: control characters, lone surrogates, and the marks that turn text direction. */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text without what no document may hold; each such character becomes `instead`. */
export function cleanText(text: string, instead = '\ufffd'): string {
  return text.replace(UNSAFE, instead);
}

function escape(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

class Markup implements Html {
  readonly [MARK] = true as const;
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export function isHtml(value: unknown): value is Html {
  return value instanceof Markup;
}

function render(view: View): string {
  if (view === null || view === undefined || view === false) return '';
  if (Array.isArray(view)) return view.map(render).join('');
  if (isHtml(view)) return view.toString();
  return escape(String(view));
}

/** The way every page, fragment and SVG is written. Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: View[]): Html {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

export function joinHtml(parts: readonly View[], separator: View = ''): Html {
  return new Markup(parts.map(render).join(render(separator)));
}

/** Markup from a trusted maker (a sanitiser, a constant). Each use is a place to review. */
export function trustedHtml(markup: string): Html {
  return new Markup(markup);
}

/** ` name="value"` for each attribute that is not false, null or undefined; true gives the bare name. */
export function attributes(values: Record<string, string | number | boolean | null | undefined>): Html {
  const parts = Object.entries(values).map(([name, value]) => {
    if (value === false || value === null || value === undefined) return '';
    return value === true ? ` ${name}` : ` ${name}="${escape(String(value))}"`;
  });
  return new Markup(parts.join(''));
}
