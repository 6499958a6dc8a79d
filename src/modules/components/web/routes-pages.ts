import {
  type Actor,
  addMs,
  areaOf,
  type ComponentKey,
  type ComponentReader,
  type ComponentRow,
  DAY,
  type Instant,
  isComponentKey,
  type Period,
  type Severity,
  system,
  toMs,
  type Uptime,
} from '../../../core/index.ts';
import {
  BADGE_HEADERS,
  type BadgeContent,
  badgeEndpoint,
  badgeSvg,
  buttonLink,
  emptyState,
  localeOf,
  type RowView,
} from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Answer, Page, Visit, Web } from '../../../platform/http/index.ts';
import type { Area, ModuleContext } from '../../../platform/module/index.ts';
import { uptimeOf } from '../domain/timeline.ts';
import type { Stretch } from '../store/component-read.ts';
import { bareBadge, missingBadge, statusBadge, uptimeBadge } from './badge-view.ts';
import { componentPage } from './component-page.ts';
import { FILTERS, filterOf } from './list-fragment.ts';
import { pageMessages } from './messages.ts';
import { overviewPage } from './overview-page.ts';

export interface PageDeps {
  reader: ComponentReader;
  context: Pick<ModuleContext, 'site' | 'clock' | 'areas' | 'db'>;
  /** From which level on a component counts as down. */
  downFrom(): Severity;
  /** The stretches of a window, newest first, with what was said; only what the viewer may know. */
  stretches(viewer: Actor, key: ComponentKey, window: { from: Instant; until: Instant }): Promise<Stretch[]>;
  /** Whether everybody may see the level of a component that is for members only. */
  hasPublicBadge(key: ComponentKey): Promise<boolean>;
}

const WINDOW_DAYS = [1, 7, 30] as const;
/** What one page of the history reaches back, and how much of it is shown at once. */
const HISTORY = 90 * DAY;
const MOST_STRETCHES = 500;
/** Of these, the first page tells the newest as a story. */
const RECENT = 8;

/** The overview, the page of each component and their badges. */
export function registerPages(web: Web, deps: PageDeps): void {
  web.page('/', { cached: { query: FILTERS } }, (visit) =>
    // What an area says above the board and the levels on it are of one moment.
    deps.context.db.snapshot(() => overview(deps, visit)),
  );
  web.page('/components/:area/:name', { cached: { query: ['view', 'before', 'format'] } }, (visit) =>
    deps.context.db.snapshot(() => component(deps, visit)),
  );
  web.file('/badges/:area/:file', { cached: true }, (visit) => badge(deps, visit));
  web.file('/badges/:area/:name/uptime-30d.svg', { cached: true }, (visit) => uptimePicture(deps, visit));
}

function viewOf(deps: PageDeps, visit: Visit, names?: ReadonlyMap<string, string>): RowView {
  const { site, clock } = deps.context;
  const view = { ...localeOf(visit, site(), clock.now()), link: (path: string) => visit.link(path) };
  return names === undefined ? view : { ...view, names };
}

async function overview(deps: PageDeps, visit: Visit): Promise<Page> {
  const rows = await deps.reader.rows(visit.actor);
  const names = new Map(rows.map((row) => [row.key, row.name]));
  const areas = deps.context.areas();
  const alternates = areas.flatMap((area) => area.feeds?.(visit) ?? []);
  return overviewPage({
    alternates,
    rows,
    filter: filterOf(visit.query),
    view: viewOf(deps, visit, names),
    tiles: await contributions(areas, (area) => area.overview?.tile?.(visit)),
    regions: await regionsOf(areas),
    leads: await contributions(areas, (area) => area.overview?.lead?.(visit)),
    panels: await contributions(areas, (area) => area.overview?.panel?.(visit)),
  });
}

async function regionsOf(areas: readonly Area[]): Promise<Map<string, string>> {
  const named = await Promise.all(areas.map(async (area) => (await area.overview?.regions?.()) ?? []));
  return new Map(named.flat().map(({ id, label }) => [id, label]));
}

async function contributions(
  areas: readonly Area[],
  ask: (area: Area) => Promise<Html | null> | undefined,
): Promise<Html[]> {
  const given = await Promise.all(areas.map(async (area) => ask(area)));
  return given.filter((part) => part !== null && part !== undefined);
}

/** The component an address names, if there is one for this viewer. */
async function findRow(deps: PageDeps, actor: Actor, key: string): Promise<ComponentRow | undefined> {
  if (!isComponentKey(key)) return undefined;
  const [row] = await deps.reader.rows(actor, { keys: [key] });
  return row;
}

