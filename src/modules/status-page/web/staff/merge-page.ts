import { checkbox, clip } from '../../../../platform/design/index.ts';
import { html } from '../../../../platform/html/index.ts';
import { mergeIncidents } from '../../actions/merge-incidents.ts';
import { type IncidentView, readIncidents, visibleKeys } from '../../store/incident-read.ts';
import type { Deed, DeedView } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';

/** Several incidents were one: which come into this one. */
export const mergePage: Deed = {
  path: 'merge',
  role: 'operator',
  title: (language) => deedsMessages(language).merge,
  labels: (language) => ({ others: deedsMessages(language).mergeWhich }),
  begin: () => ({}),
  fields: async (props) => {
    const { state } = props;
    const words = deedsMessages(state.language);
    const others = await otherOpen(props);
    if (others.length === 0) return html`<p class="soft">${words.mergeNone}</p>`;
    const chosen = state.typed.list('others');
    const wrong = state.trouble.fields.get('others');
    const boxes = others.map(({ id, title }) =>
      checkbox({
        name: 'others',
        id: `other-${id}`,
        value: String(id),
        label: words.moveOld(id, clip(title, 120)),
        checked: chosen.includes(String(id)),
      }),
    );
    return html`<fieldset id="others" tabindex="-1"><legend>${words.mergeWhich}</legend><p class="hint">${words.mergeHint}</p>${
      wrong !== undefined && html`<p class="mistake" id="others-error">${wrong}</p>`
    }${boxes}</fieldset>`;
  },
  acts: (language) => [{ value: 'save', text: deedsMessages(language).merge }],
  act: async ({ context, visit, incident, state, version }) => {
    const others = state.typed.list('others').map(Number);
    await mergeIncidents(context, visit.actor, incident.id, { version, others });
    return { notice: deedsMessages(visit.language).merged };
  },
};

/** Open incidents besides this one, newest first. */
export async function otherOpen({ context, visit, incident }: DeedView): Promise<IncidentView[]> {
  const visible = await visibleKeys(context.components, visit.actor);
  const filter = { types: ['incident'], state: 'open' } as const;
  const { incidents } = await readIncidents(context.db, visit.actor, visible, filter);
  return incidents.filter(({ id }) => id !== incident.id);
}
