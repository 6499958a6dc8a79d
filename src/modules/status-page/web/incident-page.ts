import type { Actor, Instant } from '../../../core/index.ts';
import { toMs } from '../../../core/index.ts';
import {
  banner,
  breadcrumbs,
  buttonLink,
  card,
  clip,
  duration,
  emptyState,
  LEVEL_CLASS,
  lamp,
  tag,
  time,
} from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { renderMarkdown } from '../../../platform/markdown/index.ts';
import { authorName } from '../domain/author-name.ts';
import { isOver } from '../domain/concern.ts';
import { INTERNAL, type IncidentUpdate } from '../domain/incident.ts';
import { hasInternalView, type IncidentView } from '../store/incident-read.ts';
import { affectedText, type IncidentPageView, kindWord, lampOf, updateBody, whenText } from './incident-fragment.ts';
import { incidentMessages } from './incident-messages.ts';
import { publicMessages } from './public-messages.ts';

/** What staff write an incident with. */
export interface IncidentTools {
  /** Before the updates: the next one. */
  write: Html;
  /** Beside them: everything else. */
  more: Html;
  /** Where the text of an update is corrected. */
  correct(update: IncidentUpdate): string;
}

export interface IncidentPageProps {
  incident: IncidentView;
  view: IncidentPageView;
  viewer: Actor;
  /** What staff may do here; null for everybody else. */
  tools: IncidentTools | null;
  alternates: NonNullable<Page['alternates']>;
}

export function incidentPage({ incident, view, viewer, tools, alternates }: IncidentPageProps): Page {
  const words = publicMessages(view.language);
  const title = clip(incident.title, 200);
  const nav = navigationOf(incident);
  const path = [{ href: view.link('/'), text: words.overview }];
  if (nav !== '/') path.push({ href: view.link(nav), text: nav === '/history' ? words.history : words.maintenances });
  const internal = hasInternalView(viewer);
  const main = html`${breadcrumbs(view.language, path, clip(incident.title, 60))}
${headFragment(incident, view)}
<div class="cols two"><div class="stack">${aboutFragment(incident, view)}${tools?.write}${updatesFragment(
    incident,
    view,
    { tools, internal },
  )}${postmortemFragment(incident, view)}</div><div class="stack">${factsFragment(
    incident,
    view,
    internal,
  )}${tools?.more}</div></div>`;
  return {
    title: `${title}: ${incidentMessages(view.language).status(incident.status)}`,
    nav,
    main,
    alternates,
  };
}

/** The list that one comes from: an incident that lasts stands on the overview, and what is over in the history. */
export function navigationOf(incident: IncidentView): '/' | '/history' | '/maintenances' {
  if (isOver(incident)) return '/history';
  return incident.type === 'maintenance' ? '/maintenances' : '/';
}

function headFragment(incident: IncidentView, view: IncidentPageView): Html {
  const words = incidentMessages(view.language);
  const level = lampOf(incident);
  const merged = incident.mergedInto === null ? undefined : view.titles.get(incident.mergedInto);
  return banner({
    level,
    title: html`${clip(incident.title, 200)} <b class="word ${LEVEL_CLASS[level]}">${words.status(incident.status)}</b>`,
    text: html`${tag(kindWord(incident, view), level)} ${whenText(incident, view)}${incident.system && html` ${tag(words.machine)}`}${
      merged !== undefined &&
      html` ${words.mergedInto} <a href="${view.link(`/incidents/${String(incident.mergedInto)}`)}">${clip(merged, 120)}</a>.`
    }`,
    live: 'incident',
  });
}

function aboutFragment(incident: IncidentView, view: IncidentPageView): Html {
  const { description, type } = incident;
  if (description === null || description.trim() === '') return html``;
  const words = incidentMessages(view.language);
  return card({
    title: type === 'maintenance' ? words.description : words.about,
    live: 'description',
    body: html`<div class="prose">${renderMarkdown(description)}</div>`,
  });
}

/** What the timeline shows to staff. */
interface StaffSight {
  tools: IncidentTools | null;
  /** Whether authors are shown. */
  internal: boolean;
}

function updatesFragment(incident: IncidentView, view: IncidentPageView, sight: StaffSight): Html {
  const words = incidentMessages(view.language);
  const body =
    incident.updates.length === 0
      ? html`<p class="soft none">${words.noUpdates}</p>`
      : html`<ol class="timeline">${incident.updates.map((update) =>
          updateFragment(update, incident, view, sight),
        )}</ol>`;
  return card({ title: words.updates, id: 'updates', live: 'updates', body });
}

