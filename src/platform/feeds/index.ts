export { atom } from './atom.ts';
export { type Calendar, type CalendarEvent, calendar } from './calendar.ts';
export { type Feed, type FeedEntry, type FeedId, tagId } from './feed.ts';
export { jsonFeed } from './json-feed.ts';
export { rss } from './rss.ts';
