import type { ComponentKey, Level } from '../../../core/index.ts';
import { clip, LEVEL_CLASS, lamp, type RowView, tag, time } from '../../../platform/design/index.ts';
import { type Html, html, joinHtml, type View } from '../../../platform/html/index.ts';
import { plainText, renderMarkdown } from '../../../platform/markdown/index.ts';
import { givenBack } from '../domain/given-back.ts';
import { IMPACT_KEYS, type Impact, type IncidentUpdate, levelOfImpact } from '../domain/incident.ts';
import type { IncidentView } from '../store/incident-read.ts';
import { incidentMessages } from './incident-messages.ts';
import { type Subject, subjectLabel } from './subjects.ts';
import { type Naming, noteOf, noteText } from './update-note.ts';

/** What the fragments need to know of their page. */
export interface IncidentPageView extends RowView {
  subjects: ReadonlyMap<ComponentKey, Subject>;
  /** Titles of other incidents that updates speak of; one that is not in it is not named. */
  titles: ReadonlyMap<number, string>;
}

/** The colour of an incident: its impact while it lasts, calm when it is over. */
export function lampOf(incident: Pick<IncidentView, 'type' | 'impact' | 'status' | 'end'>): Level {
  if (incident.status === 'resolved' || incident.status === 'completed') return 'operational';
  if (incident.status === 'cancelled') return 'unknown';
  if (incident.type === 'info') return 'notice';
  return levelOfImpact(incident.impact);
}

export function impactWord(impact: Impact, view: Pick<RowView, 'language'>): string {
  return incidentMessages(view.language).impact(IMPACT_KEYS[impact]);
}

/** What kind of trouble it is, in a word. */
export function kindWord(incident: Pick<IncidentView, 'type' | 'impact'>, view: Pick<RowView, 'language'>): string {
  const words = incidentMessages(view.language);
  return incident.type === 'incident' ? impactWord(incident.impact, view) : words.type(incident.type);
}

/** The affected services, each once, with its regions when there are several. */
export function affectedText(keys: readonly ComponentKey[], view: IncidentPageView): View {
  const byName = Map.groupBy(keys, (key) => view.subjects.get(key)?.name ?? key);
  const parts = [...byName].map(([name, same]) => {
    const regions = same.map((key) => view.subjects.get(key)?.region ?? null).filter((region) => region !== null);
    const [only] = same;
    const text = clip(regions.length === 0 ? name : `${name} (${regions.join(', ')})`, 160);
    return same.length === 1 && only !== undefined ? componentLink(only, text, view) : html`${text}`;
  });
  return joinHtml(parts, ', ');
}

function componentLink(key: ComponentKey, text: string, view: IncidentPageView): Html {
  return view.subjects.get(key)?.retired === false
    ? html`<a href="${view.link(`/components/${key}`)}">${text}</a>`
    : html`${text}`;
}

/** When it is or was, in one line. */
export function whenText(incident: IncidentView, view: RowView): Html {
  const words = incidentMessages(view.language);
  const { start, end, type } = incident;
  if (end !== null && type === 'incident') {
    return html`${time(start, view, { style: 'full' })} – ${time(end, view, { style: 'full' })}`;
  }
  if (end !== null) return html`${time(start, view, { style: 'full' })} – ${time(end, view, { style: 'full' })}`;
  if (start > view.now) return html`${words.from} ${time(start, view, { style: 'full' })}`;
  return html`${words.since} ${time(start, view, { relative: 'lasting' })}`;
}

/** The newest thing a person said of it, or the program if nobody said anything yet. */
export function latestUpdate(incident: IncidentView): IncidentUpdate | undefined {
  return incident.updates.find(({ text }) => text !== null) ?? incident.updates[0];
}

/** One incident in a list: what, how bad, since when, whom it touches, and what was said last. */
export function incidentItem(incident: IncidentView, view: IncidentPageView, heading: 'h2' | 'h3' = 'h3'): Html {
  const words = incidentMessages(view.language);
  const level = lampOf(incident);
  const latest = latestUpdate(incident);
  const title = html`<a href="${view.link(`/incidents/${incident.id}`)}">${clip(incident.title, 200)}</a>`;
  return html`<article class="incident ${LEVEL_CLASS[level]}" data-live="${`incident/${incident.id}`}">${lamp(level)}<div>
${heading === 'h2' ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
<p class="facts-line">${tag(kindWord(incident, view), level)} <b>${words.status(incident.status)}</b>${givenBack(incident.updates) !== null && html` ${tag(words.givenBack, 'degraded')}`} · ${whenText(incident, view)}</p>
${incident.components.length > 0 && html`<p class="soft">${affectedText(incident.components, view)}</p>`}${
  latest !== undefined &&
  html`<div class="latest"><p class="soft">${time(latest.at, view, { relative: 'ago' })}</p>${updateBody(latest, incident, view)}</div>`
}
</div></article>
`;
}

export function incidentList(incidents: readonly IncidentView[], view: IncidentPageView, heading?: 'h2' | 'h3'): Html {
  return html`<div class="incidents">${incidents.map((incident) => incidentItem(incident, view, heading))}</div>
`;
}

/** What an update says: a person's Markdown, or the program's note as a sentence. */
export function updateBody(update: IncidentUpdate, incident: Pick<IncidentView, 'type'>, view: IncidentPageView): Html {
  if (update.text !== null) return html`<div class="prose">${renderMarkdown(update.text)}</div>`;
  return html`<p>${factView(update, incident, view)}</p>`;
}

/** The program's note as a sentence; other incidents are named only where the viewer may see them. */
export function factView(update: IncidentUpdate, incident: Pick<IncidentView, 'type'>, view: IncidentPageView): View {
  const { text, incident: other } = noteOf(update, incident.type, namingOf(view));
  if (other === null) return text;
  const title = view.titles.get(other);
  if (title === undefined) return `${text} …`;
  return html`${text} <a href="${view.link(`/incidents/${other}`)}">${clip(title, 120)}</a>.`;
}

/** What an update says, for where no markup can stand. */
export function updateText(
  update: IncidentUpdate,
  incident: Pick<IncidentView, 'type'>,
  view: IncidentPageView,
): string {
  if (update.text !== null) return plainText(update.text);
  return noteText(update, incident.type, { ...namingOf(view), other: (id) => view.titles.get(id) ?? '…' });
}

function namingOf({ language, subjects }: Pick<IncidentPageView, 'language' | 'subjects'>): Naming {
  return { language, label: (key) => clip(subjectLabel(subjects.get(key), key), 160) };
}

/** Numbers of the incidents that some updates speak of. */
export function spokenOf(incidents: readonly IncidentView[]): number[] {
  return incidents.flatMap(({ updates, mergedInto }) => [
    ...(mergedInto === null ? [] : [mergedInto]),
    ...updates.flatMap(({ fact }) => (fact !== null && 'incident' in fact ? [fact.incident] : [])),
  ]);
}
