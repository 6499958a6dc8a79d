import type { Html } from '../html/index.ts';
import { parseMarkdown } from './parse.ts';
import { HtmlWriter } from './write-html.ts';
import { PlainWriter, readable, shorten } from './write-plain.ts';

/**
 * Markup from a text that anybody may have written: no raw HTML, no picture, links to http, https, mailto and own paths
 * only. `base` is put before own paths; feeds and mails need it, since they are read elsewhere.
 */
export function renderMarkdown(source: string, options: { base?: string } = {}): Html {
  return new HtmlWriter(options.base ?? '').write(parseMarkdown(source)).end();
}

/** The same text for where no markup can stand: summaries, mails, calendars. Paragraphs and points keep their lines. */
export function plainText(source: string, mostCharacters = Infinity): string {
  return shorten(readable(new PlainWriter().write(parseMarkdown(source)).end()), mostCharacters);
}
