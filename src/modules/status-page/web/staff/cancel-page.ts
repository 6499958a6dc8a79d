import { html } from '../../../../platform/html/index.ts';
import { cancelMaintenance } from '../../actions/cancel-maintenance.ts';
import type { Deed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { markdownField, optional } from './form-parts.ts';

/** It will not take place, or ends here. The page itself is the question back. */
export const cancelPage: Deed = {
  path: 'cancel',
  role: 'creator',
  title: (language) => deedsMessages(language).cancel,
  labels: (language) => ({ text: deedsMessages(language).why }),
  begin: () => ({}),
  fields: async ({ state }) => {
    const words = deedsMessages(state.language);
    return html`<p>${words.cancelAsk}</p>${markdownField(state, {
      name: 'text',
      label: optional(words.why, state),
      hint: words.whyHint,
      most: 10_000,
      rows: 4,
    })}`;
  },
  acts: (language) => [{ value: 'save', text: deedsMessages(language).cancel, kind: 'danger' }],
  act: async ({ context, visit, incident, state, version }) => {
    await cancelMaintenance(context, visit.actor, incident.id, { version, text: state.typed.given('text') });
    return { notice: deedsMessages(visit.language).cancelled };
  },
};
