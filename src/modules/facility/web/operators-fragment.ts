import {
  button,
  buttonLink,
  card,
  clip,
  form,
  link,
  notice,
  type RowView,
  time,
} from '../../../platform/design/index.ts';
import { type Html, html, joinHtml, type View } from '../../../platform/html/index.ts';
import { hookProblem } from '../domain/hook-problem.ts';
import type { ProjectView } from '../store/facility-read.ts';
import { facilityMessages } from './messages.ts';

/** A configured project with what only its settings know. */
export interface OperatedProject {
  view: ProjectView;
  title: string;
  /** Visitors cannot see its badges. */
  hiddenBadges: boolean;
}

/** What operators have to know and may do, one card per project. */
export function operatorsFragment(projects: readonly OperatedProject[], view: RowView, csrf: Html): Html {
  return html`<div class="stack">${joinHtml(projects.map((project) => projectCard(project, view, csrf)))}</div>`;
}

function projectCard({ view: project, title, hiddenBadges }: OperatedProject, view: RowView, csrf: Html): Html {
  const words = facilityMessages(view.language);
  const facts = html`<p>${words.readAt}: ${project.succeededAt === null ? words.never : time(project.succeededAt, view, { relative: 'ago' })} · ${
    words.nextRead
  } ${time(project.nextAt, view)} · ${words.lastEvent}: ${
    project.lastEventAt === null ? words.never : time(project.lastEventAt, view, { relative: 'ago' })
  } · ${link(project.webUrl, words.openInGitlab)}</p>`;
  const warnings = warningsOf(project, hiddenBadges, view);
  const plan = buttonLink(`${view.link('/facility/plan')}?project=${encodeURIComponent(project.id)}`, words.plan);
  const acts = form({
    action: view.link('/facility/reconcile'),
    csrf,
    body: html`<input type="hidden" name="project" value="${project.id}"><p>${button(words.reconcileNow)} ${plan}</p>`,
  });
  const test = form({
    action: view.link('/facility/test-hook'),
    csrf,
    body: html`<input type="hidden" name="project" value="${project.id}"><p>${button(words.testHook, { kind: 'plain' })}</p>`,
  });
  return card({ title: clip(title), aside: words.operators, body: html`${warnings}${facts}${acts}${test}` });
}

function warningsOf(project: ProjectView, hiddenBadges: boolean, view: RowView): Html {
  const words = facilityMessages(view.language);
  const warnings: View[] = [];
  if (project.staleSince !== null) warnings.push(html`${words.stale} ${time(project.staleSince, view)}.`);
  if (project.error !== null) warnings.push(clip(project.error, 400));
  if (project.badgeError !== null) warnings.push(html`${words.badgesFail} ${clip(project.badgeError, 400)}`);
  if (hiddenBadges) warnings.push(words.membersBadges);
  if (project.unknownLabels.length > 0) warnings.push(words.unknownLabels(clip(project.unknownLabels.join(', '), 300)));
  const hook = hookWarning(project, view);
  if (hook !== null) warnings.push(hook);
  const token = tokenWarning(project, view);
  if (token !== null) warnings.push(token);
  return html`${warnings.map((warning) => notice('warning', view.language, html`<p>${warning}</p>`))}`;
}

function hookWarning(project: ProjectView, view: RowView): string | null {
  const words = facilityMessages(view.language);
  const { problem = null, lastAnswer } = project.health?.hook ?? {};
  const now = hookProblem({ problem, lookedAt: project.healthAt, lastEventAt: project.lastEventAt });
  const answer = clip(lastAnswer ?? '', 60);
  const texts: Readonly<Record<string, string>> = {
    no_secret: words.hookNoSecret,
    missing: words.hookMissing,
    disabled: words.hookDisabled(answer),
    failing: words.hookFailing(answer),
    events: words.hookEvents,
    unverified: words.hookUnverified,
    unreadable: words.hookUnreadable,
  };
  return texts[now ?? ''] ?? null;
}

function tokenWarning(project: ProjectView, view: RowView): string | null {
  const words = facilityMessages(view.language);
  const { problem = null, expiresAt = null } = project.health?.token ?? {};
  if (problem === 'expiring') return words.tokenExpiring(expiresAt ?? '?');
  if (problem === 'scopes') return words.tokenScopes;
  return problem === 'unreadable' ? words.tokenUnreadable : null;
}
