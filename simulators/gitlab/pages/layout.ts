import { type Html, html, joinHtml, type View } from '../../../src/platform/html/index.ts';
import { type Issue, type Label, type Project, pathOf } from '../model.ts';
import { page, type Reply } from '../server/exchange.ts';

const CSP =
  "default-src 'none'; style-src 'self'; img-src http: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export type Tab = 'project' | 'issues' | 'boards' | 'labels' | 'hooks';

export function layout(content: { title: string; main: View; project?: Project; tab?: Tab; status?: number }): Reply {
  const { title, main, project, tab } = content;
  const reply = page(
    content.status ?? 200,
    html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · GitLab simulator</title>
<link rel="stylesheet" href="/assets/page.css">
<link rel="stylesheet" href="/assets/labels.css">
</head>
<body>
<header class="top"><a href="/">GitLab simulator</a><span>It speaks like GitLab and forgets everything when it stops.</span></header>
${project && tabs(project, tab)}
<main>${main}</main>
</body>
</html>
`,
  );
  return { ...reply, headers: { ...reply.headers, 'content-security-policy': CSP, 'cache-control': 'no-store' } };
}

function tabs(project: Project, current: Tab | undefined): Html {
  const base = `/${pathOf(project)}`;
  const entries: [Tab, string, string][] = [
    ['project', base, 'Project'],
    ['issues', `${base}/-/issues`, 'Issues'],
    ['boards', `${base}/-/boards`, 'Boards'],
    ['labels', `${base}/-/labels`, 'Labels'],
    ['hooks', `${base}/-/hooks`, 'Webhooks'],
  ];
  const links = entries.map(([tab, path, name]) =>
    tab === current ? html`<a href="${path}" aria-current="page">${name}</a>` : html`<a href="${path}">${name}</a>`,
  );
  return html`<nav class="tabs" aria-label="Project">${links}</nav>`;
}

export function labelChip(label: Label): Html {
  return html`<span class="label label-${label.id}">${label.title}</span>`;
}

export function labelChips(labels: readonly Label[]): Html {
  return joinHtml(labels.map(labelChip), ' ');
}

export function issuePath(issue: Issue): string {
  return `/${pathOf(issue.project)}/-/issues/${issue.iid}`;
}

/** The moment as a person reads it, in UTC. */
export function moment(instant: string): Html {
  return html`<time datetime="${instant}">${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC</time>`;
}

export function issueRow(issue: Issue): Html {
  const secret = issue.confidential && html` <span class="secret small">confidential</span>`;
  return html`<li><div class="row"><a class="title" href="${issuePath(issue)}">${issue.title}</a>${secret} ${labelChips(issue.labels)}</div>
<div class="soft small">#${issue.iid} · opened ${moment(issue.createdAt)} by ${issue.author.name} · updated ${moment(issue.updatedAt)}</div></li>`;
}
