import { buttonLink, card, emptyState } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import type { IncidentView } from '../store/incident-read.ts';
import { type IncidentPageView, incidentList } from './incident-fragment.ts';
import { publicMessages } from './public-messages.ts';

export interface MaintenancesPageProps {
  running: readonly IncidentView[];
  /** Soonest first. */
  planned: readonly IncidentView[];
  past: readonly IncidentView[];
  view: IncidentPageView;
  /** What staff may do here. */
  tools: Html | null;
  alternates: NonNullable<Page['alternates']>;
}

export function maintenancesPage({ running, planned, past, view, tools, alternates }: MaintenancesPageProps): Page {
  const words = publicMessages(view.language);
  const section = (title: string, incidents: readonly IncidentView[], live: string) =>
    incidents.length > 0 && card({ title, live, flush: true, body: incidentList(incidents, view) });
  const none = emptyState({
    title: words.nonePlannedTitle,
    text: words.nonePlannedText,
    action: buttonLink(view.link('/history?type=maintenance'), words.past),
  });
  const main = html`<div class="page-head"><h1>${words.maintenances}</h1><p class="acts">${buttonLink(
    view.link('/feeds/all.ics'),
    words.calendar,
  )}${tools}</p></div>
<div class="stack">${section(words.running, running, 'running')}${
    planned.length === 0 && running.length === 0 ? none : section(words.planned, planned, 'planned')
  }${section(words.recent, past, 'past')}</div>`;
  return { title: words.maintenances, nav: '/maintenances', main, alternates };
}
