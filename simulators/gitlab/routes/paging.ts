import { json, type Reply } from '../server/exchange.ts';
import type { Api } from './api.ts';
import { json400 } from './api-failure.ts';

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
      .map(([rel, target]) => `<${pageUrl(api, target, size)}>; rel="${rel}"`)
      .join(', '),
    'x-page': String(page),
    'x-per-page': String(size),
    'x-next-page': String(next ?? ''),
    'x-prev-page': String(previous ?? ''),
    ...(counted && { 'x-total': String(rows.length), 'x-total-pages': String(pages) }),
  });
}

function atLeastOne(api: Api, name: string): number | undefined {
  const value = api.input.integer(name);
  if (value !== undefined && value < 1) throw json400({ error: `${name} does not have a valid value` });
  return value;
}

function pageUrl(api: Api, page: number, size: number): string {
  const url = new URL(api.url.pathname + api.url.search, api.world.baseUrl);
  url.searchParams.delete('private_token');
  url.searchParams.set('page', String(page));
  url.searchParams.set('per_page', String(size));
  return url.href;
}
