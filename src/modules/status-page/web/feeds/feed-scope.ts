import type { ComponentKey } from '../../../../core/index.ts';
import type { CatalogComponent, CatalogRead } from '../../store/component-read.ts';

/** Which part of the world a feed is about. */
export interface FeedScope {
  title: string;
  /** What the addresses of this feed begin with, without the ending. */
  path: string;
  /** The page that it is about. */
  page: string;
  /** null: everything. */
  components: readonly ComponentKey[] | null;
}

/** How regions or categories are written in addresses: short where that tells them apart, else as they are. */
export function stepsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const alike = Map.groupBy(names, slugOf);
  const isClear = (slug: string) => slug !== '' && alike.get(slug)?.length === 1;
  return new Map(names.map((name) => [name, isClear(slugOf(name)) ? slugOf(name) : encodeURIComponent(name)]));
}

function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The name that an address means, and how it is written there. */
function named(names: readonly string[], asked: string): { name: string; step: string } | null {
  const steps = stepsOf(names);
  const name = names.find((one) => one === asked) ?? names.find((one) => steps.get(one) === asked.toLowerCase());
  return name === undefined ? null : { name, step: steps.get(name) ?? '' };
}

function keysOf(catalog: CatalogRead, test: (component: CatalogComponent) => boolean): ComponentKey[] {
  return [...catalog.components.values()].filter(test).map(({ key }) => key);
}

export function everything(title: string): FeedScope {
  return { title, path: '/feeds/all', page: '/', components: null };
}

/** null: there is no such region. */
export function regionScope(catalog: CatalogRead, asked: string): FeedScope | null {
  const ids = catalog.regions.map(({ id }) => id);
  const found = named(ids, asked);
  const region = catalog.regions.find(({ id }) => id === found?.name);
  if (found === null || region === undefined) return null;
  return {
    title: region.label,
    path: `/feeds/region/${found.step}`,
    page: `/?region=${encodeURIComponent(region.id)}`,
    components: keysOf(catalog, (component) => component.region === region.id),
  };
}

export function categoryScope(catalog: CatalogRead, asked: string): FeedScope | null {
  const found = named(catalog.categories, asked);
  if (found === null) return null;
  const { name: category, step } = found;
  return {
    title: category,
    path: `/feeds/category/${step}`,
    page: `/?category=${encodeURIComponent(category)}`,
    components: keysOf(catalog, (component) => component.category === category),
  };
}

export function componentScope(key: ComponentKey, name: string): FeedScope {
  return { title: name, path: `/feeds/component/${key}`, page: `/components/${key}`, components: [key] };
}
