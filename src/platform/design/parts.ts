import type { Level } from '../../core/index.ts';
import { attributes, type Html, html, joinHtml, trustedHtml, type View } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { LEVEL_CLASS, lamp } from './level.ts';
import { designMessages } from './messages.ts';
import { oneLine } from './text-width.ts';

/** `href` of a link whose address comes from outside: only http, https and our own paths. Anything else gives null. */
export function safeHref(address: string | null | undefined): string | null {
  if (address === null || address === undefined) return null;
  if (/^\/(?![/\\])/.test(address)) return address;
  return /^https?:\/\/[^\s]/i.test(address) && URL.canParse(address) ? address : null;
}

/** A name as it fits a line: very long ones are cut, the marks that turn text around are taken out. */
export function clip(text: string, most = 120): string {
  const line = oneLine(text.slice(0, most + 1));
  return text.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
}

/** A link if the address may be one, else the text alone. */
export function link(address: string | null | undefined, content: View): Html {
  const href = safeHref(address);
  return href === null ? html`${content}` : html`<a href="${href}">${content}</a>`;
}

function hasContent(view: View): boolean {
  return view !== undefined && view !== null && view !== false && view !== '';
}

/** The sheet everything stands on. `live` is the name under which the script exchanges it. */
export function card(options: {
  title: string;
  /** A quiet remark on the right of the title. */
  aside?: View;
  body: View;
  /** For the address of the section, `#id`. */
  id?: string;
  live?: string;
  /** The body touches the edges: lists and tables. */
  flush?: boolean;
  /** The search box filters the rows in it. */
  filter?: boolean;
}): Html {
  const given = attributes({ id: options.id, 'data-live': options.live, 'data-filter': options.filter });
  return html`<section class="card"${given}><h2>${options.title}${
    hasContent(options.aside) && html` <small>${options.aside}</small>`
  }</h2>${options.flush === true ? options.body : html`<div class="body">${options.body}</div>`}</section>
`;
}

/** The one sentence at the top of a page. Calm levels make it a quiet line. */
export function banner(options: {
  level: Level;
  title: View;
  text?: View;
  actions?: View;
  live?: string;
  /** The page's one heading, unless the page has another. */
  heading?: 'h1' | 'h2' | 'h3';
}): Html {
  const heading = trustedHtml(options.heading ?? 'h1');
  const quiet = options.level === 'operational' || options.level === 'notice';
  const classes = `banner ${LEVEL_CLASS[options.level]}${quiet ? ' quiet' : ''}`;
  return html`<div class="${classes}"${attributes({ 'data-live': options.live, 'data-announce': options.live !== undefined })}>${lamp(
    options.level,
    { size: 'large' },
  )}<div class="say"><${heading} class="sentence">${options.title}</${heading}>${
    options.text !== undefined && html`<p>${options.text}</p>`
  }</div>${options.actions !== undefined && html`<div class="acts">${options.actions}</div>`}</div>
`;
}

/** One area in a few words. */
export function tile(options: { title: string; href: string; level: Level; figure: View; text?: View }): Html {
  return html`<a class="tile" href="${options.href}"><span class="tile-title">${options.title}</span> <span class="tile-say">${lamp(
    options.level,
  )} <b class="${LEVEL_CLASS[options.level]}">${options.figure}</b>${
    options.text !== undefined && html` <span>${options.text}</span>`
  }</span></a>
`;
}

export function tiles(parts: readonly View[]): Html {
  return html`<div class="tiles">${joinHtml(parts)}</div>
`;
}

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';
const NOTICE_LEVEL: Record<NoticeKind, Level> = {
  info: 'notice',
  success: 'operational',
  warning: 'degraded',
  error: 'major_outage',
};

/** Something to know about what was just done, or about this page. */
export function notice(kind: NoticeKind, language: Language, body: View): Html {
  const level = NOTICE_LEVEL[kind];
  const role = kind === 'error' ? 'alert' : 'status';
  return html`<div class="note ${LEVEL_CLASS[level]}" role="${role}">${lamp(level, {
    label: designMessages(language)[kind],
  })}<div>${body}</div></div>
`;
}

