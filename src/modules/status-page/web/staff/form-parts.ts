import type { RowView } from '../../../../platform/design/index.ts';
import {
  type ButtonKind,
  button,
  buttonLink,
  card,
  clip,
  field,
  notice,
  time,
} from '../../../../platform/design/index.ts';
import { type Html, html, type View } from '../../../../platform/html/index.ts';
import { renderMarkdown } from '../../../../platform/markdown/index.ts';
import { authorName } from '../../domain/author-name.ts';
import { incidentMessages } from '../incident-messages.ts';
import { formMessages } from './form-messages.ts';
import type { Trouble } from './trouble.ts';
import type { FormState } from './zoned-fields.ts';

/** What stands above a form that came back: that nothing is lost, what is wrong, and where. */
export function troubleNote(
  trouble: Trouble,
  labels: Readonly<Record<string, string>>,
  view: Pick<RowView, 'language' | 'timezone' | 'now'>,
): Html {
  const words = formMessages(view.language);
  if (trouble.outdated !== null) return outdatedNote(trouble, view);
  const points: View[] = [
    ...trouble.above,
    ...[...trouble.fields].map(([name, sentence]) => {
      const label = labels[name];
      return label === undefined ? sentence : html`<a href="#${name}">${label}</a>: ${sentence}`;
    }),
  ];
  if (points.length === 0) return html``;
  return notice(
    'error',
    view.language,
    html`<p>${words.notSaved}</p><ul>${points.map((point) => html`<li>${point}</li>`)}</ul>`,
  );
}

function outdatedNote({ outdated }: Trouble, view: Pick<RowView, 'language' | 'timezone' | 'now'>): Html {
  const words = formMessages(view.language);
  const said = incidentMessages(view.language);
  if (outdated === null) return html``;
  const deeds = outdated.changes.slice(-5).map(({ at, by, change, status }) => {
    const name = clip(authorName(by), 80);
    const deed = words.deed(change, said.status(status));
    return html`<li>${words.by(name, deed)}, ${time(at, view, { style: 'full' })}</li>`;
  });
  return notice(
    'warning',
    view.language,
    html`<p><strong>${words.outdatedTitle}</strong> ${words.outdated(outdated.version)}</p>${deeds.length > 0 && html`<ul>${deeds}</ul>`}`,
  );
}

/** Enter in a line of text sends the form as its main button does, wherever that stands. */
export function whenEnter(name: string, value: string): Html {
  return html`<button type="submit" name="${name}" value="${value}" hidden>${value}</button>`;
}

export interface Act {
  value: string;
  text: string;
  kind?: ButtonKind;
  /** Also while something is missing. */
  unchecked?: boolean;
}

/** The buttons under a form; each says by `do` what it wants. */
export function actions(acts: readonly Act[], back: { href: string; text: string } | null): Html {
  return html`<p class="acts">${acts.map(({ value, text, kind = 'primary', unchecked }) =>
    button(text, { kind, name: 'do', value, ...(unchecked === undefined ? {} : { unchecked }) }),
  )}${back !== null && buttonLink(back.href, back.text)}</p>`;
}

/** A text of several lines in Markdown. */
export function markdownField(
  { typed, trouble, language }: FormState,
  asked: { name: string; label: string; most: number; rows?: number; required?: boolean; hint?: string; id?: string },
): Html {
  const words = formMessages(language);
  const { name, rows = 6, hint } = asked;
  return field({
    ...asked,
    rows,
    hint: hint === undefined ? words.markdown : `${hint} ${words.markdown}`,
    value: typed.text(name),
    error: trouble.fields.get(name),
  });
}

export function titleField({ typed, trouble, language }: FormState, value = typed.text('title')): Html {
  const words = formMessages(language);
  return field({
    name: 'title',
    label: words.title,
    hint: words.titleHint,
    value,
    most: 200,
    required: true,
    autocomplete: 'off',
    error: trouble.fields.get('title'),
  });
}

/** How the texts of a form will look. */
export function previewCard(
  parts: readonly { title: string; text: string }[],
  { language }: Pick<FormState, 'language'>,
): Html {
  const words = formMessages(language);
  const written = parts.filter(({ text }) => text.trim() !== '');
  const body =
    written.length === 0
      ? html`<p class="soft">${words.previewEmpty}</p>`
      : written.map(({ title, text }) => html`<h3>${title}</h3><div class="prose">${renderMarkdown(text)}</div>`);
  return card({ title: words.previewOf, id: 'preview', body: html`${body}` });
}

/** `Title (optional)` */
export function optional(label: string, { language }: Pick<FormState, 'language'>): string {
  return `${label} (${formMessages(language).optional})`;
}
