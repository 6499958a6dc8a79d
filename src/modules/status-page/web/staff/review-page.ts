import { time } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import { renderMarkdown } from '../../../../platform/markdown/index.ts';
import { reviewMaintenance } from '../../actions/review-maintenance.ts';
import { authorName } from '../../domain/author-name.ts';
import { affectedText } from '../incident-fragment.ts';
import { incidentMessages } from '../incident-messages.ts';
import type { Deed } from './deed-page.ts';
import { deedsMessages } from './deeds-messages.ts';
import { markdownField } from './form-parts.ts';
import type { StaffIncident } from './staff-incident.ts';

/** What is said after each verdict. */
export const VERDICT_NOTICES = { approve: 'approved', return: 'givenBack', reject: 'rejected' } as const;

/** An operator decides on what an author announced; the buttons are the verdicts. */
export const reviewPage: Deed = {
  path: 'review',
  role: 'operator',
  title: (language) => deedsMessages(language).review,
  labels: (language) => ({ text: deedsMessages(language).comment }),
  begin: () => ({}),
  fields: async (props) => {
    const words = deedsMessages(props.state.language);
    return html`${planPart(props)}${markdownField(props.state, {
      name: 'text',
      label: words.comment,
      hint: words.commentHint,
      most: 10_000,
      rows: 3,
    })}`;
  },
  acts: (language) => {
    const words = deedsMessages(language);
    return [
      { value: 'approve', text: words.approve },
      { value: 'return', text: words.giveBack, kind: 'plain' },
      { value: 'reject', text: words.reject, kind: 'danger' },
    ];
  },
  act: async ({ context, visit, incident, state, version }) => {
    const verdict = state.typed.text('do');
    await reviewMaintenance(context, visit.actor, incident.id, { version, verdict, text: state.typed.given('text') });
    const notice = VERDICT_NOTICES[verdict as keyof typeof VERDICT_NOTICES];
    return { redirect: '/reviews', notice: deedsMessages(visit.language)[notice] };
  },
};

/** What is to be decided on. */
export function planPart({ incident, view }: StaffIncident): Html {
  const said = incidentMessages(view.language);
  const words = deedsMessages(view.language);
  const { start, end, contactEmail, createdBy, description } = incident;
  const full = { style: 'full' } as const;
  return html`<dl class="facts"><div><dt>${said.affected}</dt><dd>${affectedText(incident.components, view)}</dd></div><div><dt>${words.from}</dt><dd>${time(
    start,
    view,
    full,
  )}</dd></div>${end !== null && html`<div><dt>${words.until}</dt><dd>${time(end, view, full)}</dd></div>`}<div><dt>${said.author}</dt><dd>${authorName(createdBy)}</dd></div>${
    contactEmail !== null && html`<div><dt>${said.contact}</dt><dd>${contactEmail}</dd></div>`
  }</dl><div class="prose">${renderMarkdown(description ?? '')}</div>`;
}
