import { addMs, DAY, type Instant } from '../../../core/index.ts';
import { IMPACT_KEYS, INCIDENT_TYPES, type IncidentType, parseStatus } from '../domain/incident.ts';
import { FIRST_YEAR, LAST_YEAR } from '../domain/zoned-time.ts';
import type { CatalogRead } from '../store/component-read.ts';
import type { IncidentFilter } from '../store/incident-read.ts';

/** What the address of the history may ask for. */
export const HISTORY_QUERY = [
  'q',
  'type',
  'impact',
  'status',
  'region',
  'service',
  'from',
  'until',
  'page',
  'size',
] as const;

export const PAGE_SIZES = [10, 20, 50] as const;

/** What the address of the history asks to see. Words that mean nothing are left out. */
export interface HistoryFilter {
  query: string;
  type: IncidentType | null;
  impact: number | null;
  status: string | null;
  region: string | null;
  /** Name of a service in whatever region. */
  service: string | null;
  /** Local dates `YYYY-MM-DD`, both included. */
  from: string | null;
  until: string | null;
  page: number;
  size: (typeof PAGE_SIZES)[number];
}

export function historyFilterOf(query: URLSearchParams): HistoryFilter {
  const text = (name: string, most = 200) => query.get(name)?.slice(0, most).trim() || null;
  const date = (name: string) => {
    const given = text(name, 10);
    if (given === null || !/^\d{4}-\d{2}-\d{2}$/.test(given) || Number.isNaN(Date.parse(given))) return null;
    // Before and after that nothing was and nothing will be: it limits nothing.
    const year = Number(given.slice(0, 4));
    return year >= FIRST_YEAR && year < LAST_YEAR ? given : null;
  };
  const impact = IMPACT_KEYS.findIndex((key, index) => key === text('impact') || String(index) === text('impact'));
  const status = text('status');
  const size = PAGE_SIZES.find((candidate) => String(candidate) === query.get('size')) ?? 20;
  const page = /^[1-9]\d{0,5}$/.test(query.get('page') ?? '') ? Number(query.get('page')) : 1;
  return {
    query: text('q', 100) ?? '',
    type: INCIDENT_TYPES.find((candidate) => candidate === text('type')) ?? null,
    impact: impact < 0 ? null : impact,
    status: status === null ? null : parseStatus(status),
    region: text('region'),
    service: text('service'),
    from: date('from'),
    until: date('until'),
    page,
    size,
  };
}

/** The address of the same filter, changed in some of its parts. */
export function historyAddress(filter: HistoryFilter, change: Partial<HistoryFilter> = {}): string {
  const { query, type, impact, status, region, service, from, until, page, size } = { ...filter, ...change };
  const parameters = new URLSearchParams();
  const put = (name: string, value: string | null) => {
    if (value !== null && value !== '') parameters.set(name, value);
  };
  put('q', query);
  put('type', type);
  put('impact', impact === null ? null : (IMPACT_KEYS[impact] ?? null));
  put('status', status);
  put('region', region);
  put('service', service);
  put('from', from);
  put('until', until);
  put('size', size === 20 ? null : String(size));
  put('page', page === 1 ? null : String(page));
  return parameters.size === 0 ? '/history' : `/history?${parameters.toString()}`;
}

export function isFiltering(filter: HistoryFilter): boolean {
  return historyAddress({ ...filter, page: 1, size: 20 }) !== '/history';
}

/** The components that a region and a service name together. `undefined`: the filter names neither. */
export function componentsIn(
  catalog: CatalogRead,
  { region, service }: Pick<HistoryFilter, 'region' | 'service'>,
): string[] | undefined {
  if (region === null && service === null) return undefined;
  return [...catalog.components.values()]
    .filter((component) => region === null || component.region === region)
    .filter(({ name, key }) => service === null || name === service || key === service)
    .map(({ key }) => key);
}

/** The same as the store asks. Days begin in the site's zone: `dayStart` says when. */
export function incidentFilterOf(
  filter: HistoryFilter,
  catalog: CatalogRead,
  dayStart: (date: string) => Instant,
): IncidentFilter {
  const components = componentsIn(catalog, filter);
  return {
    state: 'closed',
    order: 'end',
    query: filter.query,
    ...(filter.type === null ? {} : { types: [filter.type] }),
    ...(filter.impact === null ? {} : { impacts: [filter.impact] }),
    ...(filter.status === null ? {} : { statuses: endedAs(filter.status) }),
    ...(components === undefined ? {} : { components }),
    ...(filter.from === null ? {} : { from: dayStart(filter.from) }),
    ...(filter.until === null ? {} : { until: dayStart(nextDay(filter.until)) }),
    offset: (filter.page - 1) * filter.size,
    limit: filter.size,
  };
}

/** One that is over and was changed since is resolved all the same. */
function endedAs(status: string): string[] {
  return status === 'resolved' ? ['resolved', 'changed'] : [status];
}

function nextDay(date: string): string {
  return addMs(`${date}T00:00:00.000Z`, DAY).slice(0, 10);
}
