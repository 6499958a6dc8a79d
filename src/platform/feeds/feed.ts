import type { Instant } from '../../core/index.ts';
import type { Html } from '../html/index.ts';

/** Never changes, whatever happens to titles, paths and host names: `tag:` of RFC 4151 or a URN. */
export type FeedId = `tag:${string}` | `urn:${string}` | `http${string}`;

export interface FeedEntry {
  id: FeedId;
  /** Absolute, like every address here: feeds are read elsewhere. */
  url: string;
  /** Plain text. */
  title: string;
  /** Its links are absolute. */
  html?: Html | undefined;
  /** The same as plain text, for readers that show no markup. */
  text: string;
  published: Instant;
  updated: Instant;
  categories: readonly string[];
  author?: string | undefined;
}

/** What all formats are written from; entries in the order in which they are to be shown. */
export interface Feed {
  id: FeedId;
  title: string;
  /** The page that the feed is about. */
  link: string;
  /** Where the feed itself is. */
  self: string;
  description: string;
  updated: Instant;
  /** BCP 47, such as `en`. */
  language: string;
  entries: readonly FeedEntry[];
}

/**
 * `tag:status.example.org,2026-11-28:incident/7`: whoever had the name on that day gave this id. Take the name and the
 * day once, when an installation begins, and keep them.
 */
export function tagId(authority: string, date: string, specific: string): FeedId {
  const encoded = encodeURI(specific.toWellFormed()).replaceAll('#', '%23');
  return `tag:${authority.toLowerCase()},${date}:${encoded}`;
}