/** What stands where a list would be: why it is empty and what to do next. */
export function emptyState(options: {
  title: string;
  text: View;
  action?: View;
  level?: Level;
  heading?: 'h1' | 'h2' | 'h3';
}): Html {
  const heading = trustedHtml(options.heading ?? 'h2');
  return html`<div class="empty">${lamp(options.level ?? 'unknown', { size: 'large' })}<${heading} class="sentence">${options.title}</${heading}><p>${options.text}</p>${
    options.action !== undefined && html`<p>${options.action}</p>`
  }</div>
`;
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => View;
  /** Figures are set to the right. */
  numeric?: boolean;
  /** The first column names the row unless another one does. */
  heading?: boolean;
}

/** Rows under headings; narrow screens scroll it sideways. `caption` is heard, not seen. */
export function table<Row>(options: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Shown instead of an empty table. */
  empty?: View;
  /** The name under which the script exchanges a row, which the search box then filters as well. */
  live?: (row: Row) => string;
}): Html {
  const { columns, rows } = options;
  if (rows.length === 0 && options.empty !== undefined) return html`<p class="soft none">${options.empty}</p>`;
  const heading = columns.find((column) => column.heading) ?? columns[0];
  const side = (column: Column<Row>) => attributes({ class: column.numeric === true ? 'num' : undefined });
  const body = rows.map(
    (row) =>
      html`<tr${attributes({ 'data-live': options.live?.(row) })}>${columns.map((column) =>
        column === heading
          ? html`<th scope="row"${side(column)}>${column.cell(row)}</th>`
          : html`<td${side(column)}>${column.cell(row)}</td>`,
      )}</tr>`,
  );
  return html`<section class="scroll" tabindex="0" aria-label="${options.caption}"><table><caption class="vh">${options.caption}</caption><thead><tr>${columns.map(
    (column) => html`<th scope="col"${side(column)}>${column.title}</th>`,
  )}</tr></thead><tbody>${joinHtml(body, '\n')}</tbody></table></section>
`;
}

export function pagination(options: {
  page: number;
  pages: number;
  href: (page: number) => string;
  language: Language;
  /** Tells two of them on one page apart. */
  label?: string;
}): Html {
  const { page, pages, href, language } = options;
  if (pages <= 1) return html``;
  const words = designMessages(language);
  return html`<nav class="pages" aria-label="${options.label ?? words.pages}">${
    page > 1 ? html`<a class="button" rel="prev" href="${href(page - 1)}">${words.previous}</a>` : html`<span></span>`
  }<span class="soft">${words.page(page, pages)}</span>${
    page < pages ? html`<a class="button" rel="next" href="${href(page + 1)}">${words.next}</a>` : html`<span></span>`
  }</nav>
`;
}

/** Sub-views of one thing; each is a link, so each has an address. */
export function tabs(label: string, entries: readonly { href: string; text: View; current: boolean }[]): Html {
  return html`<nav class="tabs" aria-label="${label}">${entries.map(
    (entry) =>
      html`<a href="${entry.href}"${attributes({ 'aria-current': entry.current && 'page' })}>${entry.text}</a>`,
  )}</nav>
`;
}

export function tag(text: View, level?: Level): Html {
  return html`<span class="tag${level !== undefined && ` ${LEVEL_CLASS[level]}`}">${text}</span>`;
}

export function breadcrumbs(
  language: Language,
  path: readonly { href: string; text: string }[],
  here: string,
  label: string = designMessages(language).breadcrumbs,
): Html {
  return html`<nav class="crumbs" aria-label="${label}"><ol>${path.map(
    (step) => html`<li><a href="${step.href}">${step.text}</a></li>`,
  )}<li aria-current="page">${here}</li></ol></nav>
`;
}

/** Something to select and copy. */
export function codeBlock(label: string, code: string): Html {
  return html`<figure class="code"><figcaption>${label}</figcaption><section class="scroll" tabindex="0" aria-label="${label}"><pre><code>${code}</code></pre></section></figure>
`;
}

/** What happened, newest first. */
export function timeline(entries: readonly { level: Level; title: View; when: View; body?: View }[]): Html {
  return html`<ol class="timeline">${entries.map(
    (entry) => html`<li>${lamp(entry.level)}<div><p><b>${entry.title}</b> <span class="soft">${entry.when}</span></p>${
      entry.body !== undefined && entry.body !== null && html`<p class="soft">${entry.body}</p>`
    }</div></li>
`,
  )}</ol>
`;
}
