import { card } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Visit } from '../../../platform/http/index.ts';
import { renderMarkdown } from '../../../platform/markdown/index.ts';
import { type IncidentView, readIncidents, visibleKeys } from '../store/incident-read.ts';
import { incidentList } from './incident-fragment.ts';
import { incidentViewOf, type PageContext } from './page-parts.ts';
import { publicMessages } from './public-messages.ts';

/** How many planned maintenances the overview names before it leads to the page of all. */
const MOST_PLANNED = 5;

export interface Current {
  incidents: IncidentView[];
  infos: IncidentView[];
  running: IncidentView[];
  /** Soonest first. */
  planned: IncidentView[];
}

/** What goes on or is announced, for this viewer; the worst incident first. */
export function sortCurrent(open: readonly IncidentView[], now: string): Current {
  const started = open.filter(({ start }) => start <= now);
  const lasting = started.filter(({ end }) => end === null || end > now);
  return {
    incidents: open
      .filter(({ type }) => type === 'incident')
      .toSorted((a, b) => b.impact - a.impact || (a.start < b.start ? 1 : -1)),
    infos: open.filter(({ type, end }) => type === 'info' && (end === null || end > now)),
    running: lasting.filter(({ type }) => type === 'maintenance'),
    planned: open
      .filter(({ type, start }) => type === 'maintenance' && start > now)
      .toSorted((a, b) => (a.start < b.start ? -1 : 1)),
  };
}

/** What stands above the lists of the overview: the operator's sentence, incidents, announcements, maintenances. */
export async function leadFragment(context: PageContext, visit: Visit): Promise<Html | null> {
  const visible = await visibleKeys(context.components, visit.actor);
  const { incidents: open } = await readIncidents(context.db, visit.actor, visible, { state: 'open' });
  const { message } = context.config();
  if (open.length === 0) return message === undefined ? html`<div data-live="lead" hidden></div>` : words(message);
  const view = await incidentViewOf(context, visit, { incidents: open, visible });
  const said = publicMessages(visit.language);
  const { incidents, infos, running, planned } = sortCurrent(open, view.now);
  const soon = planned.slice(0, MOST_PLANNED);
  const section = (title: string, those: readonly IncidentView[], more: Html | null = null) =>
    those.length > 0 &&
    card({ title, ...(more === null ? {} : { aside: more }), flush: true, body: incidentList(those, view) });
  const all = html`<a href="${view.link('/maintenances')}">${said.maintenances}</a>`;
  return html`<div class="stack lead-stack" data-live="lead">${message !== undefined && words(message)}${section(
    said.current,
    incidents,
  )}${section(said.announcements, infos)}${section(said.running, running)}${section(said.planned, soon, all)}</div>
`;
}

function words(message: string): Html {
  return html`<div class="prose lead-message">${renderMarkdown(message)}</div>`;
}
