import { hasRole } from '../../../../core/index.ts';
import {
  breadcrumbs,
  card,
  checkbox,
  duration,
  field,
  form,
  notice,
  type RowView,
  select,
  tabs,
} from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Page, Visit } from '../../../../platform/http/index.ts';
import { IMPACT_KEYS, INCIDENT_TYPES, type IncidentType } from '../../domain/incident.ts';
import type { CatalogRead } from '../../store/component-read.ts';
import { incidentMessages } from '../incident-messages.ts';
import { publicMessages } from '../public-messages.ts';
import { formMessages } from './form-messages.ts';
import { actions, markdownField, optional, previewCard, titleField, troubleNote, whenEnter } from './form-parts.ts';
import { newMessages } from './new-messages.ts';
import { picker } from './picker.ts';
import { beside, type FormState, momentField, zoneField } from './zoned-fields.ts';

export interface NewPageProps {
  type: IncidentType;
  state: FormState;
  catalog: CatalogRead;
  visit: Visit;
  view: RowView;
  /** Milliseconds before the start, when the maintenance was asked back. */
  shortNotice: number | null;
  domains: readonly string[];
}

/** Where incidents, maintenances and infos begin: one address and one form for each. */
export function newPage(props: NewPageProps): Page {
  const { type, state, view, visit } = props;
  const words = newMessages(view.language);
  const kinds = INCIDENT_TYPES.map((kind) => ({
    href: view.link(`/incidents/new?type=${kind}`),
    text: words.tab(kind),
    current: kind === type,
  }));
  const crumbs = breadcrumbs(
    view.language,
    [{ href: view.link('/'), text: publicMessages(view.language).overview }],
    words.heading(type),
  );
  const shown = state.typed.text('do') === 'preview' && previewCard(previewOf(props), state);
  const main = html`${crumbs}<h1>${words.heading(type)}</h1>${tabs(words.kind, kinds)}
${troubleNote(state.trouble, labelsOf(props), view)}${shown}${card({
  title: words.details,
  body: form({ action: view.link('/incidents/new'), csrf: visit.csrf, wide: true, body: fields(props) }),
})}`;
  return { title: words.heading(type), nav: '/incidents/new', main };
}

function previewOf({ state: { typed }, view }: NewPageProps): { title: string; text: string }[] {
  const words = formMessages(view.language);
  return [
    { title: words.description, text: typed.text('description') },
    { title: newMessages(view.language).firstUpdate, text: typed.text('text') },
  ];
}

function labelsOf({ view }: NewPageProps): Record<string, string> {
  const words = newMessages(view.language);
  const said = formMessages(view.language);
  return {
    title: said.title,
    description: said.description,
    impact: words.impact,
    components: said.components,
    start: words.begins,
    end: words.ends,
    zone: said.zone,
    contactEmail: words.contact,
    text: words.firstUpdate,
  };
}

function fields(props: NewPageProps): Html {
  const { type, state, catalog, view, visit } = props;
  const words = newMessages(view.language);
  const said = formMessages(view.language);
  const waits = type === 'maintenance' && !hasRole(visit.actor, 'operator');
  const description = {
    incident: words.describeIncident,
    maintenance: words.describePlan,
    info: words.describeInfo,
  }[type];
  const isNeeded = type === 'maintenance';
  return html`${whenEnter('do', 'save')}<input type="hidden" name="type" value="${type}">${waits && html`<p class="soft">${words.review}</p>`}${titleField(
    state,
  )}${type === 'incident' && impactField(state)}${markdownField(state, {
    name: 'description',
    label: isNeeded ? said.description : optional(said.description, state),
    hint: description,
    most: 1500,
    required: isNeeded,
  })}${picker(state, catalog)}${times(type, state)}${
    type === 'maintenance' && contactField(props, waits)
  }${markdownField(state, {
    name: 'text',
    label: optional(words.firstUpdate, state),
    hint: words.firstUpdateHint,
    most: 10_000,
    rows: 4,
  })}${shortNoticePart(props)}${actions(
    [
      { value: 'save', text: words.heading(type) },
      { value: 'preview', text: said.preview, kind: 'plain', unchecked: true },
    ],
    null,
  )}${type === 'maintenance' && hasRole(visit.actor, 'operator') && html`<p class="soft"><a href="${view.link('/maintenances/series/new')}">${words.series}</a></p>`}`;
}

/** The impacts that incidents have, worst last. */
export function impactField(state: FormState, options: { label?: string; hint?: string; none?: string } = {}): Html {
  const words = newMessages(state.language);
  const said = incidentMessages(state.language);
  const impacts = IMPACT_KEYS.flatMap((key, impact) =>
    impact === 0 ? [] : [{ value: String(impact), text: said.impact(key) }],
  );
  const { label = words.impact, hint = words.impactHint, none } = options;
  return select({
    name: 'impact',
    label,
    hint,
    value: state.typed.text('impact'),
    options: none === undefined ? impacts : [{ value: '', text: none }, ...impacts],
    error: state.trouble.fields.get('impact'),
  });
}

function times(type: IncidentType, state: FormState): Html {
  const words = newMessages(state.language);
  const said = formMessages(state.language);
  if (type === 'incident') {
    return beside(
      momentField(state, { name: 'start', label: optional(words.begins, state), hint: words.beganHint }),
      zoneField(state),
    );
  }
  const isPlan = type === 'maintenance';
  const start = isPlan
    ? { name: 'start', label: words.begins, required: true }
    : { name: 'start', label: optional(words.begins, state), hint: said.nowIfEmpty };
  const end = isPlan
    ? { name: 'end', label: words.ends, required: true }
    : { name: 'end', label: optional(words.ends, state), hint: words.untilHint };
  return html`${beside(momentField(state, start), momentField(state, end))}${zoneField(state)}`;
}

function contactField({ state, domains }: NewPageProps, isNeeded: boolean): Html {
  const words = newMessages(state.language);
  const hint =
    domains.length === 0 ? words.contactHint : `${words.contactHint} ${words.contactDomains(domains.join(', '))}`;
  return field({
    name: 'contactEmail',
    label: isNeeded ? words.contact : optional(words.contact, state),
    type: 'email',
    hint,
    value: state.typed.text('contactEmail'),
    required: isNeeded,
    autocomplete: 'email',
    error: state.trouble.fields.get('contactEmail'),
  });
}

function shortNoticePart({ shortNotice, view, state }: NewPageProps): Html {
  if (shortNotice === null) return html``;
  const words = newMessages(view.language);
  const text = html`<p><strong>${words.shortTitle}</strong> ${words.short(duration(shortNotice, view.language))}</p>`;
  return html`<div id="confirmed-part">${notice('warning', view.language, text)}${checkbox({
    name: 'confirmed',
    value: 'yes',
    label: words.confirm,
    checked: state.typed.has('confirmed'),
  })}</div>`;
}
