import type { ComponentKey } from '../../../core/index.ts';
import { card } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Visit } from '../../../platform/http/index.ts';
import { findComponent } from '../store/component-read.ts';
import { readIncidents, visibleKeys } from '../store/incident-read.ts';
import { incidentList } from './incident-fragment.ts';
import { incidentViewOf, type PageContext } from './page-parts.ts';
import { publicMessages } from './public-messages.ts';

const MOST = 5;

/** The newest incidents and maintenances of a component, on its page. */
export async function componentPanel(context: PageContext, visit: Visit, key: ComponentKey): Promise<Html | null> {
  const visible = await visibleKeys(context.components, visit.actor);
  const { incidents, total } = await readIncidents(context.db, visit.actor, visible, {
    components: [key],
    limit: MOST,
  });
  if (total === 0) return null;
  const words = publicMessages(visit.language);
  const view = await incidentViewOf(context, visit, { incidents, visible });
  const component = await findComponent(context.db, key);
  const more =
    total > MOST &&
    component !== null &&
    html`<a href="${view.link(`/history?service=${encodeURIComponent(component.name)}`)}">${words.allOfComponent}</a>`;
  return card({
    title: words.ofComponent,
    ...(more === false ? {} : { aside: more }),
    live: 'incidents',
    flush: true,
    body: incidentList(incidents, view),
  });
}
