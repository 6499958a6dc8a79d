/** Control characters, marks that turn the direction of text, halves of characters: nothing a reader should get. */
const UNSEEN = /(?![\n\t])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text that is text everywhere: lines end in LF, nothing unseen is in it. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(UNSEEN, '')
    .trim();
}

/** More than any channel takes of a text, and of a line. */
const MOST = 40_000;
const MOST_LINE = 1000;

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanText(text.slice(0, MOST_LINE)).replace(/\s+/g, ' ');
}

/** Markdown without its signs, for channels that show text as it is. Bounded patterns: a text cannot make them slow. */
export function plainText(markdown: string): string {
  return cleanText(markdown.slice(0, MOST))
    .replace(/!?\[([^[\]\n]{1,300})\]\((https?:\/\/[^()\s]{1,1000})\)/g, '$1 ($2)')
    .replace(/^#{1,6} {1,4}(?=\S)/gm, '')
    .replace(/\*\*(?=\S)([^*\n]{1,1000})\*\*/g, '$1')
    .replace(/\n{3,}/g, '\n\n');
}