async function component(deps: PageDeps, visit: Visit): Promise<Page | Answer> {
  const { reader, context } = deps;
  const row = await findRow(deps, visit.actor, keyOf(visit));
  if (row === undefined) return noSuchComponent(visit);
  if (visit.query.get('format') === 'csv') return seeOther(visit.link(historyFile(row.key)));
  const { causedBy } = row.status;
  const causes = causedBy.length === 0 ? [] : await reader.rows(visit.actor, { keys: causedBy });
  const now = context.clock.now();
  const tab = visit.query.get('view') === 'history' ? 'history' : 'now';
  const until = tab === 'history' ? (instantOf(visit.query.get('before')) ?? now) : now;
  const window = { from: addMs(until, -HISTORY), until };
  const stretches = (await deps.stretches(visit.actor, row.key, window)).slice(0, MOST_STRETCHES);
  const periods = await reader.periods(visit.actor, row.key, { from: addMs(now, -30 * DAY), until: now });
  const windows = WINDOW_DAYS.map((days) => ({ days, uptime: uptimeWithin(periods, days, now, deps.downFrom()) }));
  const areas = context.areas();
  return componentPage({
    row,
    panels: await contributions(areas, (area) => area.componentPanel?.(visit, row.key)),
    alternates: areas.flatMap((area) => area.feeds?.(visit, row.key) ?? []),
    view: viewOf(deps, visit, new Map(causes.map((cause) => [cause.key, cause.name]))),
    stretches: tab === 'now' ? stretches.slice(0, RECENT) : stretches,
    older: olderThan(stretches, window),
    watchedAgain: watchedAgain(row, periods),
    uptime: { windows: [...windows, { days: 90, uptime: row.uptime90 }], days: row.days },
    absolute: (path) => visit.absolute(path),
    file: visit.link(historyFile(row.key)),
    tab,
    section: sectionOf(areas, visit, row.key),
  });
}

/** Time that nobody watched does not change the status, but it ends a stretch of the history. */
function watchedAgain({ status, since }: ComponentRow, periods: readonly Period[]): Instant | null {
  const [before, last] = periods.slice(-2);
  if (before?.level !== 'unknown' || last?.level !== status.level) return null;
  return last.from > since ? last.from : null;
}

/** The page an area has of its own: the navigation entry at its name. */
function sectionOf(areas: readonly Area[], visit: Visit, key: ComponentKey): { path: string; text: string } | null {
  const path = `/${areaOf(key)}`;
  const entries = areas.flatMap(({ navigation = [] }) => navigation);
  const entry = entries.find((candidate) => candidate.path === path && candidate.visible(visit.actor));
  return entry === undefined ? null : { path, text: entry.label(visit.language) };
}

/** Where the API gives the whole history as a file. */
function historyFile(key: ComponentKey): string {
  return `/api/components/${key}/history?format=csv`;
}

function seeOther(location: string): Answer {
  return { status: 303, type: 'text/plain; charset=utf-8', body: '', headers: { location } };
}

function keyOf(visit: Visit): string {
  const { area = '', name = '' } = visit.params;
  return `${area}/${name}`;
}

function instantOf(text: string | null): Instant | null {
  return text !== null && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text) && !Number.isNaN(toMs(text))
    ? text
    : null;
}

/** Where an older page of the history begins; null when there is nothing older than these. */
function olderThan(stretches: readonly Stretch[], window: { from: Instant }): Instant | null {
  const oldest = stretches.at(-1);
  if (oldest === undefined || (stretches.length === 1 && oldest.level === 'unknown')) return null;
  return stretches.length === MOST_STRETCHES ? oldest.from : window.from;
}

function uptimeWithin(periods: readonly Period[], days: number, now: Instant, downFrom: Severity): Uptime {
  const until = toMs(now);
  const spans = periods.map((period) => ({
    from: toMs(period.from),
    until: period.until === null ? until : toMs(period.until),
    level: period.level,
  }));
  return uptimeOf(spans, { from: until - days * DAY, until }, downFrom);
}

function noSuchComponent(visit: Visit): Page {
  const words = pageMessages(visit.language);
  const main = html`<h1 class="vh">${words.notFoundTitle}</h1>${emptyState({
    title: words.notFoundTitle,
    text: words.notFoundText,
    action: buttonLink(visit.link('/'), words.toOverview),
  })}`;
  return { title: words.notFoundTitle, main, status: 404, nav: '/' };
}

async function badge(deps: PageDeps, visit: Visit): Promise<Answer> {
  const { area = '', file = '' } = visit.params;
  const [, name = '', ending = 'svg'] = /^(.+)\.(svg|json)$/.exec(file) ?? [];
  const content = await statusContent(deps, visit, `${area}/${name}`);
  if (ending === 'svg') return picture(content, visit);
  const endpoint = badgeEndpoint(content ?? missingBadge(visit.language), { isError: content === null });
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(endpoint), headers: BADGE_HEADERS };
}

async function statusContent(deps: PageDeps, visit: Visit, key: string): Promise<BadgeContent | null> {
  const row = await findRow(deps, visit.actor, key);
  if (row === undefined) {
    if (!isComponentKey(key) || !(await deps.hasPublicBadge(key))) return null;
    const hidden = await findRow(deps, system('components'), key);
    return hidden === undefined ? null : bareBadge(hidden.status.level, visit.language);
  }
  const area = deps.context.areas().find(({ name }) => name === areaOf(key));
  const detail = await area?.badgeDetail?.(key, visit.language);
  return statusBadge(row, visit.language, detail ?? null);
}

async function uptimePicture(deps: PageDeps, visit: Visit): Promise<Answer> {
  const row = await findRow(deps, visit.actor, keyOf(visit));
  if (row === undefined) return picture(null, visit);
  const now = deps.context.clock.now();
  const periods = await deps.reader.periods(visit.actor, row.key, { from: addMs(now, -30 * DAY), until: now });
  return picture(uptimeBadge(row.name, uptimeWithin(periods, 30, now, deps.downFrom()), visit.language), visit);
}

function picture(content: BadgeContent | null, visit: Visit): Answer {
  return {
    status: content === null ? 404 : 200,
    type: 'image/svg+xml; charset=utf-8',
    body: badgeSvg(content ?? missingBadge(visit.language)).toString(),
    headers: BADGE_HEADERS,
  };
}
