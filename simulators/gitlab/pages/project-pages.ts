import { html } from '../../../src/platform/html/index.ts';
import { type Project, pathOf } from '../model.ts';
import { fillPlaceholders } from '../routes/badge-text.ts';
import type { Reply } from '../server/exchange.ts';
import type { GitlabWorld } from '../world.ts';
import { issueRow, labelChip, layout } from './layout.ts';

export function homePage(world: GitlabWorld): Reply {
  const rows = world.projects.map(
    (project) =>
      html`<li><a class="title" href="/${pathOf(project)}">${project.group.name} / ${project.name}</a>
<div class="soft small">${project.description}</div></li>`,
  );
  const main = html`<h1>Projects</h1><ul class="card list">${rows}</ul>`;
  return layout({ title: 'Projects', main });
}

/** The badges stand under the title in the order of their making, as on GitLab. */
export function projectPage(world: GitlabWorld, project: Project): Reply {
  const badges = world.badgesOf(project).map((badge) => {
    const [link, image] = [badge.linkUrl, badge.imageUrl].map((url) => fillPlaceholders(url, project, world.baseUrl));
    return html`<li><a href="${webUrl(link)}"><img src="${webUrl(image)}" alt="${badge.name ?? 'Project badge'}"></a></li>`;
  });
  const open = world.issuesOf(project).filter((issue) => issue.state === 'opened');
  const newest = open.sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
  const main = html`<p class="soft small">${project.group.name} / ${project.visibility} / project ${project.id}</p>
<h1>${project.name}</h1>
${badges.length === 0 ? html`<p class="soft">No badges yet.</p>` : html`<ul class="badges">${badges}</ul>`}
<p>${project.description}</p>
<div class="row between"><h2>Open issues (${open.length})</h2><a class="button main" href="/${pathOf(project)}/-/issues/new">New issue</a></div>
<ul class="card list">${newest.slice(0, 8).map(issueRow)}${open.length === 0 && html`<li class="soft">Nothing is open.</li>`}</ul>`;
  return layout({ title: project.name, main, project, tab: 'project' });
}

/** A link that is not to a web page becomes one to nowhere. */
function webUrl(url: string | undefined): string {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : '#';
}

export function labelsPage(world: GitlabWorld, project: Project): Reply {
  const issues = world.issuesOf(project).filter((issue) => issue.state === 'opened');
  const rows = world.labelsOf(project).map((label) => {
    const open = issues.filter((issue) => issue.labels.includes(label)).length;
    const path = `/${pathOf(project)}/-/issues?${new URLSearchParams({ state: 'opened', 'label_name[]': label.title }).toString()}`;
    return html`<li class="row between"><span>${labelChip(label)} <span class="soft small">${label.description}</span></span>
<span class="small"><code class="soft">${label.color}</code> · <a href="${path}">${open} open</a></span></li>`;
  });
  const main = html`<h1>Labels</h1><ul class="card list">${rows}</ul>`;
  return layout({ title: 'Labels', main, project, tab: 'labels' });
}

export function boardsPage(world: GitlabWorld, project: Project): Reply {
  const issues = world.issuesOf(project);
  const open = issues.filter((issue) => issue.state === 'opened');
  const has = (title: string) => open.filter((issue) => issue.labels.some((label) => label.title === title));
  const closed = issues
    .filter((issue) => issue.closedAt !== null)
    .sort((a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? ''));
  const columns: [string, typeof issues][] = [
    [
      'Open',
      open.filter((issue) => !issue.labels.some(({ title }) => title === 'CRITICAL' || title === 'Information')),
    ],
    ['Information', has('Information')],
    ['CRITICAL', has('CRITICAL')],
    ['Closed', closed.slice(0, 10)],
  ];
  const cards = columns.map(
    ([name, rows]) => html`<section class="card"><h2>${name}</h2><ul class="list">${rows.map(issueRow)}
${rows.length === 0 && html`<li class="soft">None.</li>`}</ul></section>`,
  );
  const main = html`<h1>Board</h1><div class="board">${cards}</div>`;
  return layout({ title: 'Board', main, project, tab: 'boards' });
}

const COLOR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Colours of the labels as rules, because the pages allow no inline style. */
export function labelStyles(world: GitlabWorld, textColor: (color: string) => string): string {
  return world.labels
    .filter((label) => COLOR.test(label.color))
    .map(
      ({ id, color }) =>
        `.label-${id} { background: ${color}; color: ${textColor(color)}; border-color: transparent; }`,
    )
    .join('\n');
}
