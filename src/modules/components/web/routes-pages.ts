import {
  type ComponentKey,
  type ComponentReader,
  type ComponentRow,
  DAY,
  isComponentKey,
  type Period,
  type Severity,
  system,
  toInstant,
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
import { bareBadge, missingBadge, statusBadge, uptimeBadge } from './badge-view.ts';
import { componentPage } from './component-page.ts';
import { filterOf } from './list-fragment.ts';
import { pageMessages } from './messages.ts';
import { overviewPage } from './overview-page.ts';
import type { Stretch } from './timeline-fragment.ts';

export interface PageDeps {
  reader: ComponentReader;
  context: Pick<ModuleContext, 'site' | 'clock' | 'areas'>;
  /** From which level on a component counts as down. */
  downFrom(): Severity;
  /** Stretches within a window, newest first, with what was said; only what the viewer may know. */
  stretches(viewer: Visit['actor'], key: ComponentKey, window: { from: string; until: string }): Promise<Stretch[]>;
  /** Whether everybody may see the level of a component that is for members only. */
  hasPublicBadge(key: ComponentKey): Promise<boolean>;
}

const WINDOWS = [1, 7, 30] as const;
const HISTORY_DAYS = 90;

/** The overview, the page of each component and their badges. */
export function registerPages(web: Web, deps: PageDeps): void {
  web.page('/', { cached: true }, (visit) => overview(deps, visit));
  web.page('/components/:area/:name', { cached: true }, (visit) => component(deps, visit));
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
  return overviewPage({
    rows,
    filter: filterOf(visit.query),
    view: viewOf(deps, visit, names),
    tiles: await contributions(areas, (area) => area.overview?.tile?.(visit)),
    panels: await contributions(areas, (area) => area.overview?.panel?.(visit)),
  });
}

async function contributions(
  areas: readonly Area[],
  ask: (area: Area) => Promise<Html | null> | undefined,
): Promise<Html[]> {
  const given = await Promise.all(areas.map(ask));
  return given.filter((part) => part !== null && part !== undefined);
}

/** The component an address names, if there is one for this viewer. */
async function findRow(deps: PageDeps, actor: Visit['actor'], key: string): Promise<ComponentRow | undefined> {
  if (!isComponentKey(key)) return undefined;
  const [row] = await deps.reader.rows(actor, { keys: [key] });
  return row;
}

async function component(deps: PageDeps, visit: Visit): Promise<Page> {
  const { area = '', name = '' } = visit.params;
  const row = await findRow(deps, visit.actor, `${area}/${name}`);
  if (row === undefined) return noSuchComponent(visit);
  const now = deps.context.clock.now();
  const causes =
    row.status.causedBy.length === 0 ? [] : await deps.reader.rows(visit.actor, { keys: row.status.causedBy });
  const window = { from: toInstant(toMs(now) - HISTORY_DAYS * DAY), until: now };
  const periods = await deps.reader.periods(visit.actor, row.key, window);
  return componentPage({
    row,
    view: viewOf(deps, visit, new Map(causes.map((cause) => [cause.key, cause.name]))),
    stretches: await deps.stretches(visit.actor, row.key, window),
    uptime: {
      windows: [
        ...WINDOWS.map((days) => ({ days, uptime: uptimeWithin(periods, days, now, deps.downFrom()) })),
        { days: 90, uptime: row.uptime90 },
      ],
      days: row.days,
    },
    badge: {
      absolute: (path) => visit.absolute(path),
      shown: row.visibility === 'public' || (await deps.hasPublicBadge(row.key)),
    },
    tab: visit.query.get('view') === 'history' ? 'history' : 'now',
  });
}

function uptimeWithin(periods: readonly Period[], days: number, now: string, downFrom: Severity): Uptime {
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
  const parts = /^(.+)\.(svg|json)$/.exec(file);
  const key = parts === null ? '' : `${area}/${parts[1] ?? ''}`;
  const content = await statusContent(deps, visit, key);
  if (parts?.[2] !== 'json') return picture(content, visit);
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
  const area = deps.context.areas().find(({ name }) => name === visit.params['area']);
  const detail = (await area?.badgeDetail?.(row.key, visit.language)) ?? null;
  return statusBadge(row, visit.language, detail);
}

async function uptimePicture(deps: PageDeps, visit: Visit): Promise<Answer> {
  const { area = '', name = '' } = visit.params;
  const row = await findRow(deps, visit.actor, `${area}/${name}`);
  if (row === undefined) return picture(null, visit);
  const now = deps.context.clock.now();
  const window = { from: toInstant(toMs(now) - 30 * DAY), until: now };
  const periods = await deps.reader.periods(visit.actor, row.key, window);
  return picture(uptimeBadge(row, uptimeWithin(periods, 30, now, deps.downFrom()), visit.language), visit);
}

function picture(content: BadgeContent | null, visit: Visit): Answer {
  return {
    status: content === null ? 404 : 200,
    type: 'image/svg+xml; charset=utf-8',
    body: badgeSvg(content ?? missingBadge(visit.language)).toString(),
    headers: BADGE_HEADERS,
  };
}
