import { buttonLink, clip, notice, time } from '../../../../platform/design/index.ts';
import { type Html, html } from '../../../../platform/html/index.ts';
import { renderMarkdown } from '../../../../platform/markdown/index.ts';
import { authorName } from '../../domain/author-name.ts';
import { givenBack } from '../../domain/given-back.ts';
import { reviewsMessages } from './reviews-messages.ts';
import type { StaffIncident } from './staff-incident.ts';

/** Says of a maintenance that it is with its author, why, and what brings it back; nothing of any other. */
export function givenBackNote({ incident, view }: StaffIncident, isOwn: boolean): Html {
  const row = incident.status === 'pending_review' ? givenBack(incident.updates) : null;
  if (row === null) return html``;
  const words = reviewsMessages(view.language);
  const about = html`<span class="soft">${words.by(clip(authorName(row.createdBy), 120))}, ${time(row.at, view, { style: 'full' })}</span>`;
  const next = isOwn
    ? html`<p>${words.changeIt}</p><p>${buttonLink(view.link(`/incidents/${incident.id}/update?open=more`), words.changeNow)}</p>`
    : html`<p class="soft">${words.withAuthorHint}</p>`;
  return notice(
    'warning',
    view.language,
    html`<p><b>${words.givenBack}</b> ${about}</p><div class="prose">${renderMarkdown(row.text ?? '')}</div>${next}`,
  );
}
