import { type Instant, toMs } from '../../core/index.ts';
import { type Html, html, trustedHtml } from '../html/index.ts';
import type { Feed, FeedEntry } from './feed.ts';
import { address, lines, oneLine } from './text.ts';

/** Minutes for which a reader may keep what it has. */
const MINUTES_KEPT = 5;

const DECLARATION = trustedHtml('<?xml version="1.0" encoding="UTF-8"?>\n');

/** RSS 2.0. */
export function rss(feed: Feed): string {
  const link = html`<atom:link rel="self" type="application/rss+xml" href="${address(feed.self)}"/>`;
  return html`${DECLARATION}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${oneLine(feed.title)}</title>
<link>${address(feed.link)}</link>
<description>${oneLine(feed.description)}</description>
<language>${oneLine(feed.language)}</language>
<lastBuildDate>${rfc822(feed.updated)}</lastBuildDate>
<ttl>${MINUTES_KEPT}</ttl>
${link}
${feed.entries.map(item)}</channel>
</rss>
`.toString();
}

function item(entry: FeedEntry): Html {
  return html`<item>
<title>${oneLine(entry.title)}</title>
<link>${address(entry.url)}</link>
<guid isPermaLink="false">${oneLine(entry.id)}</guid>
<pubDate>${rfc822(entry.published)}</pubDate>
${entry.author === undefined ? null : html`<dc:creator>${oneLine(entry.author)}</dc:creator>\n`}${entry.categories.map(
  (category) => html`<category>${oneLine(category)}</category>\n`,
)}<description>${markupOf(entry)}</description>
</item>
`;
}

/** Readers take the description for markup, so text is escaped once for it, and whatever it is once more for XML. */
function markupOf(entry: FeedEntry): string {
  return lines((entry.html ?? textAsMarkup(entry.text)).toString());
}

function textAsMarkup(text: string): Html {
  return html`${lines(text)
    .split('\n')
    .map((line, index) => html`${index === 0 ? null : html`<br>`}${line}`)}`;
}

function rfc822(instant: Instant): string {
  return new Date(toMs(instant)).toUTCString();
}
