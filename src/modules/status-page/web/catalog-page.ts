import { adminPage } from '../../../platform/auth/index.ts';
import {
  button,
  buttonLink,
  card,
  clip,
  confirm,
  emptyState,
  field,
  form,
  mistakes,
  pagination,
  table,
  tag,
} from '../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../platform/html/index.ts';
import type { Page, Visit } from '../../../platform/http/index.ts';
import type { StoredRegion } from '../domain/catalog-component.ts';
import type { ConnectedComponent } from '../store/catalog-read.ts';
import { catalogMessages } from './catalog-messages.ts';

export const CATALOG = '/admin/catalog';
const PER_PAGE = 50;
/** No region can be called that: names are trimmed. */
const WITHOUT = ' ';

/** What the list is asked for. */
interface Wanted {
  query: string;
  region: string;
  owner: string;
  retired: boolean;
  page: number;
}

export function tabOf(visit: Visit): { path: string; title: string } {
  return { path: CATALOG, title: catalogMessages(visit.language).title };
}

function wantedBy({ query }: Visit): Wanted {
  const page = Number(query.get('page') ?? '1');
  return {
    query: (query.get('q') ?? '').slice(0, 100).trim(),
    region: (query.get('region') ?? '').slice(0, 100),
    owner: query.get('owner') ?? '',
    retired: query.get('retired') === '1',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

function isWanted(component: ConnectedComponent, { query, region, owner, retired }: Wanted): boolean {
  const { name, key, catalogKey, attributes } = component;
  const text = [name, key, catalogKey ?? '', ...attributes.map(([, value]) => value)].join('\n').toLowerCase();
  return (
    (retired || component.retiredAt === null) &&
    (region === '' || (region === WITHOUT ? component.region === null : component.region === region)) &&
    (owner === '' || component.owner === owner) &&
    query
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}

export interface CatalogPageProps {
  components: readonly ConnectedComponent[];
  regions: readonly StoredRegion[];
  /** What stands above, because something was refused. */
  refused?: string;
  /** The list of regions as it was typed. */
  typedRegions?: string;
}

/** The list with everything that can be done to it. */
export function catalogPage(visit: Visit, props: CatalogPageProps): Page {
  const words = catalogMessages(visit.language);
  const { components, refused } = props;
  const wanted = wantedBy(visit);
  const found = components.filter((component) => isWanted(component, wanted));
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(wanted.page, pages);
  const acts = html`<div class="page-head"><p class="acts">${buttonLink(visit.link(`${CATALOG}/new`), words.add, 'primary')} ${buttonLink(
    visit.link(`${CATALOG}/file`),
    words.fileTitle,
  )} ${buttonLink(visit.link(`${CATALOG}/export`), words.export)}</p></div>`;
  const list = card({
    title: words.title,
    aside: words.count(found.length),
    flush: true,
    body: componentTable(visit, found.slice((page - 1) * PER_PAGE, page * PER_PAGE)),
  });
  const href = (number: number) => visit.link(`${CATALOG}?${queryOf(wanted, number)}`);
  const content = html`<p class="soft">${words.intro}</p>${mistakes(visit.language, refused === undefined ? [] : [refused])}${acts}${
    components.length === 0
      ? emptyState({ title: words.emptyTitle, text: words.emptyText })
      : html`${filterForm(visit, wanted, props)}${list}${pagination({ page, pages, href, language: visit.language })}`
  }${regionsCard(visit, props)}`;
  return adminPage(visit, tabOf(visit), content);
}

function queryOf({ query, region, owner, retired }: Wanted, page: number): string {
  const given = { q: query, region, owner, retired: retired ? '1' : '', page: page === 1 ? '' : String(page) };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== '')).toString();
}

function filterForm(visit: Visit, wanted: Wanted, { components, regions }: CatalogPageProps): Html {
  const words = catalogMessages(visit.language);
  const used = [...new Set(components.flatMap(({ region }) => (region === null ? [] : [region])))].sort();
  const known = new Map([
    ...used.map((id) => [id, id] as const),
    ...regions.map(({ id, label }) => [id, label] as const),
  ]);
  const regionOptions = [
    { value: '', text: words.anyRegion },
    ...[...known].map(([value, text]) => ({ value, text: clip(text, 60) })),
    ...(components.some(({ region }) => region === null) ? [{ value: WITHOUT, text: words.noRegion }] : []),
  ];
  const owners = [
    { value: '', text: words.anyOwner },
    { value: 'file', text: words.file },
    { value: 'person', text: words.person },
  ];
  const isFiltering = queryOf(wanted, 1) !== '';
  const retired = [
    { value: '', text: words.withoutRetired },
    { value: '1', text: words.showRetired },
  ];
  return html`<form class="filters" role="search" aria-label="${words.search}" method="get" action="${visit.link(CATALOG)}">
<p><label for="f-q">${words.words}</label><input type="search" id="f-q" name="q" maxlength="100"${attributes({ value: wanted.query })}></p>
${choice('region', words.field('region'), { options: regionOptions, value: wanted.region })}
${choice('owner', words.owner, { options: owners, value: wanted.owner })}
${choice('retired', words.state, { options: retired, value: wanted.retired ? '1' : '' })}
<p class="acts">${button(words.find, { small: true })}${isFiltering && buttonLink(visit.link(CATALOG), words.clear)}</p>
</form>
`;
}

function choice(
  name: string,
  label: string,
  { options, value }: { options: readonly { value: string; text: string }[]; value: string },
): Html {
  return html`<p><label for="${`f-${name}`}">${label}</label><select id="${`f-${name}`}" name="${name}">${options.map(
    (option) =>
      html`<option value="${option.value}"${attributes({ selected: option.value === value })}>${option.text}</option>`,
  )}</select></p>`;
}

function componentTable(visit: Visit, rows: readonly ConnectedComponent[]): Html {
  const words = catalogMessages(visit.language);
  const nameOf = ({ key }: ConnectedComponent) => key.slice(key.indexOf('/') + 1);
  return table({
    caption: words.title,
    rows,
    empty: words.none,
    columns: [
      {
        title: words.field('name'),
        cell: (one) => html`<a href="${visit.link(`${CATALOG}/edit/${nameOf(one)}`)}">${clip(one.name)}</a>`,
      },
      { title: words.field('region'), cell: ({ region }) => region },
      { title: words.field('category'), cell: ({ category }) => category },
      { title: words.key, cell: (one) => html`<code>${one.catalogKey ?? nameOf(one)}</code>` },
      { title: words.owner, cell: ({ owner }) => (owner === 'file' ? words.file : words.person) },
      {
        title: words.state,
        cell: ({ retiredAt }) => (retiredAt === null ? tag(words.shown, 'operational') : tag(words.retired, 'unknown')),
      },
      { title: words.retire, cell: (one) => retireForm(visit, one) },
    ],
  });
}

/** Retiring asks; bringing back is its undoing and does not. */
function retireForm(visit: Visit, { key, name, retiredAt }: ConnectedComponent): Html {
  const words = catalogMessages(visit.language);
  const { csrf, language } = visit;
  if (retiredAt === null) {
    const question = words.retireAsk(clip(name));
    const action = visit.link(`${CATALOG}/retire`);
    return confirm({ action, csrf, text: words.retire, question, language, values: { key } });
  }
  const body = html`<input type="hidden" name="key" value="${key}">${button(words.bringBack, { kind: 'plain', small: true })}`;
  return form({ action: visit.link(`${CATALOG}/return`), csrf, body, label: `${words.bringBack}: ${clip(name)}` });
}

function regionsCard(visit: Visit, { regions, typedRegions }: CatalogPageProps): Html {
  const words = catalogMessages(visit.language);
  const text = regions.map(({ id, label }) => (id === label ? id : `${id} = ${label}`)).join('\n');
  const body = html`${field({
    name: 'regions',
    label: words.regions,
    hint: words.regionsHint,
    rows: Math.min(12, regions.length + 2),
    value: typedRegions ?? text,
  })}${button(words.save, { kind: 'plain' })}`;
  const action = visit.link(`${CATALOG}/regions`);
  return card({ title: words.regions, body: form({ action, csrf: visit.csrf, body }) });
}
