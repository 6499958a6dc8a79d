import type { IssueEdit } from '../issues.ts';
import type { Issue } from '../model.ts';
import { json } from '../server/exchange.ts';
import { type Api, actor, hasRole, issueOf, maySeeIssue, projectOf, type Route, requireRole, takeFrom } from './api.ts';
import { forbidden, json400, unauthorized } from './api-failure.ts';
import { selectIssues } from './issue-filter.ts';
import { issueJson, noteJson } from './issue-json.ts';
import { paginate } from './paging.ts';

const LONGEST_DESCRIPTION = 1_048_576;
const LONGEST_TITLE = 255;

export const issueRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/issues',
    scope: 'anyone',
    handle(api) {
      const visible = api.world.issuesOf(projectOf(api)).filter((issue) => maySeeIssue(api, issue));
      const labelDetails = api.input.flag('with_labels_details') ?? false;
      return paginate(api, selectIssues(visible, api.input), (issue) => issueJson(api.world, issue, { labelDetails }));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/issues',
    scope: 'write',
    handle(api) {
      const project = projectOf(api);
      const author = actor(api);
      takeFrom(api.limits.issues, api);
      const title = api.input.text('title');
      if (title === undefined) throw json400({ error: 'title is missing' });
      // Who may not manage issues still opens them, but without labels.
      const labels = hasRole(api, project, 'planner') ? (api.input.list('labels') ?? []) : [];
      const description = checkedDescription(api.input.text('description') ?? '');
      const confidential = api.input.flag('confidential') ?? false;
      const made = { title: checkedTitle(title), description, labels, confidential, author };
      return json(201, issueJson(api.world, api.world.openIssue(project, made)));
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/issues/:iid',
    scope: 'anyone',
    handle: (api) => json(200, issueJson(api.world, issueOf(api, projectOf(api)))),
  },
  {
    method: 'PUT',
    path: '/projects/:id/issues/:iid',
    scope: 'write',
    handle(api) {
      const issue = issueOf(api, projectOf(api));
      if (!hasRole(api, issue.project, 'planner') && issue.author !== actor(api)) throw forbidden();
      const edit = readEdit(api);
      if (Object.values(edit).every((value) => value === undefined)) {
        throw json400({
          error: `${Object.keys(edit).map(wireName).join(', ')} are missing, at least one parameter must be provided`,
        });
      }
      return json(200, issueJson(api.world, api.world.editIssue(issue, edit, actor(api))));
    },
  },
  {
    method: 'GET',
    path: '/projects/:id/issues/:iid/notes',
    scope: 'anyone',
    handle(api) {
      const rows = notesOf(api, issueOf(api, projectOf(api)));
      return paginate(api, rows, (note) => noteJson(api.world, note));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/issues/:iid/notes',
    scope: 'write',
    handle(api) {
      const project = projectOf(api);
      const issue = issueOf(api, project);
      if (api.token === null) throw unauthorized();
      if (project.visibility !== 'public') requireRole(api, project, 'guest');
      takeFrom(api.limits.notes, api);
      const body = api.input.text('body');
      if (body === undefined) throw json400({ error: 'body is missing' });
      if (body.trim() === '') throw json400({ message: { note: ["can't be blank"] } });
      return json(201, noteJson(api.world, api.world.comment(issue, body, actor(api))));
    },
  },
];

function notesOf(api: Api, issue: Issue) {
  const key = api.input.choice('order_by', ['created_at', 'updated_at']) === 'updated_at' ? 'updatedAt' : 'createdAt';
  const direction = api.input.choice('sort', ['asc', 'desc']) === 'asc' ? 1 : -1;
  return api.world.notes
    .filter((note) => note.issue === issue && note.listed)
    .sort((a, b) => direction * (Date.parse(a[key]) - Date.parse(b[key]) || a.id - b.id));
}

function readEdit(api: Api): IssueEdit {
  const title = api.input.text('title');
  const description = api.input.nullableText('description');
  const labels = api.input.nullableText('labels') === null ? [] : undefined;
  return {
    title: title === undefined ? undefined : checkedTitle(title),
    description: description === undefined ? undefined : checkedDescription(description ?? ''),
    labels: labels ?? api.input.list('labels'),
    addLabels: api.input.list('add_labels'),
    removeLabels: api.input.list('remove_labels'),
    stateEvent: api.input.choice('state_event', ['close', 'reopen']),
    confidential: api.input.flag('confidential'),
    dueDate: api.input.nullableText('due_date'),
  };
}

function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function checkedTitle(title: string): string {
  if (title.trim() === '') throw json400({ message: { title: ["can't be blank"] } });
  if (title.length <= LONGEST_TITLE) return title;
  throw json400({ message: { title: [`is too long (maximum is ${LONGEST_TITLE} characters)`] } });
}

function checkedDescription(description: string): string {
  if (description.length <= LONGEST_DESCRIPTION) return description;
  throw json400({ message: { description: [`is too long (maximum is ${LONGEST_DESCRIPTION} characters)`] } });
}
