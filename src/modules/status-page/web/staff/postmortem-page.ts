import { html } from '../../../../platform/html/index.ts';
import { writePostmortem } from '../../actions/write-postmortem.ts';
import type { Deed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { formMessages } from './form-messages.ts';
import { markdownField } from './form-parts.ts';

/** What was learned: a draft for staff until it is published. */
export const postmortemPage: Deed = {
  path: 'postmortem',
  role: 'operator',
  title: (language) => deedsMessages(language).postmortem,
  labels: (language) => ({ text: deedsMessages(language).postmortemText }),
  begin: ({ incident }) => ({ text: incident.postmortem ?? '' }),
  fields: async ({ incident, state }) => {
    const words = deedsMessages(state.language);
    return html`<p class="soft">${words.postmortemState(incident.postmortemAt !== null)}</p>${markdownField(state, {
      name: 'text',
      label: words.postmortemText,
      hint: words.postmortemHint,
      most: 50_000,
      rows: 18,
    })}`;
  },
  acts: (language) => {
    const words = deedsMessages(language);
    // Enter never publishes.
    return [
      { value: 'draft', text: words.postmortemDraft, kind: 'plain' },
      { value: 'preview', text: formMessages(language).preview, kind: 'plain' },
      { value: 'publish', text: words.postmortemPublish },
    ];
  },
  previews: (typed, language) => [{ title: deedsMessages(language).postmortem, text: typed.text('text') }],
  act: async ({ context, visit, incident, state, version }) => {
    const words = deedsMessages(visit.language);
    const publish = state.typed.text('do') === 'publish';
    await writePostmortem(context, visit.actor, incident.id, { version, text: state.typed.text('text'), publish });
    return { notice: publish ? words.postmortemPublished : words.postmortemDrafted };
  },
};
