import { attributes, type Html, html, type View } from '../../../src/platform/html/index.ts';
import { type Issue, type Label, type Project, pathOf } from '../model.ts';
import type { Reply } from '../server/exchange.ts';
import type { GitlabWorld } from '../world.ts';
import { issuePath, issueRow, labelChip, labelChips, layout, moment } from './layout.ts';

const PAGE_SIZE = 50;
const STATES = ['opened', 'closed', 'all'] as const;
const SORTS = {
  updated_desc: 'Last updated',
  updated_asc: 'Least recently updated',
  created_date: 'Newest',
  created_asc: 'Oldest',
} as const;
type Sort = keyof typeof SORTS;

interface Filter {
  state: (typeof STATES)[number];
  sort: Sort;
  labels: string[];
}

function readFilter(query: URLSearchParams): Filter {
  return {
    state: STATES.find((state) => state === query.get('state')) ?? 'opened',
    sort: isSort(query.get('sort')) ?? 'created_date',
    labels: [...query.getAll('label_name[]'), ...query.getAll('label_name')].filter((title) => title !== ''),
  };
}

function isSort(text: string | null): Sort | undefined {
  return Object.keys(SORTS).find((sort): sort is Sort => sort === text);
}

function listPath(project: Project, filter: Filter, page = 1): string {
  const query = new URLSearchParams({ state: filter.state, sort: filter.sort });
  for (const label of filter.labels) query.append('label_name[]', label);
  if (page > 1) query.set('page', String(page));
  return `/${pathOf(project)}/-/issues?${query.toString()}`;
}

export function issuesPage(world: GitlabWorld, project: Project, query: URLSearchParams): Reply {
  const filter = readFilter(query);
  const matching = world.issuesOf(project).filter((issue) => matches(issue, filter));
  const sorted = matching.sort((a, b) => compare(a, b, filter.sort));
  const page = Math.max(1, Math.floor(Number(query.get('page')) || 1));
  const shown = sorted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const pages = html`<nav class="row" aria-label="Pages">${page > 1 && html`<a class="button" href="${listPath(project, filter, page - 1)}">Newer page</a>`}
${page * PAGE_SIZE < sorted.length && html`<a class="button" href="${listPath(project, filter, page + 1)}">Next page</a>`}</nav>`;
  const main = html`<div class="stack"><div class="row between"><h1>Issues</h1>
<a class="button main" href="/${pathOf(project)}/-/issues/new">New issue</a></div>
${filterBar(world, project, filter)}
<ul class="card list">${shown.map(issueRow)}${shown.length === 0 && html`<li class="soft">No issue matches.</li>`}</ul>
<p class="soft small">${matching.length} issues</p>${pages}</div>`;
  return layout({ title: 'Issues', main, project, tab: 'issues' });
}

function filterBar(world: GitlabWorld, project: Project, filter: Filter): Html {
  const states = STATES.map(
    (state) => html`<option${attributes({ value: state, selected: state === filter.state })}>${state}</option>`,
  );
  const sorts = Object.entries(SORTS).map(
    ([sort, name]) => html`<option${attributes({ value: sort, selected: sort === filter.sort })}>${name}</option>`,
  );
  const labels = world
    .labelsOf(project)
    .map(
      ({ title }) =>
        html`<option${attributes({ value: title, selected: filter.labels[0] === title })}>${title}</option>`,
    );
  const more = filter.labels.slice(1).map((title) => html`<input type="hidden" name="label_name[]" value="${title}">`);
  return html`<form class="card pad row" method="get" action="/${pathOf(project)}/-/issues">
<label class="small">State <select name="state">${states}</select></label>
<label class="small">Label <select name="label_name[]"><option value="">any</option>${labels}</select></label>${more}
<label class="small">Sort <select name="sort">${sorts}</select></label>
<button>Filter</button></form>`;
}

function matches(issue: Issue, filter: Filter): boolean {
  if (filter.state !== 'all' && issue.state !== filter.state) return false;
  return filter.labels.every((title) => issue.labels.some((label) => label.title === title));
}

function compare(a: Issue, b: Issue, sort: Sort): number {
  const byUpdate = sort.startsWith('updated');
  const difference = byUpdate
    ? Date.parse(a.updatedAt) - Date.parse(b.updatedAt)
    : Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return (difference || a.iid - b.iid) * (sort.endsWith('_asc') ? 1 : -1);
}

