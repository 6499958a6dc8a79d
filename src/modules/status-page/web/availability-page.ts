import type { Uptime } from '../../../core/index.ts';
import type { RowView } from '../../../platform/design/index.ts';
import { card, clip, duration, emptyState, percent, tabs } from '../../../platform/design/index.ts';
import { attributes, type Html, html, joinHtml, type View } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { decimals, type Language } from '../../../platform/i18n/index.ts';
import type { MonthFigure } from '../actions/availability-figures.ts';
import type { ErrorBudget } from '../domain/availability.ts';
import type { CatalogComponent, CatalogRead } from '../store/component-read.ts';
import { publicMessages } from './public-messages.ts';

export interface AvailabilityRow {
  component: CatalogComponent;
  /** Newest first. */
  months: readonly MonthFigure[];
  /** Percent of a month that is promised. */
  target: number;
  /** Of the current month. */
  budget: ErrorBudget;
}

export interface AvailabilityPageProps {
  rows: readonly AvailabilityRow[];
  catalog: CatalogRead;
  /** `YYYY-MM`, newest first. */
  months: readonly string[];
  region: string | null;
  view: RowView;
  alternates: NonNullable<Page['alternates']>;
}

export function availabilityPage(props: AvailabilityPageProps): Page {
  const { rows, catalog, region, view, alternates } = props;
  const words = publicMessages(view.language);
  const shown = region === null ? rows : rows.filter(({ component }) => component.region === region);
  const csv = `/availability?format=csv${region === null ? '' : `&region=${encodeURIComponent(region)}`}`;
  const head = html`<div class="page-head"><h1>${words.availability}</h1><p class="acts"><a class="button" href="${view.link(csv)}">${words.csv}</a></p></div>`;
  const body =
    rows.length === 0
      ? emptyState({ title: words.noServicesTitle, text: words.noServicesText })
      : html`<p class="soft">${words.monthsText}</p>${regionTabs(catalog, region, view)}<div class="stack">${byCategory(shown, props)}</div>`;
  return { title: words.availability, nav: '/availability', main: html`${head}${body}`, alternates };
}

function regionTabs(catalog: CatalogRead, region: string | null, view: RowView): Html {
  const words = publicMessages(view.language);
  if (catalog.regions.length < 2) return html``;
  const entries = catalog.regions.map(({ id, label }) => ({
    href: view.link(`/availability?region=${encodeURIComponent(id)}`),
    text: clip(label, 60),
    current: id === region,
  }));
  return tabs(words.region, [
    { href: view.link('/availability'), text: words.allRegions, current: region === null },
    ...entries,
  ]);
}

function byCategory(rows: readonly AvailabilityRow[], props: AvailabilityPageProps): Html {
  const words = publicMessages(props.view.language);
  const heads = monthWords(props.months, props.view.language);
  const groups = Map.groupBy(rows, ({ component }) => component.category ?? words.uncategorised);
  return joinHtml(
    [...groups]
      .toSorted(([a], [b]) => a.localeCompare(b, props.view.language))
      .map(([category, those]) =>
        card({ title: clip(category, 80), flush: true, body: monthsTable(category, those, { ...props, heads }) }),
      ),
  );
}

function monthsTable(
  caption: string,
  rows: readonly AvailabilityRow[],
  { heads, view, region }: AvailabilityPageProps & { heads: readonly string[] },
): Html {
  const words = publicMessages(view.language);
  const label = `${words.availability}: ${caption}`;
  return html`<section class="scroll" tabindex="0" aria-label="${label}"><table class="months"><caption class="vh">${label}</caption><thead><tr><th scope="col">${words.service}</th>${heads.map(
    (head) => html`<th scope="col" class="num">${head}</th>`,
  )}<th scope="col" class="num">${words.budget}</th></tr></thead><tbody>${rows.map(
    (
      row,
    ) => html`<tr><th scope="row"><a href="${view.link(`/components/${row.component.key}`)}">${clip(row.component.name, 80)}</a>${
      region === null &&
      row.component.region !== null &&
      html` <small class="soft">${clip(row.component.region, 30)}</small>`
    }</th>${row.months.map((figure) => monthCell(figure, row.target, view))}<td class="num">${budgetText(row, view)}</td></tr>
`,
  )}</tbody></table></section>`;
}

function monthWords(months: readonly string[], language: Language): string[] {
  const tag = language === 'en' ? 'en-GB' : language;
  const format = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'short', year: '2-digit' });
  return months.map((month) => format.format(Date.parse(`${month}-15T00:00:00Z`)));
}

/** Two decimals, cut and not rounded, with the share that was watched where it is not nearly all (contracts §4). */
function monthCell({ uptime }: MonthFigure, target: number, view: RowView): Html {
  const words = publicMessages(view.language);
  const { availability, coverage, down } = uptime;
  if (availability === null) return html`<td class="num soft"><small>${words.notWatched}</small></td>`;
  const isShort = coverage < 0.999;
  const mark = availability * 100 >= target ? 'ok' : availability < 0.9 ? 'mj' : 'dg';
  const title = down > 0 ? words.downTime(duration(down, view.language)) : undefined;
  const figure = isShort && down === 0 ? words.noOutage : monthPercent(uptime, view.language);
  return html`<td class="num ${mark}"${attributes({ title })}>${figure}${
    isShort && html`<small class="soft"> ${words.watched(percent(view.language, coverage))}</small>`
  }</td>`;
}

/** `100 %` only for a month that was watched all the time and never down. */
export function monthPercent({ availability, unknown, down }: Uptime, language: Language): string {
  if (availability === null) return '–';
  const cut = Math.floor(availability * 10_000 + 1e-9) / 100;
  if (down === 0) return unknown === 0 ? '100 %' : `${decimals(language, 100, 2)} %`;
  return `${decimals(language, Math.min(cut, 99.99), 2)} %`;
}

function budgetText({ budget }: AvailabilityRow, view: RowView): View {
  const words = publicMessages(view.language);
  const { allowed, used } = budget;
  const over = used > allowed;
  const text = over
    ? words.budgetOver(duration(used - allowed, view.language))
    : words.budgetUsed(duration(used, view.language), duration(allowed, view.language));
  return html`<small${attributes({ class: over ? 'mj' : undefined })}>${text}</small>`;
}
