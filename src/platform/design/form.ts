import { attributes, type Html, html, type View } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { designMessages } from './messages.ts';

export type ButtonKind = 'primary' | 'plain' | 'danger';

/** A button of a form. `name` and `value` are sent with it. */
export function button(
  text: View,
  options: {
    kind?: ButtonKind;
    name?: string;
    value?: string;
    disabled?: boolean;
    small?: boolean;
    /** Sends the form also while something is missing: for a preview or the next step. */
    unchecked?: boolean;
  } = {},
): Html {
  const kind = options.kind ?? 'primary';
  const classes = ['button', kind === 'plain' ? '' : kind, options.small === true ? 'small' : ''];
  const { name, value, disabled } = options;
  const given = attributes({ name, value, disabled, formnovalidate: options.unchecked });
  return html`<button type="submit" class="${classes.filter(Boolean).join(' ')}"${given}>${text}</button>`;
}

/** A link that looks like a button. */
export function buttonLink(href: string, text: View, kind: ButtonKind = 'plain'): Html {
  return html`<a class="button${kind !== 'plain' && ` ${kind}`}" href="${href}">${text}</a>`;
}

interface Asked {
  name: string;
  label: string;
  hint?: View;
  error?: string | undefined;
  required?: boolean;
  /** Defaults to the name; give one when a page has the name twice. */
  id?: string;
}

/** Label, control, hint and mistake, tied together for those who hear the page. */
function around(asked: Asked, control: (described: Html, id: string) => Html): Html {
  const id = asked.id ?? asked.name;
  const hintId = asked.hint === undefined ? null : `${id}-hint`;
  const errorId = asked.error === undefined ? null : `${id}-error`;
  const described = attributes({
    'aria-describedby': [hintId, errorId].filter((part) => part !== null).join(' ') || undefined,
    'aria-invalid': errorId === null ? undefined : 'true',
    required: asked.required,
  });
  return html`<div class="field${errorId !== null && ' wrong'}"><label for="${id}">${asked.label}</label>${
    hintId !== null && html`<p class="hint" id="${hintId}">${asked.hint}</p>`
  }${control(described, id)}${errorId !== null && html`<p class="mistake" id="${errorId}">${asked.error}</p>`}</div>
`;
}

export type FieldType =
  | 'text'
  | 'password'
  | 'email'
  | 'url'
  | 'number'
  | 'search'
  | 'date'
  | 'datetime-local'
  | 'file';

/** One line (or, with `rows`, several) to fill in. `value` is what was typed before, so that a mistake loses nothing. */
export function field(
  asked: Asked & {
    type?: FieldType;
    value?: string | undefined;
    autocomplete?: string;
    placeholder?: string;
    min?: number;
    max?: number;
    maxlength?: number;
    minlength?: number;
    rows?: number;
    /** Kinds of files to choose from, such as `.yaml,.yml`. */
    accept?: string;
    /** How many characters it may have; the script counts what is left, the server refuses more. */
    most?: number;
    /** Only on a page whose one purpose is this field. */
    autofocus?: boolean;
  },
): Html {
  const { autocomplete, placeholder, min, max, maxlength, minlength, rows, most, autofocus, accept } = asked;
  const given = attributes({
    autocomplete,
    placeholder,
    min,
    max,
    maxlength,
    minlength,
    autofocus,
    accept,
    'data-most': most,
  });
  return around(asked, (described, id) =>
    rows === undefined
      ? html`<input type="${asked.type ?? 'text'}" id="${id}" name="${asked.name}"${attributes({ value: asked.value })}${given}${described}>`
      : html`<textarea id="${id}" name="${asked.name}" rows="${rows}"${given}${described}>
${asked.value}</textarea>`,
  );
}

export function select(
  asked: Asked & { options: readonly { value: string; text: string }[]; value?: string | undefined },
): Html {
  return around(
    asked,
    (described, id) =>
      html`<select id="${id}" name="${asked.name}"${described}>${asked.options.map(
        (option) =>
          html`<option value="${option.value}"${attributes({ selected: option.value === asked.value })}>${option.text}</option>`,
      )}</select>`,
  );
}

export function checkbox(asked: {
  name: string;
  label: View;
  hint?: View;
  value?: string;
  checked?: boolean;
  id?: string;
}): Html {
  const id = asked.id ?? asked.name;
  const hintId = asked.hint === undefined ? undefined : `${id}-hint`;
  const given = attributes({ value: asked.value, checked: asked.checked, 'aria-describedby': hintId });
  return html`<div class="check"><input type="checkbox" id="${id}" name="${asked.name}"${given}><label for="${id}">${asked.label}</label>${
    hintId !== undefined && html`<p class="hint" id="${hintId}">${asked.hint}</p>`
  }</div>
`;
}

/** A form that posts to a path of ours. `csrf` is the visit's. */
export function form(options: {
  action: string;
  csrf: Html;
  body: View;
  label?: string;
  /** Room for longer texts. */
  wide?: boolean;
  /** It has a file, or a text as long as one. */
  upload?: boolean;
}): Html {
  const enctype = options.upload === true ? 'multipart/form-data' : undefined;
  const given = attributes({ enctype, 'aria-label': options.label });
  return html`<form class="form${options.wide === true && ' wide'}" method="post" action="${options.action}"${given}>${options.csrf}${options.body}</form>
`;
}

/**
 * Something that cannot be taken back, asked on a page of its own place instead of a dialog: opens in place, needs a
 * second press, works without script.
 */
export function confirm(options: {
  action: string;
  csrf: Html;
  /** What opens it: "Delete token". */
  text: string;
  /** What happens then. */
  question: View;
  language: Language;
  /** Hidden fields to send along. */
  values?: Readonly<Record<string, string>>;
}): Html {
  const hidden = Object.entries(options.values ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<details class="confirm"><summary class="button small">${options.text}</summary><form method="post" action="${options.action}">${options.csrf}${hidden}<p>${options.question}</p>${button(
    options.text,
    { kind: 'danger' },
  )}</form></details>
`;
}

/** Mistakes that belong to the whole form, or a summary of all of them. */
export function mistakes(language: Language, texts: readonly string[]): Html {
  if (texts.length === 0) return html``;
  const [only] = texts;
  const body =
    texts.length === 1 ? html`<p>${only}</p>` : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
  return html`<div class="note mj" role="alert"><strong class="vh">${designMessages(language).error}</strong><div>${body}</div></div>
`;
}
