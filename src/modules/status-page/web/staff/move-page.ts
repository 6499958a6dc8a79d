import { checkbox, clip, field, select } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import { moveComponents } from '../../actions/move-components.ts';
import { subjectLabel } from '../subjects.ts';
import type { Deed, DeedView } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { formMessages } from './form-messages.ts';
import { optional } from './form-parts.ts';
import { otherOpen } from './merge-page.ts';
import { newMessages } from './new-messages.ts';
import { impactField } from './new-page.ts';

/** Some components go into another incident or into a new one; `?component=` splits off that one. */
export const movePage: Deed = {
  path: 'move',
  role: 'operator',
  title: (language) => deedsMessages(language).move,
  labels: (language) => ({
    components: deedsMessages(language).moveWhich,
    to: deedsMessages(language).moveTo,
    title: deedsMessages(language).moveTitle,
    impact: newMessages(language).impact,
  }),
  begin: ({ incident, view }, visit) => {
    const key = visit.query.get('component');
    if (key === null || !incident.components.includes(key)) return {};
    const name = view.subjects.get(key)?.name ?? key;
    return { components: [key], title: `${incident.title.slice(0, 195 - name.length)} (${name})` };
  },
  fields: async (props) => html`${whichPart(props)}${await wherePart(props)}`,
  acts: (language) => [{ value: 'save', text: deedsMessages(language).move }],
  act: async ({ context, visit, incident, state, version }) => {
    const { typed } = state;
    const to = typed.given('to');
    const impact = typed.given('impact');
    const moved = await moveComponents(context, visit.actor, incident.id, {
      version,
      components: typed.list('components'),
      to: to === undefined ? undefined : Number(to),
      // An incident that is there already keeps its words.
      ...(to === undefined
        ? { title: typed.given('title'), impact: impact === undefined ? undefined : Number(impact) }
        : {}),
    });
    return { redirect: `/incidents/${moved.id}`, notice: deedsMessages(visit.language).moved };
  },
};

function whichPart({ incident, view, state }: DeedView): Html {
  const words = deedsMessages(state.language);
  const chosen = state.typed.list('components');
  const wrong = state.trouble.fields.get('components');
  const boxes = incident.components.map((key) =>
    checkbox({
      name: 'components',
      id: `c-${key}`,
      value: key,
      label: clip(subjectLabel(view.subjects.get(key), key), 160),
      checked: chosen.includes(key),
    }),
  );
  return html`<fieldset id="components" tabindex="-1"><legend>${words.moveWhich}</legend><p class="hint">${words.moveWhichHint}</p>${
    wrong !== undefined && html`<p class="mistake" id="components-error">${wrong}</p>`
  }${boxes}</fieldset>`;
}

async function wherePart(props: DeedView): Promise<Html> {
  const { state } = props;
  const words = deedsMessages(state.language);
  const others = await otherOpen(props);
  const target = select({
    name: 'to',
    label: words.moveTo,
    value: state.typed.text('to'),
    options: [
      { value: '', text: words.moveNew },
      ...others.map(({ id, title }) => ({ value: String(id), text: words.moveOld(id, clip(title, 100)) })),
    ],
    error: state.trouble.fields.get('to'),
  });
  const title = field({
    name: 'title',
    label: optional(words.moveTitle, state),
    hint: `${words.moveTitleHint} ${formMessages(state.language).titleHint}`,
    value: state.typed.text('title'),
    most: 200,
    autocomplete: 'off',
    error: state.trouble.fields.get('title'),
  });
  return html`${target}${title}${impactField(state, { hint: words.moveImpactHint, none: words.moveSame })}`;
}
