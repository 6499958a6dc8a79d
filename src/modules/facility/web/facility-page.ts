import type { ComponentRow } from '../../../core/index.ts';
import {
  banner,
  card,
  clip,
  emptyState,
  historyBar,
  lamp,
  LEVEL_CLASS,
  link,
  type RowView,
  stateWord,
  table,
  tabs,
  time,
  uptimeView,
} from '../../../platform/design/index.ts';
import { html, type Html, joinHtml, type View } from '../../../platform/html/index.ts';
import type { Page } from '../../../platform/http/index.ts';
import { summaryOf } from '../domain/device-signal.ts';
import { type Board, type BoardDevice, isConfidential, issueOf } from './facility-view.ts';
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
  const body = board.devices.length === 0 ? nothing(props) : html`${summary(board, view)}${projectTabs(board, view)}${groups(board, view)}${downloads(board, view)}`;
  return { title: words.title, nav: '/facility', main: unconfigured ? nothing(props) : html`${body}${operators}` };
}

function nothing({ board, view, unconfigured }: FacilityPageProps): Html {
  const words = facilityMessages(view.language);
  const heading = html`<h1 class="vh">${words.title}</h1>`;
  if (unconfigured) return html`${heading}${emptyState({ title: words.noProjectTitle, text: words.noProjectText })}`;
  const text = board.projects.length === 0 ? words.nothingVisible : words.noDevicesText;
  return html`${heading}<div data-live="groups">${emptyState({ title: words.noDevicesTitle, text })}</div>`;
}

export function needsAttention(row: ComponentRow): boolean {
  return row.status.level !== 'operational' && row.status.level !== 'notice';
}

function summary(board: Board, view: RowView): Html {
  const words = facilityMessages(view.language);
  const rows = board.devices.map(({ row }) => row);
  const troubled = rows.filter(needsAttention);
  const worst = worstOf(troubled);
  const title = troubled.length === 0 ? words.allWell : words.someDown(troubled.length, rows.length);
  return banner({ level: worst, title, live: 'banner' });
}

const WORST_FIRST = ['major_outage', 'partial_outage', 'degraded', 'unknown', 'maintenance'] as const;

export function worstOf(rows: readonly ComponentRow[]): ComponentRow['status']['level'] {
  return WORST_FIRST.find((level) => rows.some((row) => row.status.level === level)) ?? 'operational';
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
    card({ title: group === '' ? words.title : group, aside: words.devices(devices.length), body: deviceTable(group, devices, view), flush: true }),
  );
  return html`<div class="stack" data-live="groups">
${joinHtml(cards)}</div>
`;
}

function deviceTable(group: string, devices: readonly BoardDevice[], view: RowView): Html {
  const words = facilityMessages(view.language);
  return table({
    caption: group === '' ? words.title : group,
    rows: devices,
    columns: [
      { title: words.device, cell: ({ row }) => html`<a href="${view.link(`/components/${row.key}`)}">${clip(row.name)}</a>` },
      { title: words.state, cell: ({ row }) => html`${lamp(row.status.level)} <b class="${LEVEL_CLASS[row.status.level]}">${stateWord(row, view)}</b>` },
      { title: words.since, cell: ({ row }) => time(row.since, view, { relative: 'lasting' }) },
      { title: words.issue, cell: (entry) => issueCell(entry, view) },
      { title: words.activity, cell: (entry) => activityCell(entry, view) },
      { title: words.history, cell: ({ row }) => historyBar(view.language, row.days) },
      { title: words.uptime, cell: ({ row }) => uptimeView(view.language, row.uptime90), numeric: true },
    ],
  });
}

function issueCell(entry: BoardDevice, view: RowView): View {
  const words = facilityMessages(view.language);
  if (isConfidential(entry)) return words.confidential;
  const issue = issueOf(entry);
  if (issue === null) return entry.row.status.level === 'operational' ? html`<span class="soft">${words.noIssue}</span>` : null;
  const more = entry.device.publicIssues - 1;
  const others = more > 0 && html` ${link(entry.row.link, words.moreIssues(more))}`;
  return html`${link(issue.url, clip(summaryOf(issue)))}${others}`;
}

function activityCell(entry: BoardDevice, view: RowView): View {
  const { updatedAt } = entry.device;
  if (updatedAt === null || issueOf(entry) === null || isConfidential(entry)) return null;
  return time(updatedAt, view, { relative: 'ago' });
}

function downloads(board: Board, view: RowView): Html {
  const words = facilityMessages(view.language);
  const project = board.selected === null ? '' : `&project=${encodeURIComponent(board.selected.id)}`;
  const base = view.link('/facility');
  return html`<p class="soft"><a href="${base}?format=csv${project}">${words.csv}</a> · <a href="${base}?format=csv&view=changes${project}">${words.changesCsv}</a></p>
`;
}
