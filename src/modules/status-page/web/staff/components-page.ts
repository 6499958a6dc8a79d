import { card, clip, confirm } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import type { Web } from '../../../../platform/http/index.ts';
import { addComponents } from '../../actions/add-components.ts';
import { removeComponent } from '../../actions/remove-component.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { subjectLabel } from '../subjects.ts';
import { type Deed, type DeedView, registerDeed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { formMessages } from './form-messages.ts';
import { pickedIn, picker } from './picker.ts';
import { catalogFor } from './routes-new.ts';

/** What else is affected, and what is not any more. */
const componentsPage: Deed = {
  path: 'components',
  role: 'creator',
  title: (language) => deedsMessages(language).components,
  labels: (language) => ({
    components: formMessages(language).components,
    component: deedsMessages(language).present,
  }),
  begin: () => ({}),
  above: async (props) => presentPart(props),
  fields: async ({ context, visit, incident, state }) =>
    html`<p class="soft">${deedsMessages(state.language).addHint}</p>${picker(state, await catalogFor(context, visit), {
      taken: incident.components,
    })}`,
  acts: (language) => [{ value: 'add', text: deedsMessages(language).add }],
  act: async ({ context, visit, incident, state, version }) => {
    const { typed } = state;
    const words = deedsMessages(visit.language);
    const redirect = `/incidents/${incident.id}/components`;
    if (typed.has('component')) {
      await removeComponent(context, visit.actor, incident.id, { version, component: typed.text('component') });
      return { redirect, notice: words.removed };
    }
    const components = pickedIn(typed, await catalogFor(context, visit));
    await addComponents(context, visit.actor, incident.id, { version, components });
    return { redirect, notice: words.added };
  },
};

export function registerComponentsPage(web: Web, context: StatusPageContext): void {
  registerDeed(web, context, componentsPage);
}

/** Each with a button that asks back. */
function presentPart({ incident, view, visit, state }: DeedView): Html {
  const words = deedsMessages(state.language);
  const action = view.link(`/incidents/${incident.id}/components`);
  const isLast = incident.components.length === 1;
  const rows = incident.components.map((key) => {
    const name = clip(subjectLabel(view.subjects.get(key), key), 160);
    const remove = confirm({
      action,
      csrf: visit.csrf,
      text: words.remove,
      question: words.removeAsk(name),
      language: state.language,
      values: { version: state.typed.text('version'), component: key, do: 'remove' },
    });
    return html`<li><span>${name}</span>${!isLast && remove}</li>`;
  });
  const wrong = state.trouble.fields.get('component');
  return card({
    title: words.present,
    id: 'component',
    body: html`${wrong !== undefined && html`<p class="mistake" id="component-error">${wrong}</p>`}<ul class="present">${rows}</ul>${
      isLast && html`<p class="soft">${words.last}</p>`
    }`,
  });
}
