import {
  button,
  buttonLink,
  card,
  clip,
  emptyState,
  LEVEL_CLASS,
  lamp,
  pagination,
  tag,
  time,
} from '../../../platform/design/index.ts';
import { attributes, type Html, html, type View } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { closedAt } from '../domain/closed-at.ts';
import { IMPACT_KEYS, INCIDENT_TYPES, STATUSES, TERMINAL } from '../domain/incident.ts';
import type { CatalogRead } from '../store/component-read.ts';
import type { IncidentPage, IncidentView } from '../store/incident-read.ts';
import { type HistoryFilter, historyAddress, isFiltering, PAGE_SIZES } from './history-filter.ts';
import {
  affectedText,
  type IncidentPageView,
  kindWord,
  lampOf,
  latestUpdate,
  updateBody,
} from './incident-fragment.ts';
import { incidentMessages } from './incident-messages.ts';
import { publicMessages } from './public-messages.ts';

export interface HistoryPageProps {
  found: IncidentPage;
  filter: HistoryFilter;
  catalog: CatalogRead;
  view: IncidentPageView;
  alternates: NonNullable<Page['alternates']>;
}

export function historyPage(props: HistoryPageProps): Page {
  const { found, filter, view, alternates } = props;
  const words = publicMessages(view.language);
  const pages = Math.max(1, Math.ceil(found.total / filter.size));
  const main = html`<div class="page-head"><h1>${words.history}</h1><p class="soft" data-live="count">${words.entries(found.total)}</p></div>
${filterForm(props)}
${found.incidents.length === 0 ? nothing(filter, view) : months(found.incidents, view)}
${pagination({
  page: filter.page,
  pages,
  href: (page) => view.link(historyAddress(filter, { page })),
  language: view.language,
})}`;
  return { title: words.history, nav: '/history', main, alternates };
}

function nothing(filter: HistoryFilter, view: IncidentPageView): Html {
  const words = publicMessages(view.language);
  if (!isFiltering(filter)) return emptyState({ title: words.nothingTitle, text: words.nothingText });
  const action = buttonLink(view.link('/history'), words.clear);
  return emptyState({ title: words.noMatchTitle, text: words.noMatchText, action });
}

/** By the month in which it was over, newest first; within one by its beginning (specification §14.3). */
function months(incidents: readonly IncidentView[], view: IncidentPageView): Html {
  const monthOf = new Intl.DateTimeFormat(view.language === 'en' ? 'en-GB' : view.language, {
    timeZone: view.timezone,
    month: 'long',
    year: 'numeric',
  });
  const byMonth = Map.groupBy(incidents, (incident) =>
    monthOf.format(Date.parse(closedAt(incident, incident.updates))),
  );
  return html`<div class="stack" data-live="months">${[...byMonth].map(([month, those]) =>
    card({
      title: month,
      aside: publicMessages(view.language).entries(those.length),
      flush: true,
      body: html`<div class="incidents">${those
        .toSorted((a, b) => (a.start < b.start ? 1 : -1))
        .map((incident) => historyItem(incident, view))}</div>`,
    }),
  )}</div>
`;
}

function historyItem(incident: IncidentView, view: IncidentPageView): Html {
  const level = lampOf(incident);
  const latest = latestUpdate(incident);
  const { start, end } = incident;
  const full = { style: 'full' } as const;
  return html`<article class="incident ${LEVEL_CLASS[level]}">${lamp(level)}<div>
<h3><a href="${view.link(`/incidents/${incident.id}`)}">${clip(incident.title, 200)}</a></h3>
<p class="facts-line">${tag(kindWord(incident, view))} ${time(start, view, full)}${end !== null && html` – ${time(end, view, full)}`}</p>
${incident.components.length > 0 && html`<p class="soft">${affectedText(incident.components, view)}</p>`}${
  latest !== undefined && latest.text !== null && html`<div class="latest">${updateBody(latest, incident, view)}</div>`
}<p class="soft">${closing(incident, view)}</p>
</div></article>
`;
}

function closing(incident: IncidentView, view: IncidentPageView): string {
  const words = publicMessages(view.language);
  if (incident.status === 'cancelled') return words.cancelled;
  if (incident.type === 'incident') return words.closedIncident;
  return incident.type === 'maintenance' ? words.closedMaintenance : words.closedInfo;
}

type Choice = readonly [value: string, text: string];

function filterForm({ filter, catalog, view }: HistoryPageProps): Html {
  const words = publicMessages(view.language);
  const said = incidentMessages(view.language);
  // An address may ask for another one: the form says so.
  const statuses = TERMINAL.concat(STATUSES.filter((one) => one === filter.status && !TERMINAL.includes(one)));
  const services = [...new Set([...catalog.components.values()].map(({ name }) => name))].sort();
  const regions = catalog.regions.map(({ id, label }): Choice => [id, label]);
  return html`<form class="filters" method="get" action="${view.link('/history')}" aria-label="${words.filter}">
${input('q', words.search, { type: 'search', value: filter.query, maxlength: 100 })}
${choice('type', words.type, filter.type, [['', words.allTypes], ...INCIDENT_TYPES.map((type): Choice => [type, said.type(type)])])}
${choice('impact', words.impact, filter.impact === null ? null : (IMPACT_KEYS[filter.impact] ?? null), [
  ['', words.allImpacts],
  ...IMPACT_KEYS.map((key): Choice => [key, said.impact(key)]),
])}
${choice('status', words.status, filter.status, [['', words.allStatuses], ...statuses.map((one): Choice => [one, said.status(one)])])}
${regions.length > 0 && choice('region', words.region, filter.region, [['', words.allRegions], ...regions])}
${services.length > 0 && choice('service', words.service, filter.service, [['', words.allServices], ...services.map((name): Choice => [name, name])])}
${input('from', words.from, { type: 'date', value: filter.from ?? '' })}
${input('until', words.until, { type: 'date', value: filter.until ?? '' })}
${choice(
  'size',
  words.perPage,
  String(filter.size),
  PAGE_SIZES.map((size): Choice => [String(size), String(size)]),
)}
<p class="acts">${button(words.show, { small: true })}${isFiltering(filter) && buttonLink(view.link('/history'), words.clear)}</p>
</form>
`;
}

function choice(name: string, label: string, chosen: string | null, choices: readonly Choice[]): Html {
  return html`<p><label for="${`f-${name}`}">${label}</label><select id="${`f-${name}`}" name="${name}">${choices.map(
    ([value, text]) =>
      html`<option value="${value}"${attributes({ selected: value === (chosen ?? '') })}>${clip(text, 60)}</option>`,
  )}</select></p>`;
}

function input(name: string, label: string, given: Record<string, string | number>): View {
  return html`<p><label for="${`f-${name}`}">${label}</label><input id="${`f-${name}`}" name="${name}"${attributes(given)}></p>`;
}
