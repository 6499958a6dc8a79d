import { html } from '../../../src/platform/html/index.ts';
import { type Issue, type Project, pathOf } from '../model.ts';
import { textColor } from '../routes/label-routes.ts';
import { type Call, isForeign, matchPath, type Reply, segmentsOf } from '../server/exchange.ts';
import type { HookSender } from '../webhooks/hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { hooksPage } from './hooks-page.ts';
import { issuePage, issuesPage, newIssuePage } from './issue-pages.ts';
import { issuePath, layout } from './layout.ts';
import { boardsPage, homePage, labelStyles, labelsPage, projectPage } from './project-pages.ts';
import { STYLE } from './style.ts';

interface PageParts {
  world: GitlabWorld;
  hooks: HookSender;
}

interface Visit extends PageParts {
  project: Project;
  query: URLSearchParams;
  form: URLSearchParams;
  params: Record<string, string>;
}

type Show = (visit: Visit) => Reply | Promise<Reply>;

/** Below `/<group>/<project>`. The visitor is a member of the project who may do everything. */
const PAGES: readonly (readonly [method: 'GET' | 'POST', path: string, show: Show])[] = [
  ['GET', '/', ({ world, project }) => projectPage(world, project)],
  ['GET', '/-/issues', ({ world, project, query }) => issuesPage(world, project, query)],
  ['GET', '/-/issues/new', ({ world, project, query }) => newIssuePage(world, project, query)],
  ['POST', '/-/issues', (visit) => createIssue(visit)],
  ['GET', '/-/issues/:iid', (visit) => withIssue(visit, (issue) => issuePage(visit.world, issue))],
  ['POST', '/-/issues/:iid/close', (visit) => withIssue(visit, (issue) => goTo(visit.world.closeIssue(issue)))],
  ['POST', '/-/issues/:iid/reopen', (visit) => withIssue(visit, (issue) => goTo(visit.world.reopenIssue(issue)))],
  ['POST', '/-/issues/:iid/labels', (visit) => withIssue(visit, (issue) => changeLabels(visit, issue))],
  ['POST', '/-/issues/:iid/comment', (visit) => withIssue(visit, (issue) => comment(visit, issue))],
  ['POST', '/-/issues/:iid/confidential', (visit) => withIssue(visit, (issue) => toggleConfidential(visit, issue))],
  ['GET', '/-/boards', ({ world, project }) => boardsPage(world, project)],
  ['GET', '/-/labels', ({ world, project }) => labelsPage(world, project)],
  ['GET', '/-/hooks', (visit) => hooksPage(visit, visit.project, visit.query.get('notice'))],
  ['POST', '/-/hooks/:hook/test', (visit) => testHook(visit)],
  ['POST', '/-/hooks/:hook/resend', (visit) => resendDelivery(visit)],
];

/** Answers everything that is neither the API nor the simulator's own control. */
export async function answerPage(parts: PageParts, call: Call): Promise<Reply> {
  if (call.path === '/') return homePage(parts.world);
  if (call.path === '/assets/page.css') return styleSheet(STYLE);
  if (call.path === '/assets/labels.css') return styleSheet(labelStyles(parts.world, textColor));
  const segments = segmentsOf(call.path);
  const project =
    segments === null ? undefined : parts.world.projects.find((candidate) => isUnder(candidate, segments));
  if (segments === null || project === undefined) return missing();
  const rest = segments.slice(pathOf(project).split('/').length);
  for (const [method, path, show] of PAGES) {
    const params = matchPath(path, rest);
    if (params === null || method !== (call.method === 'HEAD' ? 'GET' : call.method)) continue;
    if (method === 'POST' && isForeign(call))
      return layout({ title: 'Refused', main: html`<h1>Another site sent this form.</h1>`, status: 403 });
    const form = new URLSearchParams(method === 'POST' ? call.body.toString('utf8') : '');
    return show({ ...parts, project, params, form, query: call.url.searchParams });
  }
  return missing();
}

function isUnder(project: Project, segments: readonly string[]): boolean {
  const path = pathOf(project).split('/');
  return path.every((part, index) => part === segments[index]);
}

function missing(): Reply {
  return layout({
    title: 'Not found',
    main: html`<h1>Page not found</h1><p><a href="/">All projects</a></p>`,
    status: 404,
  });
}

function styleSheet(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }, body };
}

function redirect(location: string): Reply {
  return { status: 303, headers: { location }, body: '' };
}

function goTo(issue: Issue): Reply {
  return redirect(issuePath(issue));
}

function withIssue(visit: Visit, show: (issue: Issue) => Reply): Reply {
  const issue = visit.world.issue(visit.project, Number(visit.params['iid']));
  return issue === undefined ? missing() : show(issue);
}

function createIssue(visit: Visit): Reply {
  const title = (visit.form.get('title') ?? '').trim().slice(0, 255);
  if (title === '') return redirect(`/${pathOf(visit.project)}/-/issues/new`);
  const issue = visit.world.openIssue(visit.project, {
    title,
    description: visit.form.get('description') ?? '',
    labels: visit.form.getAll('labels[]'),
    confidential: visit.form.get('confidential') === 'true',
  });
  return goTo(issue);
}

function changeLabels(visit: Visit, issue: Issue): Reply {
  const [addLabels, removeLabels] = [visit.form.getAll('add'), visit.form.getAll('remove')];
  return goTo(visit.world.editIssue(issue, { addLabels, removeLabels }));
}

function comment(visit: Visit, issue: Issue): Reply {
  const body = (visit.form.get('body') ?? '').trim();
  if (body === '') return goTo(issue);
  const note = visit.world.comment(issue, body);
  return redirect(`${issuePath(issue)}#note_${note.id}`);
}

function toggleConfidential(visit: Visit, issue: Issue): Reply {
  return goTo(visit.world.editIssue(issue, { confidential: !issue.confidential }));
}

async function testHook(visit: Visit): Promise<Reply> {
  const hook = visit.world.hooks.find(({ id }) => String(id) === visit.params['hook']);
  if (hook?.project !== visit.project) return missing();
  const result = await visit.hooks.test(hook, 'issues_events');
  if (typeof result === 'string') return noticed(visit, `Hook was not executed. ${result}`);
  const status = result.responseStatus;
  return noticed(
    visit,
    status === null ? `Hook execution failed: ${result.error ?? ''}` : `Hook executed: HTTP ${status}`,
  );
}

async function resendDelivery(visit: Visit): Promise<Reply> {
  const hook = visit.world.hooks.find(({ id }) => String(id) === visit.params['hook']);
  if (hook?.project !== visit.project) return missing();
  const delivery = visit.hooks.deliveriesOf(hook).find(({ id }) => String(id) === visit.form.get('delivery'));
  if (delivery === undefined) return missing();
  const { responseStatus } = await visit.hooks.resend(hook, delivery);
  return noticed(visit, responseStatus === null ? 'Sent again: no answer' : `Sent again: HTTP ${responseStatus}`);
}

function noticed(visit: Visit, notice: string): Reply {
  return redirect(`/${pathOf(visit.project)}/-/hooks?${new URLSearchParams({ notice }).toString()}`);
}
