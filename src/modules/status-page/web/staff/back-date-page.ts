import { html } from '../../../../platform/html/index.ts';
import { backDate } from '../../actions/back-date.ts';
import type { Deed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { formMessages } from './form-messages.ts';
import { markdownField, optional } from './form-parts.ts';
import { beside, localIn, momentField, momentIn, zoneField, zoneOf } from './zoned-fields.ts';

/** An open incident began at another time than was thought. */
export const backDatePage: Deed = {
  path: 'back-date',
  role: 'operator',
  title: (language) => deedsMessages(language).backDate,
  labels: (language) => ({
    start: deedsMessages(language).backDateStart,
    zone: formMessages(language).zone,
    text: deedsMessages(language).why,
  }),
  begin: () => ({}),
  fields: async ({ incident, state }) => {
    const words = deedsMessages(state.language);
    const now = `${localIn(incident.start, state.timezone).replace('T', ' ')} (${state.timezone})`;
    return html`${beside(
      momentField(state, {
        name: 'start',
        label: words.backDateStart,
        hint: words.backDateNow(now),
        required: true,
      }),
      zoneField(state),
    )}${markdownField(state, {
      name: 'text',
      label: optional(words.why, state),
      hint: words.whyHint,
      most: 10_000,
      rows: 4,
    })}`;
  },
  acts: (language) => [
    { value: 'save', text: deedsMessages(language).backDate },
    { value: 'preview', text: formMessages(language).preview, kind: 'plain', unchecked: true },
  ],
  previews: (typed, language) => [{ title: deedsMessages(language).why, text: typed.text('text') }],
  act: async ({ context, visit, incident, state, version }) => {
    const { typed } = state;
    const start = momentIn(typed, 'start', zoneOf(typed, state.timezone));
    await backDate(context, visit.actor, incident.id, { version, start, text: typed.given('text') });
    return { notice: deedsMessages(visit.language).backDated };
  },
};
