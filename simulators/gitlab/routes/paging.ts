import { json, type Reply } from '../server/exchange.ts';
import type { Api } from './api.ts';
import { ApiFailure, json400 } from './api-failure.ts';

/** From here on GitLab counts no more: no totals, no last page. */
const COUNTED = 10_000;

/** One page of a list by offset, with the headers GitLab gives it. */
export function paginate<T>(api: Api, rows: readonly T[], show: (row: T) => unknown, most = 100): Reply {
  const page = atLeastOne(api, 'page') ?? 1;
  const asked = atLeastOne(api, 'per_page') ?? 20;
  if (most < 100 && asked > most) throw json400({ error: 'per_page does not have a valid value' });
  const size = Math.min(asked, most);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const counted = rows.length <= COUNTED;
  const next = page < pages ? page + 1 : null;
  const previous = page > 1 ? page - 1 : null;
  const links = { prev: previous, next, first: 1, last: counted ? pages : null };
  const shown = rows.slice((page - 1) * size, page * size).map(show);
  return json(200, shown, {
    link: Object.entries(links)
      .filter((link): link is [string, number] => link[1] !== null)
      .map(([rel, target]) => `<${linkTo(api, { page: target, per_page: size })}>; rel="${rel}"`)
      .join(', '),
    'x-page': String(page),
    'x-per-page': String(size),
    'x-next-page': String(next ?? ''),
    'x-prev-page': String(previous ?? ''),
    ...(counted && { 'x-total': String(rows.length), 'x-total-pages': String(pages) }),
  });
}

/** The same rows after the last one seen, by their ids: the only link is to what comes next, and nothing is counted. */
export function paginateByKey<T extends { id: number }>(
  api: Api,
  rows: readonly T[],
  show: (row: T) => unknown,
): Reply {
  if ((api.input.text('order_by') ?? 'id') !== 'id') {
    throw new ApiFailure(405, { error: 'Keyset pagination is not yet available for this type of request' });
  }
  const isRising = api.input.text('sort') === 'asc';
  const name = isRising ? 'id_after' : 'id_before';
  const seen = api.input.integer(name);
  const size = Math.min(atLeastOne(api, 'per_page') ?? 20, 100);
  const left = rows
    .filter(({ id }) => seen === undefined || (isRising ? id > seen : id < seen))
    .sort((a, b) => (isRising ? a.id - b.id : b.id - a.id));
  const shown = left.slice(0, size);
  const last = shown.at(-1);
  const link = last && left.length > size ? linkTo(api, { [name]: last.id, per_page: size }) : null;
  return json(200, shown.map(show), link === null ? {} : { link: `<${link}>; rel="next"` });
}

function linkTo(api: Api, values: Readonly<Record<string, number>>): string {
  const url = new URL(api.url.pathname + api.url.search, api.world.baseUrl);
  url.searchParams.delete('private_token');
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, String(value));
  return url.href;
}

function atLeastOne(api: Api, name: string): number | undefined {
  const value = api.input.integer(name);
  if (value !== undefined && value < 1) throw json400({ error: `${name} does not have a valid value` });
  return value;
}
