import { cleanText } from '../html/index.ts';

/** Everything that some reader takes for the end of a line. */
const LINE_END = /\r\n?|[\n\u0085\u2028\u2029]/g;

/** A text of several lines without what XML, or the one who reads it, cannot bear. */
export function lines(text: string): string {
  return cleanText(text.replace(LINE_END, '\n'), '');
}

/** A title, a name: one line, blanks not doubled. */
export function oneLine(text: string): string {
  return lines(text).replace(/\s+/g, ' ').trim();
}

/** An address as it may stand in any of the formats: absolute, ASCII, without blanks and line ends. */
export function address(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol === 'https:' || protocol === 'http:') return href;
  throw new TypeError(`A feed links to web pages, not to ${protocol}`);
}
