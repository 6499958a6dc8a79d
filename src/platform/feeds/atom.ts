import { type Html, html, trustedHtml } from '../html/index.ts';
import type { Feed, FeedEntry } from './feed.ts';
import { address, lines, oneLine } from './text.ts';

const DECLARATION = trustedHtml('<?xml version="1.0" encoding="UTF-8"?>\n');

/** Atom 1.0, RFC 4287. Its author is the page itself, since an update has one only where that is said. */
export function atom(feed: Feed): string {
  return html`${DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${oneLine(feed.language)}">
<id>${oneLine(feed.id)}</id>
<title type="text">${oneLine(feed.title)}</title>
<subtitle type="text">${oneLine(feed.description)}</subtitle>
<updated>${feed.updated}</updated>
<author><name>${oneLine(feed.title)}</name></author>
<link rel="self" type="application/atom+xml" href="${address(feed.self)}"/>
<link rel="alternate" type="text/html" href="${address(feed.link)}"/>
${feed.entries.map(entryOf)}</feed>
`.toString();
}

function entryOf(entry: FeedEntry): Html {
  return html`<entry>
<id>${oneLine(entry.id)}</id>
<title type="text">${oneLine(entry.title)}</title>
<link rel="alternate" type="text/html" href="${address(entry.url)}"/>
<published>${entry.published}</published>
<updated>${entry.updated}</updated>
${entry.author === undefined ? null : html`<author><name>${oneLine(entry.author)}</name></author>\n`}${entry.categories.map(
  (category) => html`<category term="${oneLine(category)}"/>\n`,
)}${contentOf(entry)}
</entry>
`;
}

function contentOf(entry: FeedEntry): Html {
  const text = lines(entry.text);
  if (entry.html === undefined) return html`<content type="text">${text}</content>`;
  return html`<summary type="text">${text}</summary>
<content type="html">${lines(entry.html.toString())}</content>`;
}
