import type { ComponentKey, Instant } from '../../../core/index.ts';
import type { Html } from '../../../platform/html/index.ts';
import type { Page, Visit, Web } from '../../../platform/http/index.ts';
import { localToInstant } from '../domain/zoned-time.ts';
import { readCatalog } from '../store/component-read.ts';
import { type IncidentView, readIncident, readIncidents, visibleKeys } from '../store/incident-read.ts';
import { HISTORY_QUERY, historyFilterOf, incidentFilterOf } from './history-filter.ts';
import { historyPage } from './history-page.ts';
import { type IncidentTools, incidentPage, noSuchIncident } from './incident-page.ts';
import { sortCurrent } from './lead.ts';
import { maintenancesPage } from './maintenances-page.ts';
import { incidentViewOf, type PageContext, viewOf } from './page-parts.ts';
import { publicMessages } from './public-messages.ts';

/** What staff may do on a page that everybody reads; null for everybody else. */
export interface StaffTools {
  incident(visit: Visit, incident: IncidentView): Promise<IncidentTools | null>;
  maintenances(visit: Visit): Html | null;
}

const RECENT = 10;

/** Incidents, history and maintenances as everybody reads them. */
export function registerPublicPages(web: Web, context: PageContext, tools: StaffTools): void {
  // All that stands on a page is of one moment.
  const { db } = context;
  web.page('/incidents/:id', { cached: true }, (visit) => db.snapshot(() => showIncident(context, tools, visit)));
  web.page('/history', { cached: { query: HISTORY_QUERY } }, (visit) => db.snapshot(() => showHistory(context, visit)));
  web.page('/maintenances', { cached: true }, (visit) => db.snapshot(() => showMaintenances(context, tools, visit)));
  // Where the predecessor had its first page as well.
  web.file('/index', { cached: true }, async (visit) => ({
    status: 308,
    type: 'text/plain; charset=utf-8',
    body: '',
    headers: { location: visit.link('/') },
  }));
}

/** Feeds that a page offers for discovery: of everything, or of one component. */
export function feedsOf(language: Visit['language'], key?: ComponentKey): NonNullable<Page['alternates']> {
  const words = publicMessages(language);
  const base = key === undefined ? '/feeds/all' : `/feeds/component/${key}`;
  return [
    { type: 'application/atom+xml', title: 'Atom', path: `${base}.atom` },
    { type: 'application/rss+xml', title: 'RSS', path: `${base}.rss` },
    { type: 'application/feed+json', title: 'JSON Feed', path: `${base}.json` },
    { type: 'text/calendar', title: words.calendar, path: `${base}.ics` },
  ];
}

async function showIncident(context: PageContext, tools: StaffTools, visit: Visit): Promise<Page> {
  const { id = '' } = visit.params;
  const visible = await visibleKeys(context.components, visit.actor);
  const incident = /^[1-9]\d{0,15}$/.test(id) ? await readIncident(context.db, visit.actor, visible, Number(id)) : null;
  if (incident === null) return noSuchIncident(viewOf(context, visit));
  const view = await incidentViewOf(context, visit, { incidents: [incident], visible });
  const staff = await tools.incident(visit, incident);
  return incidentPage({ incident, view, viewer: visit.actor, tools: staff, alternates: feedsOf(visit.language) });
}

async function showHistory(context: PageContext, visit: Visit): Promise<Page> {
  const filter = historyFilterOf(visit.query);
  const visible = await visibleKeys(context.components, visit.actor);
  const catalog = await readCatalog(context.db, { retired: true, visible });
  const { timezone } = context.site();
  const dayStart = (date: string): Instant => localToInstant(`${date}T00:00`, timezone);
  const asked = incidentFilterOf(filter, catalog, dayStart);
  const found = await readIncidents(context.db, visit.actor, visible, asked);
  const view = await incidentViewOf(context, visit, { incidents: found.incidents, visible, catalog });
  return historyPage({
    found,
    filter,
    catalog,
    view,
    alternates: feedsOf(visit.language),
  });
}

async function showMaintenances(context: PageContext, tools: StaffTools, visit: Visit): Promise<Page> {
  const visible = await visibleKeys(context.components, visit.actor);
  const read = (state: 'open' | 'closed', limit?: number) =>
    readIncidents(context.db, visit.actor, visible, {
      types: ['maintenance'],
      state,
      order: 'end',
      ...(limit === undefined ? {} : { limit }),
    });
  const [{ incidents: open }, { incidents: past }] = await Promise.all([read('open'), read('closed', RECENT)]);
  const view = await incidentViewOf(context, visit, { incidents: [...open, ...past], visible });
  const { running, planned } = sortCurrent(open, view.now);
  return maintenancesPage({
    running,
    planned,
    past,
    view,
    tools: tools.maintenances(visit),
    alternates: feedsOf(visit.language),
  });
}
