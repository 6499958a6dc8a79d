import { AppError } from '../../../../core/index.ts';
import { card, time } from '../../../../platform/design/index.ts';
import { html } from '../../../../platform/html/index.ts';
import { renderMarkdown } from '../../../../platform/markdown/index.ts';
import { correctUpdate } from '../../actions/correct-update.ts';
import { authorName } from '../../domain/author-name.ts';
import type { IncidentUpdate } from '../../domain/incident.ts';
import { revisionsOf } from '../../store/revision-read.ts';
import type { Deed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { formMessages } from './form-messages.ts';
import { markdownField } from './form-parts.ts';
import { numberIn, type StaffIncident } from './staff-incident.ts';

/** Another text for an update that people have read already. */
export const correctPage: Deed = {
  path: 'updates/:update/edit',
  role: 'creator',
  title: (language) => deedsMessages(language).correct,
  labels: (language) => ({ text: deedsMessages(language).correctText }),
  begin: (found, visit) => ({ text: updateOf(found, numberIn(visit, 'update')).text ?? '' }),
  above: async ({ context, view, visit }) => {
    const words = deedsMessages(view.language);
    const revisions = await revisionsOf(context.db, numberIn(visit, 'update') ?? 0);
    if (revisions.length === 0) return html``;
    const entries = revisions.map(
      ({ at, by, text }) =>
        html`<li><p class="soft">${authorName(by)}, ${time(at, view, { style: 'full' })}</p><div class="prose">${renderMarkdown(text)}</div></li>`,
    );
    return card({ title: words.revisions, id: 'revisions', body: html`<ol class="revisions">${entries}</ol>` });
  },
  fields: async (props) => {
    const words = deedsMessages(props.state.language);
    updateOf(props, numberIn(props.visit, 'update'));
    return markdownField(props.state, {
      name: 'text',
      label: words.correctText,
      hint: words.correctHint,
      most: 10_000,
      rows: 8,
      required: true,
    });
  },
  acts: (language) => [
    { value: 'save', text: deedsMessages(language).save },
    { value: 'preview', text: formMessages(language).preview, kind: 'plain', unchecked: true },
  ],
  previews: (typed, language) => [{ title: deedsMessages(language).correctText, text: typed.text('text') }],
  act: async ({ context, visit, incident, state, version }) => {
    const update = numberIn(visit, 'update') ?? 0;
    await correctUpdate(
      context,
      visit.actor,
      { incident: incident.id, update },
      { version, text: state.typed.text('text') },
    );
    return { redirect: `/incidents/${incident.id}#update-${update}`, notice: deedsMessages(visit.language).corrected };
  },
};

function updateOf({ incident }: StaffIncident, id: number | null): IncidentUpdate {
  const found = incident.updates.find((update) => update.id === id);
  if (found === undefined || found.text === null) throw new AppError('not_found', 'There is no such text to correct.');
  return found;
}
