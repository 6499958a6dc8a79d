import { type Answer, csvAnswer, type Page, type Visit, type Web } from '../../../platform/http/index.ts';
import { availabilityFigures, type FiguresContext, monthsOf } from '../actions/availability-figures.ts';
import { errorBudget } from '../domain/availability.ts';
import { type CatalogRead, readCatalog } from '../store/component-read.ts';
import { visibleKeys } from '../store/incident-read.ts';
import { type AvailabilityRow, availabilityPage } from './availability-page.ts';
import { type PageContext, viewOf } from './page-parts.ts';
import { feedsOf } from './routes-public.ts';

/** `/availability`: twelve months of every service, as a page and as a file. */
export function registerAvailability(web: Web, context: PageContext & FiguresContext): void {
  web.page('/availability', { cached: { query: ['region', 'format'] } }, (visit) => show(context, visit));
}

async function show(context: PageContext & FiguresContext, visit: Visit): Promise<Page | Answer> {
  const visible = await visibleKeys(context.components, visit.actor);
  const catalog = await readCatalog(context.db, { visible });
  const asked = visit.query.get('region');
  const region = catalog.regions.find(({ id }) => id === asked)?.id ?? null;
  const rows = await rowsOf(context, visit, catalog);
  if (visit.query.get('format') === 'csv') {
    return file(region === null ? rows : rows.filter(({ component }) => component.region === region));
  }
  const months = monthsOf(context).map(({ month }) => month);
  const view = viewOf(context, visit);
  return availabilityPage({ rows, catalog, months, region, view, alternates: feedsOf(visit.language) });
}

async function rowsOf(
  context: PageContext & FiguresContext,
  visit: Visit,
  catalog: CatalogRead,
): Promise<AvailabilityRow[]> {
  const figures = await availabilityFigures(context, visit.actor, [...catalog.components.keys()]);
  const [current] = monthsOf(context);
  const { target: standard } = context.config().component_defaults;
  return [...catalog.components.values()].flatMap((component) => {
    const months = figures.get(component.key) ?? [];
    const running = months[0];
    if (current === undefined || running === undefined) return [];
    const target = component.target ?? standard;
    return [{ component, months, target, budget: errorBudget(target, current, running.uptime) }];
  });
}

/** One line per service and month; durations in seconds. */
function file(rows: readonly AvailabilityRow[]): Answer {
  const head = [
    'component',
    'name',
    'region',
    'category',
    'month',
    'availability_percent',
    'coverage_percent',
    'up_s',
    'down_s',
    'maintenance_s',
    'unknown_s',
    'degraded_s',
    'target_percent',
  ];
  const seconds = (ms: number) => Math.round(ms / 1000);
  const lines = rows.flatMap(({ component, months, target }) =>
    months.map(({ month, uptime }) => [
      component.key,
      component.name,
      component.region,
      component.category,
      month,
      uptime.availability === null ? null : Number((uptime.availability * 100).toFixed(5)),
      Number((uptime.coverage * 100).toFixed(3)),
      seconds(uptime.up),
      seconds(uptime.down),
      seconds(uptime.maintenance),
      seconds(uptime.unknown),
      seconds(uptime.degraded),
      target,
    ]),
  );
  return csvAnswer('availability.csv', [head, ...lines]);
}
