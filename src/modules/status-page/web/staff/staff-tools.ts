import { hasRole } from '../../../../core/index.ts';
import { buttonLink, card } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Visit } from '../../../../platform/http/index.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { isClosed } from '../../domain/statuses.ts';
import { type IncidentView, visibleKeys } from '../../store/incident-read.ts';
import { readTemplates } from '../../store/template-read.ts';
import type { IncidentTools } from '../incident-page.ts';
import { incidentViewOf } from '../page-parts.ts';
import type { StaffTools } from '../routes-public.ts';
import { givenBackNote } from './given-back-note.ts';
import { denialOf } from './staff-incident.ts';
import { toolsMessages } from './tools-messages.ts';
import { NO_TROUBLE } from './trouble.ts';
import { updateForm, updateTyped } from './update-form.ts';
import { updateFormMessages } from './update-form-messages.ts';

/** What the pages of everybody show to those who may write. */
export function staffTools(context: StatusPageContext): StaffTools {
  return {
    incident: async (visit, incident) =>
      hasRole(visit.actor, 'creator') ? await forIncident(context, visit, incident) : null,
    maintenances: (visit) => (hasRole(visit.actor, 'creator') ? forMaintenances(visit) : null),
  };
}

async function forIncident(context: StatusPageContext, visit: Visit, incident: IncidentView): Promise<IncidentTools> {
  const words = toolsMessages(visit.language);
  const correct: IncidentTools['correct'] = ({ id }) => visit.link(`/incidents/${incident.id}/updates/${id}/edit`);
  const visible = await visibleKeys(context.components, visit.actor);
  const view = await incidentViewOf(context, visit, { incidents: [incident], visible });
  const denial = denialOf(visit, incident);
  if (denial !== null) {
    const why = denial === 'foreign' ? words.foreign : words.reviewed;
    const more = card({ title: words.tools, body: html`<p class="soft">${why}</p>${linkList(visit, incident)}` });
    return { write: givenBackNote({ incident, view }, false), more, correct };
  }
  const isOwn = visit.actor.kind === 'user' && incident.createdById === visit.actor.id;
  const form = updateForm({
    incident,
    view,
    visit,
    state: {
      typed: updateTyped(incident, null),
      trouble: NO_TROUBLE,
      language: visit.language,
      timezone: context.site().timezone,
    },
    templates: await readTemplates(context.db),
    isOpen: false,
  });
  return {
    write: html`${givenBackNote({ incident, view }, isOwn)}${card({
      title: updateFormMessages(visit.language).heading,
      id: 'write',
      body: form,
    })}`,
    more: card({ title: words.tools, body: linkList(visit, incident) }),
    correct,
  };
}

/** Each deed is a page of its own, so that this one stays calm. */
function linkList(visit: Visit, incident: IncidentView): Html {
  const words = toolsMessages(visit.language);
  const links = deedsOf(visit, incident).map(
    ([path, text]) => html`<li><a href="${visit.link(`/incidents/${incident.id}/${path}`)}">${text}</a></li>`,
  );
  if (hasRole(visit.actor, 'operator')) {
    links.push(html`<li><a href="${visit.link('/admin/templates')}">${words.templates}</a></li>`);
  }
  const draft = incident.postmortem !== null && incident.postmortemAt === null;
  return html`${links.length > 0 && html`<ul class="links">${links}</ul>`}${draft && html`<p class="soft">${words.draft}</p>`}`;
}

type Deed = readonly [path: string, text: string];

function deedsOf(visit: Visit, incident: IncidentView): Deed[] {
  const words = toolsMessages(visit.language);
  const { type, status } = incident;
  const isOperator = hasRole(visit.actor, 'operator');
  const over = isClosed(incident);
  const when = (yes: boolean, deed: Deed): Deed[] => (yes ? [deed] : []);
  if (denialOf(visit, incident) !== null) return [];
  const isIncident = type === 'incident';
  return [
    ...when(isOperator && status === 'pending_review', ['review', words.review]),
    ...when(isIncident && !over, ['update?status=resolved', words.resolve]),
    ...when(isIncident && over, ['update?status=reopened', words.reopen]),
    ...when(isIncident && over && isOperator, ['postmortem', words.postmortem]),
    ...when(status !== 'cancelled', ['update?open=more', words.edit]),
    ...when(!over, ['components', words.components]),
    ...when(isIncident && !over && isOperator && incident.components.length > 1, ['move', words.move]),
    ...when(isIncident && !over && isOperator, ['merge', words.merge]),
    ...when(isIncident && !over && isOperator, ['back-date', words.backDate]),
    ...when(type === 'maintenance' && status !== 'cancelled', ['cancel', words.cancel]),
  ];
}

function forMaintenances(visit: Visit): Html {
  const words = toolsMessages(visit.language);
  return html`${buttonLink(visit.link('/reviews'), words.waiting)}${
    hasRole(visit.actor, 'operator') && buttonLink(visit.link('/maintenances/series'), words.series)
  }${buttonLink(visit.link('/incidents/new?type=maintenance'), words.announce, 'primary')}`;
}
