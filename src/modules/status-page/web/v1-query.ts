import { addMs, DAY, toInstant } from '../../../core/index.ts';
import { IMPACTS, parseStatus } from '../domain/incident.ts';
import type { CatalogComponent } from '../store/component-read.ts';
import type { IncidentFilter } from '../store/incident-read.ts';

/** What `/api/v1/incidents` takes beyond what the predecessor knew; without any of it everything is listed. */
export const V1_FILTERS = ['from', 'until', 'impact', 'status', 'region', 'service', 'page', 'limit'] as const;

const MOST_PER_PAGE = 100;
const USUAL_PER_PAGE = 50;

export interface V1Filter {
  filter: IncidentFilter;
  page: number;
  limit: number;
}

export type V1QueryErrors = Record<string, string[]>;

/** 422: a field is no value of its kind. 400: each is one, and together they mean nothing. */
export interface V1QueryRefusal {
  code: 400 | 422;
  errors: V1QueryErrors;
}

/** Null: no filter is asked for. Empty fields of a form ask for none. */
export function readV1Query(
  query: URLSearchParams,
  components: readonly CatalogComponent[],
): V1Filter | V1QueryRefusal | null {
  const given = new Map(V1_FILTERS.map((name) => [name, (query.get(name) ?? '').trim()]));
  if ([...given.values()].every((value) => value === '')) return null;
  const errors: V1QueryErrors = {};
  const read = <T>(name: (typeof V1_FILTERS)[number], parse: (text: string) => T | null, mistake: string) => {
    const text = given.get(name) ?? '';
    if (text === '') return undefined;
    const value = parse(text);
    if (value === null) errors[name] = [mistake];
    return value ?? undefined;
  };
  const from = read('from', (text) => momentOf(text, 0), 'Not a valid datetime.');
  const until = read('until', (text) => momentOf(text, DAY), 'Not a valid datetime.');
  const impacts = read('impact', impactsOf, 'Not a valid integer.');
  const statuses = read('status', statusesOf, 'Not a valid choice.');
  const page = read('page', (text) => numberOf(text, 1_000_000), 'Not a valid integer.') ?? 1;
  const limit = read('limit', (text) => numberOf(text, MOST_PER_PAGE), `Must be 1 to ${MOST_PER_PAGE}.`);
  const keys = keysOf(given.get('region') ?? '', given.get('service') ?? '', components);
  if (Object.keys(errors).length > 0) return { code: 422, errors };
  if (from !== undefined && until !== undefined && from > lastWithin(until, given.get('until') ?? '')) {
    return { code: 400, errors: { from: ['Must not be after until.'], until: ['Must not be before from.'] } };
  }
  const size = limit ?? USUAL_PER_PAGE;
  const filter: IncidentFilter = {
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(impacts === undefined ? {} : { impacts }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(keys === null ? {} : { components: keys }),
    limit: size,
    offset: (page - 1) * size,
  };
  return { filter, page, limit: size };
}

/** Later moments are written with another number of digits, and would be compared as if they were early. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** A whole day ends before the moment that follows it. */
function lastWithin(until: string, text: string): string {
  return DAY_ONLY.test(text) ? addMs(until, -1) : until;
}

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** A day counts whole: as an end it is the moment after it. */
function momentOf(text: string, wholeDay: number): string | null {
  const isDay = DAY_ONLY.test(text);
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = Date.parse(isDay ? `${text}T00:00:00Z` : text);
  // A day such as 31 February would otherwise be one of March.
  if (Number.isNaN(at) || (isDay && toInstant(at).slice(0, 10) !== text)) return null;
  return toInstant(Math.min(isDay ? at + wholeDay : at, LAST_MOMENT));
}

function impactsOf(text: string): number[] | null {
  const impacts = text.split(',').map((one) => IMPACTS.find((impact) => String(impact) === one.trim()) ?? null);
  return impacts.includes(null) ? null : impacts.filter((impact) => impact !== null);
}

function statusesOf(text: string): string[] | null {
  const statuses = text.split(',').map(parseStatus);
  return statuses.includes(null) ? null : statuses.filter((status) => status !== null);
}

function numberOf(text: string, most: number): number | null {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

function keysOf(region: string, service: string, components: readonly CatalogComponent[]): string[] | null {
  if (region === '' && service === '') return null;
  return components
    .filter((one) => region === '' || one.region === region)
    .filter((one) => service === '' || one.name === service || one.key === service)
    .map(({ key }) => key);
}
