import { AppError, hasRole } from '../../../../core/index.ts';
import { breadcrumbs, clip } from '../../../../platform/design/index.ts';
import { html, type View } from '../../../../platform/html/index.ts';
import type { Page, Visit } from '../../../../platform/http/index.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { type Denial, denialFor } from '../../domain/author-rules.ts';
import { type IncidentView, readIncident, visibleKeys } from '../../store/incident-read.ts';
import type { IncidentPageView } from '../incident-fragment.ts';
import { navigationOf } from '../incident-page.ts';
import { incidentViewOf } from '../page-parts.ts';
import { publicMessages } from '../public-messages.ts';
import type { Typed } from './typed.ts';

/** The incident that a page of staff is about. */
export interface StaffIncident {
  incident: IncidentView;
  view: IncidentPageView;
}

export async function staffIncident(context: StatusPageContext, visit: Visit): Promise<StaffIncident> {
  const id = numberIn(visit, 'id');
  const visible = await visibleKeys(context.components, visit.actor);
  const incident = id === null ? null : await readIncident(context.db, visit.actor, visible, id);
  if (incident === null) throw new AppError('not_found', 'There is no such incident.');
  return { incident, view: await incidentViewOf(context, visit, { incidents: [incident], visible }) };
}

/** A number in the address; null for what is none. */
export function numberIn(visit: Visit, name: string): number | null {
  const text = visit.params[name] ?? '';
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

/** The version that a form was made from; one that was tampered with is as good as none. */
export function versionIn(typed: Typed): number | undefined {
  const text = typed.text('version');
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** Why this person may not write here; null: he may. */
export function denialOf({ actor }: Visit, incident: IncidentView): Denial | null {
  const isOperator = hasRole(actor, 'operator');
  return denialFor({ id: actor.kind === 'user' ? actor.id : null, isOperator }, incident, null);
}

/** A page of its own for one deed on an incident. */
export function incidentFrame({ incident, view }: StaffIncident, title: string, body: View): Page {
  const words = publicMessages(view.language);
  const path = [
    { href: view.link('/'), text: words.overview },
    { href: view.link(`/incidents/${incident.id}`), text: clip(incident.title, 60) },
  ];
  const main = html`${breadcrumbs(view.language, path, title)}<h1>${title}</h1>${body}`;
  return { title: `${title}: ${clip(incident.title, 60)}`, nav: navigationOf(incident), main };
}
