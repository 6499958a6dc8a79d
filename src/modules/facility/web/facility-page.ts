import {
  card,
  clip,
  duration,
  emptyState,
  historyBar,
  LEVEL_CLASS,
  lamp,
  link,
  type RowView,
  tabs,
  time,
  uptimeView,
  whyLine,
} from '../../../platform/design/index.ts';
import { type Html, html, joinHtml, type View } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { summaryOf } from '../domain/device-signal.ts';
import { bannerFragment, works } from './banner-fragment.ts';
import { type Board, type BoardDevice, isConfidential, issueOf, labWord, plannedEndOf } from './facility-view.ts';
import { facilityMessages } from './messages.ts';

export interface FacilityPageProps {
  board: Board;
  view: RowView;
  /** Nothing is configured: says how to begin. */
  unconfigured: boolean;
  /** What operators see of the projects. */
  operators: Html | null;
}

export function facilityPage(props: FacilityPageProps): Page {
  const { board, view, unconfigured, operators } = props;
  const words = facilityMessages(view.language);
  const body =
    board.devices.length === 0
      ? nothing(props)
      : html`${bannerFragment(
          board.devices.map(({ row }) => row),
          view,
        )}${projectTabs(board, view)}${groups(board, view)}${downloads(board, view)}`;
  return { title: words.title, nav: '/facility', main: unconfigured ? nothing(props) : html`${body}${operators}` };
}

function nothing({ board, view, unconfigured }: FacilityPageProps): Html {
  const words = facilityMessages(view.language);
  const heading = html`<h1 class="vh">${words.title}</h1>`;
  if (unconfigured) return html`${heading}${emptyState({ title: words.noProjectTitle, text: words.noProjectText })}`;
  const text = board.projects.length === 0 ? words.nothingVisible : words.noDevicesText;
  return html`${heading}<div data-live="groups">${emptyState({ title: words.noDevicesTitle, text })}</div>`;
}

function projectTabs(board: Board, view: RowView): Html {
  if (board.projects.length < 2) return html``;
  const words = facilityMessages(view.language);
  const base = view.link('/facility');
  const all = { href: base, text: words.allProjects, current: board.selected === null };
  const each = board.projects.map((project) => ({
    href: `${base}?project=${encodeURIComponent(project.id)}`,
    text: clip(project.title ?? project.id),
    current: board.selected === project,
  }));
  return tabs(words.projects, [all, ...each]);
}

function groups(board: Board, view: RowView): Html {
  const words = facilityMessages(view.language);
  const byGroup = Map.groupBy(board.devices, ({ row }) => row.group);
  const cards = [...byGroup].map(([group, devices]) =>
    card({
      title: group === '' ? words.title : group,
      aside: html`${words.groupWorks(devices.filter(({ row }) => works(row)).length, devices.length)} · <span class="wide">${words.days(90)}</span><span class="tight">${words.days(60)}</span>`,
      body: html`<ul class="rows">
${devices.map((entry) => deviceRow(entry, view))}</ul>`,
      flush: true,
      filter: true,
    }),
  );
  return html`<div class="stack" data-live="groups">
${joinHtml(cards)}</div>
`;
}

/** The row of every list, with what a lab asks besides: since when, which issue, and when it was last worked on. */
function deviceRow(entry: BoardDevice, view: RowView): Html {
  const { row } = entry;
  const name = LEVEL_CLASS[row.status.level];
  const href = view.link(`/components/${row.key}`);
  return html`<li class="row ${name}" data-live="${row.key}">${lamp(row.status.level)}<span class="what"><a href="${href}">${clip(
    row.name,
  )}</a> <b class="word">${labWord(row, view)}</b></span><span class="why">${whyOf(entry, view)}</span>${historyBar(
    view.language,
    row.days,
  )}<span class="up">${uptimeView(view.language, row.uptime90)}</span></li>
`;
}

function whyOf(entry: BoardDevice, view: RowView): Html {
  const words = facilityMessages(view.language);
  const decided = issueText(entry, view);
  const since = html`${words.since} ${time(entry.row.since, view, { relative: 'lasting' })}`;
  const activity = activityText(entry, view);
  const planned = plannedEndOf(entry);
  const end =
    planned !== null && html` · ${words.planned} ${time(`${planned}T12:00:00.000Z`, view, { style: 'date' })}`;
  return html`${decided} <small class="when">${since}${end}${activity !== null && html` · ${activity}`}${repairText(entry, view)}</small>`;
}

function repairText({ repair }: BoardDevice, view: RowView): Html | null {
  const words = facilityMessages(view.language);
  if (repair === null) return null;
  return html` · <abbr title="${words.repairTime}">MTTR</abbr> ${duration(repair, view.language)}`;
}

function issueText(entry: BoardDevice, view: RowView): View {
  const words = facilityMessages(view.language);
  if (entry.row.status.level === 'unknown') return whyLine(entry.row, view);
  if (isConfidential(entry)) return words.confidential;
  const issue = issueOf(entry);
  if (issue === null) return entry.row.status.level === 'operational' ? null : whyLine(entry.row, view);
  const more = entry.device.publicIssues - 1;
  return html`${link(issue.url, clip(summaryOf(issue)))}${more > 0 && html` ${link(entry.row.link, words.moreIssues(more))}`}`;
}

function activityText(entry: BoardDevice, view: RowView): Html | null {
  const { updatedAt } = entry.device;
  if (updatedAt === null || issueOf(entry) === null || isConfidential(entry)) return null;
  return html`${facilityMessages(view.language).activity} ${time(updatedAt, view, { relative: 'ago' })}`;
}

function downloads(board: Board, view: RowView): Html {
  const words = facilityMessages(view.language);
  const project = board.selected === null ? '' : `&project=${encodeURIComponent(board.selected.id)}`;
  const base = view.link('/facility');
  return html`<p class="soft"><a href="${base}?format=csv${project}">${words.csv}</a> · <a href="${base}?format=csv&view=changes${project}">${words.changesCsv}</a></p>
`;
}
