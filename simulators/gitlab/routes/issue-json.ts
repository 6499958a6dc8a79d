import { type Issue, type Note, pathOf, type User } from '../model.ts';
import type { GitlabWorld } from '../world.ts';
import { labelDetails } from './label-routes.ts';

export function userJson(world: GitlabWorld, user: User) {
  const { id, username, name } = user;
  return { id, username, name, state: 'active', avatar_url: null, web_url: `${world.baseUrl}/${username}` };
}

export function issueJson(
  world: GitlabWorld,
  issue: Issue,
  options: { labelDetails: boolean } = { labelDetails: false },
) {
  const project = `${world.baseUrl}/api/v4/projects/${issue.project.id}`;
  const self = `${project}/issues/${issue.iid}`;
  const full = `${pathOf(issue.project)}#${issue.iid}`;
  const assignees = issue.assignees.map((user) => userJson(world, user));
  return {
    id: issue.id,
    iid: issue.iid,
    project_id: issue.project.id,
    title: issue.title,
    description: issue.description,
    state: issue.state,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : userJson(world, issue.closedBy),
    labels: issue.labels.map((label) => (options.labelDetails ? labelDetails(label) : label.title)),
    milestone: null,
    assignees,
    author: userJson(world, issue.author),
    type: 'ISSUE',
    assignee: assignees[0] ?? null,
    user_notes_count: world.notes.filter((note) => note.issue === issue && !note.system).length,
    merge_requests_count: 0,
    upvotes: 0,
    downvotes: 0,
    due_date: issue.dueDate,
    confidential: issue.confidential,
    discussion_locked: null,
    issue_type: 'issue',
    web_url: `${world.baseUrl}/${pathOf(issue.project)}/-/issues/${issue.iid}`,
    time_stats: {
      time_estimate: 0,
      total_time_spent: 0,
      human_time_estimate: null,
      human_total_time_spent: null,
    },
    task_completion_status: { count: 0, completed_count: 0 },
    has_tasks: false,
    _links: {
      self,
      notes: `${self}/notes`,
      award_emoji: `${self}/award_emoji`,
      project,
      closed_as_duplicate_of: null,
    },
    references: { short: `#${issue.iid}`, relative: `#${issue.iid}`, full },
    severity: 'UNKNOWN',
    imported: false,
    imported_from: 'none',
  };
}

export function noteJson(world: GitlabWorld, note: Note) {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: userJson(world, note.author),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: note.system,
    noteable_id: note.issue.id,
    noteable_type: 'Issue',
    project_id: note.issue.project.id,
    resolvable: false,
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    noteable_iid: note.issue.iid,
    commands_changes: {},
  };
}
