import { ATTENTION_ORDER, areaOf, type ComponentRow, LEVELS, type Level } from '../../../core/index.ts';
import {
  button,
  card,
  clip,
  LEVEL_CLASS,
  lamp,
  levelWord,
  type RowView,
  rowList,
  stateWord,
  tabs,
} from '../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../platform/html/index.ts';
import { works } from './banner-fragment.ts';
import { pageMessages } from './messages.ts';

/** What the address asks to see: `?q=` words that all must occur, `?level=`, `?region=` and `?category=` one of each. */
export interface ListFilter {
  query: string;
  level: Level | null;
  region: string | null;
  /** Name of a group. */
  category: string | null;
}

/** What the address of a list may ask for. */
export const FILTERS = ['q', 'level', 'region', 'category'] as const;

export function filterOf(query: URLSearchParams): ListFilter {
  const level = LEVELS.find((candidate) => candidate === query.get('level')) ?? null;
  const named = (name: string) => query.get(name)?.slice(0, 200) || null;
  return {
    query: (query.get('q') ?? '').slice(0, 100).trim(),
    level,
    region: named('region'),
    category: named('category'),
  };
}

/** The address that asks for a filter. */
function addressOf(filter: ListFilter, view: RowView): string {
  const query = new URLSearchParams();
  if (filter.query !== '') query.set('q', filter.query);
  if (filter.level !== null) query.set('level', filter.level);
  if (filter.region !== null) query.set('region', filter.region);
  if (filter.category !== null) query.set('category', filter.category);
  return query.size === 0 ? view.link('/') : `${view.link('/')}?${query.toString()}`;
}

export function regionOf(row: ComponentRow): string | null {
  return row.attributes['region'] ?? null;
}

function isInPlace(row: ComponentRow, { region, category }: ListFilter): boolean {
  return (region === null || regionOf(row) === region) && (category === null || row.group === category);
}

/** Case and accents do not matter; search.client.js looks the same way. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

export function filterRows(rows: readonly ComponentRow[], filter: ListFilter, view: RowView): ComponentRow[] {
  const wanted = plain(filter.query).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (filter.level !== null && row.status.level !== filter.level) return false;
    if (!isInPlace(row, filter)) return false;
    if (wanted.length === 0) return true;
    const text = plain(`${row.key} ${row.name} ${stateWord(row, view)} ${row.group} ${regionOf(row) ?? ''}`);
    return wanted.every((word) => text.includes(word));
  });
}

/** One chip per level that occurs, worst first: a count that is also a filter. */
export function chipsFragment(all: readonly ComponentRow[], filter: ListFilter, view: RowView): Html {
  const words = pageMessages(view.language);
  const rows = all.filter((row) => isInPlace(row, filter));
  const present = ATTENTION_ORDER.filter((level) => rows.some((row) => row.status.level === level));
  if (present.length < 2 && filter.level === null) return html`<div data-live="chips" hidden></div>`;
  const chip = (level: Level | null, content: Html) => {
    return html`<a href="${addressOf({ ...filter, level }, view)}"${attributes({ 'aria-current': level === filter.level && 'true' })}>${content}</a>`;
  };
  return html`<nav class="chips" aria-label="${words.filterByState}" data-live="chips">${chip(
    null,
    html`${words.all} <b>${rows.length}</b>`,
  )}${present.map((level) => {
    const those = rows.filter((row) => row.status.level === level);
    return chip(
      level,
      html`${lamp(level)} ${wordFor(level, those, view)} <b class="${LEVEL_CLASS[level]}">${those.length}</b>`,
    );
  })}</nav>
`;
}

/** Where things stand: a tab per region, and the categories to choose from. Absent when there is only one place. */
export function placesFragment(
  rows: readonly ComponentRow[],
  { filter, regions: named }: { filter: ListFilter; regions: ReadonlyMap<string, string> },
  view: RowView,
): Html {
  const words = pageMessages(view.language);
  const present = new Set(rows.map(regionOf).filter((region) => region !== null));
  const regions = [...named.keys()].filter((region) => present.has(region));
  regions.push(...[...present].filter((region) => !named.has(region)).sort());
  if (regions.length < 2 && filter.region === null && filter.category === null) return html``;
  const tab = (region: string | null, text: string) => ({
    href: addressOf({ ...filter, region }, view),
    text: clip(text, 40),
    current: filter.region === region,
  });
  return html`<div class="places">${tabs(words.regions, [
    tab(null, words.allRegions),
    ...regions.map((region) => tab(region, named.get(region) ?? region)),
  ])}${categoryForm(rows, filter, view)}</div>
`;
}

function categoryForm(rows: readonly ComponentRow[], filter: ListFilter, view: RowView): Html {
  const words = pageMessages(view.language);
  const inRegion = rows.filter((row) => isInPlace(row, { ...filter, category: null }));
  const groups = [...new Set(inRegion.map(({ group }) => group))].filter((group) => group !== '');
  if (groups.length < 2 && filter.category === null) return html``;
  const kept = { q: filter.query, level: filter.level ?? '', region: filter.region ?? '' };
  const hidden = Object.entries(kept).filter(([, value]) => value !== '');
  return html`<form class="inline" method="get" action="${view.link('/')}">${hidden.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<label class="vh" for="category">${words.category}</label><select id="category" name="category"><option value="">${words.allCategories}</option>${groups.map(
    (group) =>
      html`<option value="${group}"${attributes({ selected: group === filter.category })}>${clip(group, 60)}</option>`,
  )}</select>${button(words.show, { kind: 'plain', small: true })}</form>`;
}

/** The area's own word where all components of the level share it, else ours. */
function wordFor(level: Level, rows: readonly ComponentRow[], view: RowView): string {
  const states = new Set(rows.map((row) => row.status.state));
  const [only] = states;
  return states.size === 1 && typeof only === 'string' ? only : levelWord(view.language, level);
}

interface Group {
  area: string;
  name: string;
  position: number;
  rows: ComponentRow[];
}

/** Groups in their order; within each what needs attention stands first. */
export function groupsOf(rows: readonly ComponentRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const area = areaOf(row.key);
    const id = `${area}\n${row.group}`;
    const group = groups.get(id) ?? { area, name: row.group, position: row.groupPosition, rows: [] };
    group.position = Math.min(group.position, row.groupPosition);
    group.rows.push(row);
    groups.set(id, group);
  }
  const rank = (row: ComponentRow) => ATTENTION_ORDER.indexOf(row.status.level);
  for (const group of groups.values()) group.rows.sort((a, b) => rank(a) - rank(b) || a.position - b.position);
  const areas = [...new Set(rows.map((row) => areaOf(row.key)))];
  return [...groups.values()].sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area) || a.position - b.position);
}

export function groupsFragment(rows: readonly ComponentRow[], view: RowView): Html {
  const words = pageMessages(view.language);
  const parts = groupsOf(rows).map((group) => {
    const working = group.rows.filter(works).length;
    const all = group.rows.length;
    const count = working === all ? words.groupAllWell(all) : words.groupSome(working, all);
    return card({
      title: group.name === '' ? words.components : group.name,
      aside: html`${count} · <span class="wide">${words.spanDays(90)}</span><span class="tight">${words.spanDays(60)}</span>`,
      body: rowList(group.rows, view),
      flush: true,
      filter: true,
    });
  });
  return html`<div class="stack" data-live="groups">
${parts}</div>
`;
}
