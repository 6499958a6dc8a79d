import { AppError, addMs, DAY, isComponentKey } from '../../../../core/index.ts';
import { atom, calendar, jsonFeed, rss } from '../../../../platform/feeds/index.ts';
import type { Answer, Visit, Web } from '../../../../platform/http/index.ts';
import { type CatalogRead, readCatalog } from '../../store/component-read.ts';
import { type IncidentFilter, type IncidentView, readIncidents, visibleKeys } from '../../store/incident-read.ts';
import { incidentViewOf, type PageContext } from '../page-parts.ts';
import { calendarEvent, type FeedView, feedOf, incidentEntry, seedEntry, updateEntry } from './feed-entries.ts';
import { feedMessages } from './feed-messages.ts';
import { categoryScope, componentScope, everything, type FeedScope, regionScope } from './feed-scope.ts';

const TYPES: Readonly<Record<string, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
};
const MOST_ENTRIES = 50;
/** The predecessor's feed had as many. */
const SEED_ENTRIES = 10;
const CALENDAR_DAYS = 90;

/** Feeds and calendars of everything, a region, a category, a component; and the predecessor's /rss/. */
export function registerFeeds(web: Web, context: PageContext): void {
  const serve = (path: string, find: (visit: Visit, name: string) => Promise<FeedScope | null>) =>
    web.file(path, { cached: true }, async (visit) => {
      const [, name = '', format = ''] = /^(.+)\.(rss|atom|json|ics)$/.exec(visit.params['file'] ?? '') ?? [];
      const scope = format === '' ? null : await find(visit, name);
      if (scope === null) throw new AppError('not_found', feedMessages(visit.language).noSuchFeed);
      return feedAnswer(context, visit, scope, format);
    });
  serve('/feeds/:file', async (_visit, name) => (name === 'all' ? everything(context.site().title) : null));
  serve('/feeds/region/:file', async (visit, name) => regionScope(await shownCatalog(context, visit), name));
  serve('/feeds/category/:file', async (visit, name) => categoryScope(await shownCatalog(context, visit), name));
  serve('/feeds/component/:area/:file', async (visit, name) => {
    const key = `${visit.params['area'] ?? ''}/${name}`;
    const [row] = isComponentKey(key) ? await context.components.rows(visit.actor, { keys: [key] }) : [];
    if (row === undefined) return null;
    const region = row.attributes['region'];
    return componentScope(key, region === undefined ? row.name : `${row.name} (${region})`);
  });
  web.file('/rss/', { cached: { query: ['mt', 'srv'] } }, (visit) => seedFeed(context, visit));
}

/** The catalogue without what the visitor may not see: a region of which nothing is public has no feed. */
async function shownCatalog(context: PageContext, visit: Visit): Promise<CatalogRead> {
  return readCatalog(context.db, { visible: await visibleKeys(context.components, visit.actor) });
}

async function read(
  context: PageContext,
  visit: Visit,
  { components, ...filter }: Pick<FeedScope, 'components'> & Omit<IncidentFilter, 'components'>,
): Promise<{ incidents: IncidentView[]; view: FeedView }> {
  const visible = await visibleKeys(context.components, visit.actor);
  const asked = { ...filter, ...(components === null ? {} : { components }) };
  const { incidents } = await readIncidents(context.db, visit.actor, visible, asked);
  const view = await incidentViewOf(context, visit, { incidents, visible });
  const { publicUrl } = context.site();
  return { incidents, view: { ...view, publicUrl, link: (path) => publicUrl + path } };
}

async function feedAnswer(context: PageContext, visit: Visit, scope: FeedScope, format: string): Promise<Answer> {
  const type = TYPES[format] ?? 'text/plain';
  const headers = { 'access-control-allow-origin': '*' };
  if (format === 'ics') return { type, headers, body: await calendarText(context, visit, scope) };
  const { components } = scope;
  const { incidents, view } = await read(context, visit, { components, limit: MOST_ENTRIES });
  const title = feedMessages(visit.language).title(scope.title, context.site().title);
  const self = `${scope.path}.${format}`;
  const about = { title, page: scope.page, self, language: visit.language, view };
  if (format === 'rss') {
    const updates = incidents.flatMap((incident) => incident.updates.map((update) => ({ incident, update })));
    const newest = updates.toSorted((a, b) => (a.update.at < b.update.at ? 1 : -1)).slice(0, MOST_ENTRIES);
    const entries = newest.map(({ incident, update }) => updateEntry(update, incident, view));
    return { type, headers, body: rss(feedOf(entries, about)) };
  }
  const entries = incidents.map((incident) => incidentEntry(incident, view));
  entries.sort((a, b) => (a.updated < b.updated ? 1 : -1));
  const feed = feedOf(entries, about);
  return { type, headers, body: format === 'atom' ? atom(feed) : jsonFeed(feed) };
}

async function calendarText(context: PageContext, visit: Visit, scope: FeedScope): Promise<string> {
  const { components } = scope;
  const from = addMs(context.clock.now(), -CALENDAR_DAYS * DAY);
  const { incidents, view } = await read(context, visit, { components, types: ['maintenance'], from });
  return calendar({
    name: feedMessages(visit.language).title(scope.title, context.site().title),
    url: view.publicUrl + scope.page,
    events: incidents.map((incident) => calendarEvent(incident, view)),
  });
}

/** `/rss/?mt=<region>&srv=<component>` (specification §15.1); without parameters it is about everything (contracts §10). */
async function seedFeed(context: PageContext, visit: Visit): Promise<Answer> {
  if (visit.path === '/rss') return toSlash(visit);
  const catalog = await shownCatalog(context, visit);
  const region = visit.query.get('mt')?.slice(0, 200);
  const service = visit.query.get('srv')?.slice(0, 200);
  const { title: site } = context.site();
  const plain = (text: string): Answer => ({ status: 404, type: 'text/plain; charset=utf-8', body: text });
  if (region === undefined && service !== undefined) {
    return plain('Status Dashboard RSS feed\nPlease read the documentation to\nmake the correct request\n');
  }
  let scope: FeedScope = everything(site);
  let name = site;
  if (region !== undefined) {
    const found = catalog.regions.find(({ id }) => id === region);
    if (found === undefined) return plain(`${region} is not a supported region`);
    scope = { ...scope, components: inRegion(catalog, region) };
    name = `${region} - Incidents`;
    if (service !== undefined) {
      const named = inRegion(catalog, region).filter((key) => catalog.components.get(key)?.name === service);
      if (named.length === 0) return plain(`Component: ${service} is not found`);
      scope = { ...scope, components: named };
      name = `${service} (${region}) - Incidents`;
    }
  }
  const { incidents, view } = await read(context, visit, { components: scope.components, limit: SEED_ENTRIES });
  const query = visit.query.toString();
  const about = { title: region === undefined ? site : `${name} | ${site}`, page: '/', language: visit.language, view };
  const feed = feedOf(
    incidents.map((incident) => seedEntry(incident, view)),
    { ...about, self: query === '' ? '/rss/' : `/rss/?${query}` },
  );
  const description = region === undefined ? feed.description : `${region} - Incidents`;
  return { type: TYPES['rss'] ?? '', body: rss({ ...feed, description }) };
}

function toSlash(visit: Visit): Answer {
  const query = visit.query.toString();
  const location = visit.link(query === '' ? '/rss/' : `/rss/?${query}`);
  return { status: 308, type: 'text/plain; charset=utf-8', body: '', headers: { location } };
}

function inRegion(catalog: CatalogRead, region: string): string[] {
  return [...catalog.components.values()].filter((component) => component.region === region).map(({ key }) => key);
}