function updateFragment(
  update: IncidentUpdate,
  incident: IncidentView,
  view: IncidentPageView,
  { tools, internal }: StaffSight,
): Html {
  const words = incidentMessages(view.language);
  const correct = update.text === null ? undefined : tools?.correct(update);
  const author = internal && update.createdBy !== '' && html` · ${words.by(clip(authorName(update.createdBy), 120))}`;
  const level = lampOf({ ...incident, status: update.status });
  const corrected =
    update.modifiedAt !== null && html` · ${words.edited} ${time(update.modifiedAt, view, { style: 'full' })}`;
  return html`<li id="${`update-${update.id}`}">${lamp(level)}<div><p><b>${update.fact?.kind === 'given_back' ? words.givenBack : words.status(update.status)}</b> <span class="soft">${time(
    update.at,
    view,
    { style: 'full' },
  )}${author}${corrected}${correct !== undefined && html` · <a href="${correct}">${words.correct}</a>`}</span></p>${updateBody(update, incident, view)}</div></li>
`;
}

function postmortemFragment(incident: IncidentView, view: IncidentPageView): Html {
  const { postmortem, postmortemAt } = incident;
  if (postmortem === null || postmortemAt === null) return html``;
  return card({
    title: incidentMessages(view.language).postmortem,
    id: 'postmortem',
    live: 'postmortem',
    aside: time(postmortemAt, view, { style: 'date' }),
    body: html`<div class="prose">${renderMarkdown(postmortem)}</div>`,
  });
}

function factsFragment(incident: IncidentView, view: IncidentPageView, internal: boolean): Html {
  const words = incidentMessages(view.language);
  const { start, end, type } = incident;
  const begun = hasBegun(incident, view.now);
  const isPast = end !== null && end <= view.now;
  const over = begun && isPast;
  const regions = [...new Set(incident.components.map((key) => view.subjects.get(key)?.region ?? null))];
  const named = regions.filter((region) => region !== null).sort();
  const left = incident.past.map(({ component }) => component);
  const fact = (name: string, value: Html) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const endWord = over || type === 'incident' ? words.ended : words.plannedEnd;
  const full = { style: 'full' } as const;
  return card({
    title: publicMessages(view.language).atAGlance,
    live: 'facts',
    body: html`<dl class="facts">${fact(words.affected, html`${affectedText(incident.components, view)}`)}${
      named.length > 0 && fact(words.regions, html`${named.join(', ')}`)
    }${left.length > 0 && fact(words.formerly, html`<span class="soft">${affectedText(left, view)}</span>`)}${fact(
      begun ? words.began : words.plannedStart,
      time(start, view, full),
    )}${end !== null && fact(endWord, time(end, view, full))}${
      over && fact(words.duration, html`${duration(toMs(end) - toMs(start), view.language)}`)
    }${
      internal &&
      html`${fact(words.author, html`${clip(authorName(incident.createdBy), 120)}`)}${
        incident.contactEmail !== null && fact(words.contact, html`${clip(incident.contactEmail, 120)}`)
      }${fact(words.version, html`${incident.version}`)}`
    }</dl>${!isPast && subscribeLink(incident, view)}`,
  });
}

/** What was called off, or never approved, has not begun although its time has come. */
function hasBegun({ start, status }: IncidentView, now: Instant): boolean {
  return start <= now && status !== 'cancelled' && !INTERNAL.includes(status);
}

/** So many services fit into an address; whoever wants more chooses them on the page. */
const MOST_IN_LINK = 20;

function subscribeLink({ components }: IncidentView, view: IncidentPageView): Html {
  const query = components.slice(0, MOST_IN_LINK).map((key) => `component=${key}`);
  return html`<p><a href="${view.link(`/subscribe?${query.join('&')}`)}">${publicMessages(view.language).subscribe}</a></p>`;
}

export function noSuchIncident(view: IncidentPageView | { language: 'en' | 'it'; link(path: string): string }): Page {
  const words = incidentMessages(view.language);
  const main = html`<h1 class="vh">${words.notFoundTitle}</h1>${emptyState({
    title: words.notFoundTitle,
    text: words.notFoundText,
    action: buttonLink(view.link('/history'), words.toHistory),
  })}`;
  return { title: words.notFoundTitle, main, status: 404, nav: '/history' };
}
