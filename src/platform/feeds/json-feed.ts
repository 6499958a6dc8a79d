import type { Feed, FeedEntry } from './feed.ts';
import { address, lines, oneLine } from './text.ts';

/** JSON Feed 1.1. */
export function jsonFeed(feed: Feed): string {
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title: oneLine(feed.title),
    home_page_url: address(feed.link),
    feed_url: address(feed.self),
    description: oneLine(feed.description),
    language: oneLine(feed.language),
    items: feed.entries.map(itemOf),
  };
  return `${JSON.stringify(document)}\n`;
}

function itemOf(entry: FeedEntry) {
  return {
    id: oneLine(entry.id),
    url: address(entry.url),
    title: oneLine(entry.title),
    ...(entry.html === undefined ? {} : { content_html: lines(entry.html.toString()) }),
    content_text: lines(entry.text),
    date_published: entry.published,
    date_modified: entry.updated,
    ...(entry.author === undefined ? {} : { authors: [{ name: oneLine(entry.author) }] }),
    tags: entry.categories.map(oneLine),
  };
}