export function issuePage(world: GitlabWorld, issue: Issue): Reply {
  const open = issue.state === 'opened';
  const notes = world.notes.filter((note) => note.issue === issue);
  const thread = notes.map((note) =>
    note.system
      ? html`<li class="soft small">${note.author.name} ${note.body} · ${moment(note.createdAt)}</li>`
      : html`<li id="note_${note.id}"><div class="small"><strong>${note.author.name}</strong> <span class="soft">${moment(note.createdAt)}</span></div><div class="text">${note.body}</div></li>`,
  );
  const path = issuePath(issue);
  const main = html`<div class="issue"><div class="stack">
<div><h1>${issue.title}</h1><p class="row small"><span class="state ${issue.state}">${open ? 'Open' : 'Closed'}</span>
${issue.confidential && html`<span class="state secret">Confidential</span>`}
<span class="soft">#${issue.iid} · opened ${moment(issue.createdAt)} by ${issue.author.name}</span></p></div>
${issue.description !== '' && html`<div class="card pad text">${issue.description}</div>`}
<ul class="card list" aria-label="Activity">${thread}${notes.length === 0 && html`<li class="soft">No activity yet.</li>`}</ul>
<form class="card pad stack" method="post" action="${path}/comment"><label for="body">Comment</label>
<textarea id="body" name="body" required></textarea><button class="main">Comment</button></form></div>
<aside class="stack">${actionButtons(path, issue)}${labelEditor(world, issue, path)}</aside></div>`;
  return layout({ title: `${issue.title} (#${issue.iid})`, main, project: issue.project, tab: 'issues' });
}

function actionButtons(path: string, issue: Issue): View {
  const open = issue.state === 'opened';
  return html`<div class="card pad row">
<form class="inline" method="post" action="${path}/${open ? 'close' : 'reopen'}"><button class="main">${open ? 'Close issue' : 'Reopen issue'}</button></form>
<form class="inline" method="post" action="${path}/confidential"><button>${issue.confidential ? 'Make visible to everyone' : 'Make confidential'}</button></form></div>`;
}

function labelEditor(world: GitlabWorld, issue: Issue, path: string): Html {
  const free = world.labelsOf(issue.project).filter((label) => !issue.labels.includes(label));
  const own = issue.labels.map(
    (
      label,
    ) => html`<li class="row between">${labelChip(label)}<form class="inline" method="post" action="${path}/labels">
<button name="remove" value="${label.title}" aria-label="Remove label ${label.title}">Remove</button></form></li>`,
  );
  return html`<section class="card"><div class="pad"><strong>Labels</strong></div>
<ul class="list">${own}${own.length === 0 && html`<li class="soft">None.</li>`}</ul>
<form class="pad stack" method="post" action="${path}/labels"><label>Add a label <select name="add">${free.map(
    ({ title }) => html`<option>${title}</option>`,
  )}</select></label><button>Add label</button></form></section>`;
}

/** `prefill`: labels of the query, as GitLab's own "new issue" links carry them. */
export function newIssuePage(world: GitlabWorld, project: Project, query: URLSearchParams): Reply {
  const chosen = query.getAll('issue[label_ids][]').concat(query.getAll('label_name[]'));
  const choices = world.labelsOf(project).map((label: Label) => choice(label, chosen.includes(label.title)));
  const main = html`<h1>New issue</h1>
<form class="card pad stack" method="post" action="/${pathOf(project)}/-/issues">
<label>Title <input type="text" name="title" required maxlength="255" value="${query.get('issue[title]') ?? ''}"></label>
<label>Description <textarea name="description">${query.get('issue[description]') ?? ''}</textarea></label>
<fieldset><legend>Labels</legend><div class="choices">${choices}</div></fieldset>
<label class="choice"><input type="checkbox" name="confidential" value="true"> Confidential: only members see it</label>
<button class="main">Create issue</button></form>`;
  return layout({ title: 'New issue', main, project, tab: 'issues' });
}

function choice(label: Label, checked: boolean): Html {
  const input = attributes({ type: 'checkbox', name: 'labels[]', value: label.title, checked });
  return html`<label><input${input}>${labelChips([label])}</label>`;
}
