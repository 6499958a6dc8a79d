import { areaOf, type ComponentRow } from '../../../core/index.ts';
import { buttonLink, emptyState, type RowView, tile, tiles } from '../../../platform/design/index.ts';
import { type Html, html } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { bannerFragment, type Summary, sentence, summarize } from './banner-fragment.ts';
import {
  chipsFragment,
  filterRows,
  groupsFragment,
  type ListFilter,
  placesFragment,
  regionOf,
} from './list-fragment.ts';
import { pageMessages } from './messages.ts';

export interface OverviewProps {
  /** Everything the viewer may see, unfiltered. */
  rows: readonly ComponentRow[];
  filter: ListFilter;
  view: RowView;
  /** Names of regions in their order; others follow, called as they are. */
  regions: ReadonlyMap<string, string>;
  /** What the areas say of themselves: their tiles, and blocks beside the lists. */
  tiles: readonly Html[];
  leads: readonly Html[];
  alternates: NonNullable<Page['alternates']>;
  panels: readonly Html[];
}

export function overviewPage(props: OverviewProps): Page {
  const { rows, regions } = props;
  const view = { ...props.view, regions };
  const summary = summarize(rows);
  const title = rows.length === 0 ? pageMessages(view.language).overview : sentence(summary, view);
  return {
    title,
    nav: '/',
    alternates: props.alternates,
    main: rows.length === 0 ? nothingYet(props) : board(props, summary),
  };
}

function nothingYet({ view, tiles: given, panels, leads }: OverviewProps): Html {
  const words = pageMessages(view.language);
  return html`<h1 class="vh">${words.overview}</h1>
<div data-live="groups">${emptyState({
    title: words.emptyTitle,
    text: words.emptyText,
    action: buttonLink(view.link('/api/docs'), words.emptyAction),
  })}</div>
${leads}${given.length > 0 && tiles(given)}${panels}`;
}

function board(props: OverviewProps, summary: Summary): Html {
  const { rows, filter, panels, leads } = props;
  const isInSeveral = filter.region === null && new Set(rows.map(regionOf)).size > 1;
  const view = { ...props.view, ...(isInSeveral ? { regions: props.regions } : {}) };
  const shown = filterRows(rows, filter, view);
  const lists = html`${shown.length === 0 ? noMatch(filter, view, false) : groupsFragment(shown, view)}${
    shown.length > 0 && noMatch({ ...filter, query: '' }, view, true)
  }`;
  return html`${bannerFragment(summary, { ...view, regions: props.regions })}${leads}${tilesFragment(props)}${placesFragment(rows, props, view)}${chipsFragment(rows, filter, view)}${
    panels.length === 0
      ? lists
      : html`<div class="cols two"><div>${lists}</div><div class="stack">${panels}</div></div>`
  }`;
}

/** One tile per area; a single area would only repeat the banner. */
function tilesFragment({ rows, tiles: given, view }: OverviewProps): Html {
  if (given.length > 1) return html`<div data-live="tiles">${tiles(given)}</div>`;
  const areas = [...new Set(rows.map((row) => areaOf(row.key)))];
  if (areas.length < 2) return html``;
  const words = pageMessages(view.language);
  const made = areas.map((area) => {
    const own = rows.filter((row) => areaOf(row.key) === area);
    const { level, worst, all } = summarize(own);
    const calm = worst.length === 0;
    return tile({
      title: areaName(area),
      href: `${view.link('/')}?q=${encodeURIComponent(`${area}/`)}`,
      level,
      figure: calm ? words.areaAllWell(all) : worst.length,
      ...(calm ? {} : { text: words.areaOf(all) }),
    });
  });
  return html`<div data-live="tiles">${tiles(made)}</div>`;
}

/** `status-page` as people write it: areas have keys and no names. */
function areaName(area: string): string {
  return area.charAt(0).toUpperCase() + area.slice(1).replace(/[-_.]+/g, ' ');
}

function noMatch(filter: ListFilter, view: RowView, forScript: boolean): Html {
  const words = pageMessages(view.language);
  const content = emptyState({
    title: words.noMatch,
    text: forScript ? words.noMatchTyped : words.noMatchText(filter.query),
    action: buttonLink(view.link('/'), words.clearFilter),
  });
  return forScript ? html`<div data-no-match hidden>${content}</div>` : html`<div data-live="groups">${content}</div>`;
}
