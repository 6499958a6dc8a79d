import type { RowView } from '../../../platform/design/index.ts';
import type { Visit } from '../../../platform/http/index.ts';
import type { StatusPageContext } from '../actions/status-page-context.ts';
import type { CatalogRead } from '../store/component-read.ts';
import { type IncidentView, readIncidents, type VisibleKeys } from '../store/incident-read.ts';
import { type IncidentPageView, spokenOf } from './incident-fragment.ts';
import { subjectsOf } from './subjects.ts';

export type PageContext = Pick<StatusPageContext, 'config' | 'site' | 'db' | 'clock' | 'components'>;

export function viewOf(context: Pick<PageContext, 'site' | 'clock'>, visit: Visit): RowView {
  const { timezone } = context.site();
  return { language: visit.language, timezone, now: context.clock.now(), link: (path) => visit.link(path) };
}

/** The view of a page about these incidents: with the names of everything they speak of. */
export async function incidentViewOf(
  context: PageContext,
  visit: Visit,
  { incidents, visible, catalog }: { incidents: readonly IncidentView[]; visible: VisibleKeys; catalog?: CatalogRead },
): Promise<IncidentPageView> {
  const keys = incidents.flatMap(({ components, past, updates }) => [
    ...components,
    ...past.map(({ component }) => component),
    ...updates.flatMap(({ fact }) => (fact !== null && 'component' in fact ? [fact.component] : [])),
  ]);
  const ids = [...new Set(spokenOf(incidents))];
  const others = ids.length === 0 ? [] : (await readIncidents(context.db, visit.actor, visible, { ids })).incidents;
  return {
    ...viewOf(context, visit),
    subjects: await subjectsOf(context, visit.actor, keys, catalog),
    titles: new Map([...incidents, ...others].map(({ id, title }) => [id, title])),
  };
}
