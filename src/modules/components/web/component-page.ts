import type { ComponentRow, Instant, WhySignal } from '../../../core/index.ts';
import {
  banner,
  breadcrumbs,
  buttonLink,
  card,
  clip,
  LEVEL_CLASS,
  lamp,
  levelWord,
  link,
  type RowView,
  safeHref,
  stateWord,
  table,
  tabs,
  tag,
  time,
  whyLine,
} from '../../../platform/design/index.ts';
import { type Html, html, type View } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import type { Stretch } from '../store/component-read.ts';
import { badgeSnippetsFragment } from './badge-snippets-fragment.ts';
import { pageMessages } from './messages.ts';
import { historyFragment, timelineFragment } from './timeline-fragment.ts';
import { type UptimeProps, uptimeFragment } from './uptime-fragment.ts';

export interface ComponentProps {
  row: ComponentRow;
  view: RowView;
  /** Newest first. */
  stretches: readonly Stretch[];
  uptime: UptimeProps;
  /** Where older ones go on. */
  older: Instant | null;
  /** When the present stretch began, if nobody watched for some time since the status changed. */
  watchedAgain: Instant | null;
  absolute: (path: string) => string;
  /** Where the history can be had as a file. */
  file: string;
  tab: 'now' | 'history';
  /** What other areas say of it. */
  panels: readonly Html[];
  alternates: NonNullable<Page['alternates']>;
  /** The page of its area, if the area has one. */
  section: { path: string; text: string } | null;
}

export function componentPage(props: ComponentProps): Page {
  const { row, view, tab, section } = props;
  const words = pageMessages(view.language);
  const name = clip(row.name, 80);
  const here = view.link(`/components/${row.key}`);
  const path = [{ href: view.link('/'), text: words.overview }];
  if (section !== null) path.push({ href: view.link(section.path), text: section.text });
  const main = html`${breadcrumbs(view.language, path, name)}
${statusFragment(props)}
${tabs(words.views, [
  { href: here, text: words.now, current: tab === 'now' },
  { href: `${here}?view=history`, text: words.history, current: tab === 'history' },
])}
${tab === 'now' ? nowTab(props) : historyTab(props)}`;
  return { title: `${name}: ${stateWord(row, view)}`, main, nav: section?.path ?? '/', alternates: props.alternates };
}

/** Name, state, since when, and where people work on it. */
function statusFragment({ row, view, watchedAgain }: ComponentProps): Html {
  const words = pageMessages(view.language);
  const href = safeHref(row.link);
  const tags = html`${row.status.maintenance && row.status.level !== 'maintenance' && html` ${tag(words.inMaintenance, 'maintenance')}`}${
    row.visibility === 'members' && html` ${tag(words.membersOnly)}`
  }`;
  return banner({
    level: row.status.level,
    title: html`${clip(row.name)} <b class="word ${LEVEL_CLASS[row.status.level]}">${stateWord(row, view)}</b>${tags}`,
    text: html`${words.since} ${time(row.since, view, { relative: 'lasting' })}.${
      watchedAgain !== null && html` ${words.watchedAgain} ${time(watchedAgain, view, { relative: 'lasting' })}.`
    }${row.evidenceAt !== null && html` ${words.lastEvidence} ${time(row.evidenceAt, view, { relative: 'ago' })}.`}`,
    ...(href === null ? {} : { actions: buttonLink(href, words.open) }),
    live: 'status',
  });
}

function nowTab({ row, view, stretches, uptime, absolute, panels }: ComponentProps): Html {
  const words = pageMessages(view.language);
  return html`<div class="cols two"><div class="stack">${whyFragment(row, view)}${panels}${uptimeFragment(uptime, view)}</div>
<div class="stack">${card({ title: words.timeline, live: 'timeline', body: timelineFragment(stretches, view) })}${badgeSnippetsFragment(
    {
      key: row.key,
      name: row.name,
      language: view.language,
      link: (path) => view.link(path),
      absolute,
      isPublic: row.visibility === 'public',
    },
  )}</div></div>`;
}

function historyTab({ row, view, stretches, older, file }: ComponentProps): Html {
  const here = view.link(`/components/${row.key}`);
  const words = pageMessages(view.language);
  return card({
    title: words.timeline,
    aside: html`<a href="${file}">${words.csv}</a>`,
    live: 'timeline',
    flush: true,
    body: html`${historyFragment(stretches, view)}${
      older !== null &&
      html`<p class="more">${buttonLink(`${here}?view=history&before=${encodeURIComponent(older)}`, words.older)}</p>`
    }`,
  });
}

function whyFragment(row: ComponentRow, view: RowView): Html {
  const words = pageMessages(view.language);
  const { why } = row.status;
  const line = whyLine(row, view);
  const hidden = why.signals.some((signal) => signal.confidential);
  const [only] = why.signals.length === 1 ? why.signals : [];
  return card({
    title: words.why,
    live: 'why',
    body: html`<p class="lead">${line}</p><p class="soft">${words.rule(why.rule)}${hidden && ` ${words.confidentialHint}`}</p>${
      only === undefined ? why.signals.length > 0 && signalsTable(why.signals, view) : signalLine(only, view)
    }`,
  });
}

/** A single report needs no table. */
function signalLine(signal: WhySignal, view: RowView): Html {
  const words = pageMessages(view.language);
  return html`<dl class="facts"><div><dt>${words.seen}</dt><dd>${time(signal.observedAt, view)}</dd></div><div><dt>${words.validUntil}</dt><dd>${validity(signal, view)}</dd></div>${
    signal.source !== '' &&
    !signal.confidential &&
    html`<div><dt>${words.source}</dt><dd>${clip(signal.source, 80)}</dd></div>`
  }</dl>`;
}

function signalsTable(signals: readonly WhySignal[], view: RowView): Html {
  const words = pageMessages(view.language);
  return table({
    caption: words.reports,
    rows: signals,
    columns: [
      { title: words.report, cell: (signal) => signalText(signal, view) },
      {
        title: words.state,
        cell: (signal) =>
          html`${lamp(signal.level)} ${signal.state === null ? levelWord(view.language, signal.level) : clip(signal.state, 60)}`,
      },
      { title: words.seen, cell: (signal) => time(signal.observedAt, view) },
      { title: words.validUntil, cell: (signal) => validity(signal, view) },
    ],
  });
}

function signalText(signal: WhySignal, view: RowView): View {
  const words = pageMessages(view.language);
  if (signal.confidential) return words.confidentialReport;
  const said = signal.summary === null ? signal.name : signal.summary;
  return html`${link(signal.evidence, clip(said, 300))} <small class="soft">${clip(signal.source, 80)}</small>`;
}

function validity(signal: WhySignal, view: RowView): View {
  const words = pageMessages(view.language);
  if (signal.expiresAt === null) return words.untilReplaced;
  return html`${time(signal.expiresAt, view)}${!signal.live && html` ${tag(words.expired)}`}`;
}
