import { type Instant, toMs } from '../../../../core/index.ts';
import { type CalendarEvent, type Feed, type FeedEntry, tagId } from '../../../../platform/feeds/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import { plainText, renderMarkdown } from '../../../../platform/markdown/index.ts';
import type { IncidentUpdate } from '../../domain/incident.ts';
import type { IncidentView } from '../../store/incident-read.ts';
import { factView, type IncidentPageView, kindWord, updateText } from '../incident-fragment.ts';
import { incidentMessages } from '../incident-messages.ts';
import { subjectLabel } from '../subjects.ts';
import { feedMessages } from './feed-messages.ts';

/** What entries are made with; its links are absolute, because feeds are read elsewhere. */
export interface FeedView extends IncidentPageView {
  /** Without a slash at the end. */
  publicUrl: string;
}

/** The day since when our ids are given; it is part of them and never changes (RFC 4151). */
const IDS_SINCE = '2026-11-28';

function idFor(view: FeedView, specific: string): ReturnType<typeof tagId> {
  return tagId(new URL(view.publicUrl).hostname, IDS_SINCE, specific);
}

function minute(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Impact, time and place, as every entry ends. */
function facts(incident: IncidentView, view: FeedView): [string, string][] {
  const words = feedMessages(view.language);
  const { start, end, components, type } = incident;
  const affected = components.map((key) => subjectLabel(view.subjects.get(key), key)).join(', ');
  const rows: [string, string][] = [[words.impact, kindWord(incident, view)]];
  if (type === 'incident') {
    rows.push([words.started, minute(start)]);
    if (end !== null) rows.push([words.ended, minute(end)]);
  } else rows.push([words.window, `${minute(start)}${end === null ? '' : ` – ${minute(end)}`}`]);
  if (affected !== '') rows.push([words.affected, affected]);
  return rows;
}

function factsHtml(incident: IncidentView, view: FeedView): Html {
  return html`<p>${facts(incident, view).map(([name, value], index) => html`${index > 0 && html`<br>`}${name}: ${value}`)}</p>`;
}

function updateHtml(update: IncidentUpdate, incident: IncidentView, view: FeedView): Html {
  const words = incidentMessages(view.language);
  const said =
    update.text === null
      ? html`<p>${factView(update, incident, view)}</p>`
      : renderMarkdown(update.text, { base: view.publicUrl });
  return html`<p><small>${minute(update.at)}</small> <strong>${words.status(update.status)}</strong></p>${said}`;
}

function lastChange(incident: IncidentView): Instant {
  return incident.updates.reduce((last, { at }) => (at > last ? at : last), incident.modifiedAt);
}

/** One entry per incident, which moves at each update: Atom and JSON Feed. */
export function incidentEntry(incident: IncidentView, view: FeedView): FeedEntry {
  const words = incidentMessages(view.language);
  const { description, postmortem, updates } = incident;
  const about = description === null ? null : renderMarkdown(description, { base: view.publicUrl });
  const learned = postmortem === null ? null : renderMarkdown(postmortem, { base: view.publicUrl });
  return {
    id: idFor(view, `incident/${incident.id}`),
    url: `${view.publicUrl}/incidents/${incident.id}`,
    title: `${incident.title}: ${words.status(incident.status)}`,
    html: html`${about}${updates.map((update) => updateHtml(update, incident, view))}${learned}${factsHtml(incident, view)}`,
    text: textOf(incident, view),
    published: firstTold(incident),
    updated: lastChange(incident),
    categories: categoriesOf(incident, view),
  };
}

/** One entry per update: RSS, where readers tell only of entries that are new. */
export function updateEntry(update: IncidentUpdate, incident: IncidentView, view: FeedView): FeedEntry {
  const words = incidentMessages(view.language);
  return {
    id: idFor(view, `incident/${incident.id}/update/${update.id}`),
    url: `${view.publicUrl}/incidents/${incident.id}#update-${update.id}`,
    title: `${incident.title}: ${words.status(update.status)}`,
    html: html`${updateHtml(update, incident, view)}${factsHtml(incident, view)}`,
    text: updateText(update, incident, view),
    published: update.at,
    updated: update.modifiedAt ?? update.at,
    categories: categoriesOf(incident, view),
  };
}

/** An entry as the predecessor's feed had it: its address is its id, its time that of the newest update. */
export function seedEntry(incident: IncidentView, view: FeedView): FeedEntry {
  const entry = incidentEntry(incident, view);
  return { ...entry, id: entry.url as `http${string}`, title: incident.title, published: lastChange(incident) };
}

function textOf(incident: IncidentView, view: FeedView): string {
  const words = incidentMessages(view.language);
  const said = incident.updates.map(
    (update) => `${minute(update.at)} ${words.status(update.status)}: ${updateText(update, incident, view)}`,
  );
  const about = incident.description === null ? [] : [plainText(incident.description)];
  return [...about, ...said, ...facts(incident, view).map((fact) => fact.join(': '))].join('\n\n');
}

/** When readers could first know of it: a back-dated one was not there at its beginning. */
function firstTold(incident: IncidentView): Instant {
  return incident.type === 'incident' && incident.start < incident.createdAt ? incident.start : incident.createdAt;
}

function categoriesOf(incident: IncidentView, view: FeedView): string[] {
  const subjects = incident.components.map((key) => view.subjects.get(key));
  const names = subjects.flatMap((subject) => (subject === undefined ? [] : [subject.name, subject.region ?? '']));
  return [kindWord(incident, view), ...new Set(names.filter((name) => name !== ''))];
}

export function feedOf(
  entries: readonly FeedEntry[],
  about: { title: string; page: string; self: string; language: string; view: FeedView },
): Feed {
  const { title, page, self, language, view } = about;
  const updated = entries.reduce(
    (last, entry) => (entry.updated > last ? entry.updated : last),
    `${IDS_SINCE}T00:00:00.000Z`,
  );
  return {
    id: idFor(view, self.replace(/\.\w+$/, '')),
    title,
    link: view.publicUrl + page,
    self: view.publicUrl + self,
    description: feedMessages(view.language).description(title),
    updated,
    language,
    entries,
  };
}

/** A maintenance, or an incident with an end, in a calendar. */
export function calendarEvent(incident: IncidentView, view: FeedView): CalendarEvent {
  const { id, start, end, title, status, version, modifiedAt } = incident;
  return {
    uid: `incident-${id}@${new URL(view.publicUrl).hostname}`,
    start,
    end: end !== null && toMs(end) > toMs(start) ? end : null,
    summary: title,
    description: textOf(incident, view),
    url: `${view.publicUrl}/incidents/${id}`,
    sequence: version,
    status: status === 'cancelled' ? 'CANCELLED' : status === 'pending_review' ? 'TENTATIVE' : 'CONFIRMED',
    stamp: modifiedAt,
    modified: modifiedAt,
    categories: categoriesOf(incident, view),
  };
}
