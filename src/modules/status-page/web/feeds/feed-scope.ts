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

/** How a region or category is written in an address. */
export function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function isNamed(name: string | null, asked: string): name is string {
  return name !== null && (name === asked || slugOf(name) === asked.toLowerCase());
}

function keysOf(catalog: CatalogRead, test: (component: CatalogComponent) => boolean): ComponentKey[] {
  return [...catalog.components.values()].filter(test).map(({ key }) => key);
}

export function everything(title: string): FeedScope {
  return { title, path: '/feeds/all', page: '/', components: null };
}

/** null: there is no such region. */
export function regionScope(catalog: CatalogRead, asked: string): FeedScope | null {
  const region = catalog.regions.find(({ id }) => isNamed(id, asked));
  if (region === undefined) return null;
  return {
    title: region.label,
    path: `/feeds/region/${slugOf(region.id)}`,
    page: `/?region=${encodeURIComponent(region.id)}`,
    components: keysOf(catalog, (component) => component.region === region.id),
  };
}

export function categoryScope(catalog: CatalogRead, asked: string): FeedScope | null {
  const category = catalog.categories.find((name) => isNamed(name, asked));
  if (category === undefined) return null;
  return {
    title: category,
    path: `/feeds/category/${slugOf(category)}`,
    page: `/?category=${encodeURIComponent(category)}`,
    components: keysOf(catalog, (component) => component.category === category),
  };
}

export function componentScope(key: ComponentKey, name: string): FeedScope {
  return { title: name, path: `/feeds/component/${key}`, page: `/components/${key}`, components: [key] };
}
