import { ANONYMOUS, type ComponentKey } from '../../../../core/index.ts';
import { checkbox, clip, select } from '../../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../../platform/html/index.ts';
import type { Visit } from '../../../../platform/http/index.ts';
import { isImpact } from '../../domain/incident.ts';
import { EVERYTHING, type SubscriptionFilter } from '../../domain/subscription.ts';
import { type Region, readCatalog } from '../../store/component-read.ts';
import { visibleKeys } from '../../store/incident-read.ts';
import type { PageContext } from '../page-parts.ts';
import { type Subject, subjectLabel, subjectsOf } from '../subjects.ts';
import { subscriptionMessages } from './subscription-messages.ts';

export type Body = Readonly<Record<string, string | string[]>>;

/** What can be chosen: only what everybody may see, whoever looks. */
export interface Choices {
  regions: readonly Region[];
  categories: readonly string[];
  subjects: readonly Subject[];
}

/** Beyond so many a list of services to tick is of no use; regions and categories are. */
const MOST_SERVICES = 1500;

export async function choicesOf(context: PageContext): Promise<Choices> {
  const visible = await visibleKeys(context.components, ANONYMOUS);
  const catalog = await readCatalog(context.db, { visible });
  const known = [...catalog.components.keys()];
  const others = [...(visible ?? [])].filter((key) => !catalog.components.has(key)).sort();
  const keys = [...known, ...others].slice(0, MOST_SERVICES);
  const subjects = await subjectsOf(context, ANONYMOUS, keys);
  return {
    regions: catalog.regions,
    categories: catalog.categories,
    subjects: keys.flatMap((key) => subjects.get(key) ?? []),
  };
}

export function valueOf(body: Body, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return ((Array.isArray(value) ? value[0] : value) ?? '').slice(0, 2100);
}

function valuesOf(body: Body, name: string): string[] {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return value === undefined ? [] : [value].flat();
}

/** What was chosen, of what there is; null: something was, and nothing of it is there. */
export function filterOf(body: Body, { regions, categories, subjects }: Choices): SubscriptionFilter | null {
  const pick = (name: string, offered: readonly string[]) => {
    const wanted = new Set(valuesOf(body, name));
    return offered.filter((value) => wanted.has(value));
  };
  const impact = Number(valueOf(body, 'impact'));
  const filter: SubscriptionFilter = {
    components: pick(
      'components',
      subjects.map(({ key }) => key),
    ),
    regions: pick(
      'regions',
      regions.map(({ id }) => id),
    ),
    categories: pick('categories', categories),
    minImpact: isImpact(impact) && impact > 0 ? impact : 1,
    maintenances: valueOf(body, 'maintenances') !== '',
  };
  const asked = ['components', 'regions', 'categories'].some((name) => valuesOf(body, name).length > 0);
  const found = filter.components.length + filter.regions.length + filter.categories.length > 0;
  return asked && !found ? null : filter;
}

/** What a link such as that of a component's page begins with. */
export function filterFromQuery(query: URLSearchParams, choices: Choices): SubscriptionFilter {
  const body = {
    components: query.getAll('component'),
    regions: query.getAll('region'),
    categories: query.getAll('category'),
    maintenances: 'on',
  };
  return filterOf(body, choices) ?? EVERYTHING;
}

/** The part of a form that asks what somebody wants to be told of. */
export function filterFields(visit: Pick<Visit, 'language'>, choices: Choices, filter: SubscriptionFilter): Html {
  const words = subscriptionMessages(visit.language);
  const services = choices.subjects.map((subject) => [subject.key, subjectLabel(subject, subject.key)] as const);
  const group = (
    name: string,
    legend: string,
    entries: readonly (readonly [string, string])[],
    chosen: readonly string[],
  ) =>
    entries.length > 0 &&
    html`<fieldset><legend${attributes({ class: entries === services ? 'vh' : undefined })}>${legend}</legend>${entries.map(
      ([value, text], index) =>
        checkbox({ name, value, label: clip(text, 120), id: `${name}-${index}`, checked: chosen.includes(value) }),
    )}</fieldset>
`;
  return html`<fieldset><legend>${words.what}</legend>${select({
    name: 'impact',
    label: words.impact,
    value: String(filter.minImpact),
    options: [
      { value: '1', text: words.impactAll },
      { value: '2', text: words.impactMajor },
      { value: '3', text: words.impactOutage },
    ],
  })}${checkbox({ name: 'maintenances', label: words.maintenances, checked: filter.maintenances })}</fieldset>
${group(
  'regions',
  words.regions,
  choices.regions.map(({ id, label }) => [id, label]),
  filter.regions,
)}${group(
  'categories',
  words.categories,
  choices.categories.map((name) => [name, name]),
  filter.categories,
)}${
  services.length > 0 &&
  html`<details class="behind"${attributes({ open: filter.components.length > 0 })}><summary>${words.components}</summary><p class="hint">${words.componentsHint}</p>${group(
    'components',
    words.components,
    services,
    filter.components,
  )}</details>
`
}`;
}

/** A filter in one line. */
export function filterText(
  { language }: Pick<Visit, 'language'>,
  filter: SubscriptionFilter,
  names: ReadonlyMap<ComponentKey, string>,
): string {
  const words = subscriptionMessages(language);
  const { components, regions, categories, minImpact, maintenances } = filter;
  const parts = [...regions, ...categories, ...components.map((key) => names.get(key) ?? key)];
  const impact = minImpact === 3 ? words.impactOutage : minImpact === 2 ? words.impactMajor : null;
  return [
    parts.length === 0 ? words.everything : parts.slice(0, 5).join(', ') + (parts.length > 5 ? ' …' : ''),
    ...(impact === null ? [] : [impact.toLowerCase()]),
    ...(maintenances ? [] : [words.incidentsOnly]),
  ].join('; ');
}
