import { hasRole } from '../../../../core/index.ts';
import { button, select } from '../../../../platform/design/index.ts';
import { attributes, type Html, html } from '../../../../platform/html/index.ts';
import type { Visit } from '../../../../platform/http/index.ts';
import { INTERNAL, type IncidentStatus } from '../../domain/incident.ts';
import { allowedStatuses, isClosed, OWN_PENDING } from '../../domain/statuses.ts';
import type { IncidentView } from '../../store/incident-read.ts';
import type { Template } from '../../store/template-read.ts';
import { incidentMessages } from '../incident-messages.ts';
import { formMessages } from './form-messages.ts';
import { actions, markdownField, titleField, whenEnter } from './form-parts.ts';
import { impactField } from './new-page.ts';
import type { StaffIncident } from './staff-incident.ts';
import { Typed } from './typed.ts';
import { updateFormMessages } from './update-form-messages.ts';
import { beside, type FormState, localIn, momentField, zoneField } from './zoned-fields.ts';

export interface UpdateFormProps extends StaffIncident {
  visit: Visit;
  state: FormState;
  templates: readonly Template[];
  /** Whether title, description and dates are in sight. */
  isOpen: boolean;
}

/** What this person may say of it, in the order in which the form offers it. */
export function statusesFor(visit: Visit, incident: IncidentView): readonly IncidentStatus[] {
  const all = allowedStatuses(incident);
  if (incident.type !== 'maintenance' || hasRole(visit.actor, 'operator')) return all;
  return all.filter((status) => OWN_PENDING.includes(status));
}

/** What the form begins with. */
export function updateTyped(incident: IncidentView, status: string | null): Typed {
  const { version, title, description } = incident;
  return new Typed({
    version: String(version),
    status: status ?? incident.status,
    title,
    description: description ?? '',
    wasTitle: title,
    wasDescription: description ?? '',
  });
}

/**
 * After somebody else was first: what nobody touched here shows what is there now, what was typed stays, and sending
 * again builds on the new version.
 */
export function rebased(typed: Typed, incident: IncidentView): Typed {
  const { version, title } = incident;
  const description = incident.description ?? '';
  return typed.with({
    version: String(version),
    wasTitle: title,
    wasDescription: description,
    title: typed.text('title') === typed.text('wasTitle') ? title : typed.text('title'),
    description: typed.text('description') === typed.text('wasDescription') ? description : typed.text('description'),
  });
}

/** The fields themselves; the page or the card around them is another's. */
export function updateForm(props: UpdateFormProps): Html {
  const { incident, view, visit, state } = props;
  const words = updateFormMessages(view.language);
  const said = formMessages(view.language);
  const { typed } = state;
  const hidden = ['version', 'wasTitle', 'wasDescription'].map(
    (name) => html`<input type="hidden" name="${name}" value="${typed.text(name)}">`,
  );
  const body = html`${visit.csrf}${whenEnter('do', 'save')}${hidden}${statusField(props)}${markdownField(state, {
    name: 'text',
    label: words.text,
    hint: INTERNAL.includes(incident.status) ? words.textHintInternal : words.textHint,
    most: 10_000,
    rows: 5,
    required: true,
  })}${templateField(props)}${incident.type === 'incident' && impactPart(props)}${beside(
    momentField(state, { name: 'at', label: words.at, hint: said.nowIfEmpty }),
    zoneField(state),
  )}${morePart(props)}${actions(
    [
      { value: 'save', text: words.send },
      { value: 'preview', text: said.preview, kind: 'plain', unchecked: true },
    ],
    null,
  )}`;
  return html`<form class="form wide" id="update" method="post" action="${view.link(`/incidents/${incident.id}/update`)}" aria-label="${words.heading}">${body}</form>
`;
}

function statusField({ incident, visit, state }: UpdateFormProps): Html {
  const words = updateFormMessages(state.language);
  const said = incidentMessages(state.language);
  return select({
    name: 'status',
    label: words.status,
    value: state.typed.text('status'),
    options: statusesFor(visit, incident).map((status) => ({ value: status, text: said.status(status) })),
    error: state.trouble.fields.get('status'),
  });
}

/** Puts prepared words into the text with a button of its own, so that it works without script. */
function templateField({ state, templates, incident }: UpdateFormProps): Html {
  const words = updateFormMessages(state.language);
  const said = incidentMessages(state.language);
  const allowed = allowedStatuses(incident);
  const fitting = templates.filter(({ status }) => status === null || allowed.includes(status));
  if (fitting.length === 0) return html``;
  const options = fitting.map(({ id, name, status }) => ({
    value: id,
    text: status === null ? name : `${name} (${said.status(status)})`,
  }));
  return html`<div class="with-button">${select({
    name: 'template',
    label: words.template,
    value: state.typed.text('template'),
    options: [{ value: '', text: words.templateNone }, ...options],
  })}${button(words.insert, { kind: 'plain', name: 'do', value: 'template', unchecked: true })}</div>`;
}

function impactPart({ incident, state }: UpdateFormProps): Html {
  const words = updateFormMessages(state.language);
  return impactField(state, {
    label: words.impact,
    hint: isClosed(incident) ? words.impactClosedHint : words.impactHint,
    none: words.impactStays,
  });
}

/** What changes more seldom: behind a fold unless asked for or wrong. */
function morePart({ incident, state, isOpen }: UpdateFormProps): Html {
  const words = updateFormMessages(state.language);
  const said = formMessages(state.language);
  const hasDates = incident.type !== 'incident' || isClosed(incident);
  const wrong = ['title', 'description', 'start', 'end'].some((name) => state.trouble.fields.has(name));
  const zone = state.timezone;
  const local = (instant: string) => `${localIn(instant, zone).replace('T', ' ')} (${zone})`;
  const dates =
    hasDates &&
    beside(
      momentField(state, { name: 'start', label: words.start, hint: words.startNow(local(incident.start)) }),
      momentField(state, {
        name: 'end',
        label: words.end,
        hint: words.endNow(incident.end === null ? null : local(incident.end)),
      }),
    );
  return html`<details class="behind" id="more"${attributes({ open: isOpen || wrong })}><summary>${hasDates ? words.more : words.moreNoDates}</summary><div class="form wide">${dates}${titleField(
    state,
  )}${markdownField(state, { name: 'description', label: said.description, most: 1500, rows: 4 })}</div></details>`;
}
