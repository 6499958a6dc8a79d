import type { Instant } from '../../../src/core/index.ts';
import {
  type HookFlag,
  type Issue,
  type IssueChanges,
  isProject,
  type Label,
  type Note,
  type Project,
  pathOf,
  type User,
  VISIBILITY_LEVELS,
  type WorldEvent,
} from '../model.ts';

/** One event, ready for every hook that wants it. */
export interface HookMessage {
  project: Project;
  flag: HookFlag;
  /** The name the delivery history gives to the flag. */
  trigger: string;
  /** `X-Gitlab-Event`. */
  eventName: string;
  body: string;
}

/** The body is fixed now: what is sent later still says what was true at the event. */
export function hookMessage(event: WorldEvent, baseUrl: string): HookMessage {
  if (event.kind === 'note') return noteMessage(event.note, event.user, baseUrl);
  const { issue } = event;
  const flag = issue.confidential ? 'confidential_issues_events' : 'issues_events';
  return {
    project: issue.project,
    flag,
    trigger: issue.confidential ? 'confidential_issue_hooks' : 'issue_hooks',
    eventName: issue.confidential ? 'Confidential Issue Hook' : 'Issue Hook',
    body: JSON.stringify({
      object_kind: 'issue',
      event_type: issue.confidential ? 'confidential_issue' : 'issue',
      user: hookUser(event.user),
      project: hookProject(issue.project, baseUrl),
      object_attributes: {
        ...issueAttributes(issue, baseUrl),
        ...(event.action === null ? {} : { action: event.action }),
      },
      labels: issue.labels.map(hookLabel),
      changes: hookChanges(event, event.changes),
      repository: hookRepository(issue.project, baseUrl),
      ...(issue.assignees.length === 0 ? {} : { assignees: issue.assignees.map(hookUser) }),
    }),
  };
}

function noteMessage(note: Note, user: User, baseUrl: string): HookMessage {
  const { issue } = note;
  return {
    project: issue.project,
    flag: issue.confidential ? 'confidential_note_events' : 'note_events',
    trigger: issue.confidential ? 'confidential_note_hooks' : 'note_hooks',
    eventName: issue.confidential ? 'Confidential Note Hook' : 'Note Hook',
    body: JSON.stringify({
      object_kind: 'note',
      event_type: issue.confidential ? 'confidential_note' : 'note',
      user: hookUser(user),
      project_id: issue.project.id,
      project: hookProject(issue.project, baseUrl),
      object_attributes: {
        id: note.id,
        note: note.body,
        noteable_type: 'Issue',
        noteable_id: issue.id,
        author_id: note.author.id,
        created_at: hookTime(note.createdAt),
        updated_at: hookTime(note.updatedAt),
        project_id: issue.project.id,
        attachment: null,
        line_code: null,
        commit_id: '',
        system: note.system,
        st_diff: null,
        action: 'create',
        url: `${issueUrl(issue, baseUrl)}#note_${note.id}`,
      },
      repository: hookRepository(issue.project, baseUrl),
      issue: noteTarget(issue),
    }),
  };
}

function hookTime(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}

function hookTimeOrNull(instant: Instant | null): string | null {
  return instant === null ? null : hookTime(instant);
}

function hookUser(user: User) {
  return { id: user.id, name: user.name, username: user.username, avatar_url: null, email: '[REDACTED]' };
}

function hookProject(project: Project, baseUrl: string) {
  const web = `${baseUrl}/${pathOf(project)}`;
  const ssh = sshUrl(project, baseUrl);
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    web_url: web,
    avatar_url: null,
    git_ssh_url: ssh,
    git_http_url: `${web}.git`,
    namespace: project.group.name,
    visibility_level: VISIBILITY_LEVELS[project.visibility],
    path_with_namespace: pathOf(project),
    default_branch: project.defaultBranch,
    ci_config_path: null,
    homepage: web,
    url: ssh,
    ssh_url: ssh,
    http_url: `${web}.git`,
  };
}

function hookRepository(project: Project, baseUrl: string) {
  const { name, description } = project;
  return { name, url: sshUrl(project, baseUrl), description, homepage: `${baseUrl}/${pathOf(project)}` };
}

function sshUrl(project: Project, baseUrl: string): string {
  return `git@${new URL(baseUrl).hostname}:${pathOf(project)}.git`;
}

function hookLabel(label: Label) {
  return {
    id: label.id,
    title: label.title,
    color: label.color,
    project_id: isProject(label.owner) ? label.owner.id : null,
    created_at: `${label.createdAt.slice(0, 19)}Z`,
    updated_at: `${label.updatedAt.slice(0, 19)}Z`,
    template: false,
    description: label.description,
    type: label.kind === 'project' ? 'ProjectLabel' : 'GroupLabel',
    group_id: isProject(label.owner) ? null : label.owner.id,
  };
}

function issueUrl(issue: Issue, baseUrl: string): string {
  return `${baseUrl}/${pathOf(issue.project)}/-/issues/${issue.iid}`;
}

function issueAttributes(issue: Issue, baseUrl: string) {
  return {
    ...noteTarget(issue),
    ...(issue.closedAt === null ? {} : { closed_at: hookTime(issue.closedAt) }),
    updated_by_id: issue.updatedBy?.id ?? null,
    last_edited_at: null,
    last_edited_by_id: null,
    relative_position: issue.relativePosition,
    state_id: STATE_IDS[issue.state],
    discussion_locked: null,
    due_date: issue.dueDate,
    moved_to_id: null,
    duplicated_to_id: null,
    time_estimate: 0,
    total_time_spent: 0,
    time_change: 0,
    human_total_time_spent: null,
    human_time_estimate: null,
    human_time_change: null,
    weight: null,
    health_status: null,
    type: 'Issue',
    url: issueUrl(issue, baseUrl),
    severity: 'unknown',
  };
}

function noteTarget(issue: Issue) {
  return {
    id: issue.id,
    iid: issue.iid,
    title: issue.title,
    description: issue.description,
    author_id: issue.author.id,
    project_id: issue.project.id,
    assignee_ids: issue.assignees.map((user) => user.id),
    assignee_id: issue.assignees[0]?.id ?? null,
    milestone_id: null,
    state: issue.state,
    confidential: issue.confidential,
    created_at: hookTime(issue.createdAt),
    updated_at: hookTime(issue.updatedAt),
    labels: issue.labels.map(hookLabel),
  };
}

const STATE_IDS = { opened: 1, closed: 2 } as const;

function hookChanges(event: Extract<WorldEvent, { kind: 'issue' }>, changes: IssueChanges): Record<string, unknown> {
  const { issue, action } = event;
  const { title, description, confidential, labels, state, closedAt, updatedAt, updatedBy, dueDate } = changes;
  return {
    ...(action === 'open' ? birth(issue) : {}),
    ...(title && { title }),
    ...(description && { description }),
    ...(dueDate && { due_date: dueDate }),
    ...(confidential && { confidential }),
    ...(labels && { labels: { previous: labels.previous.map(hookLabel), current: labels.current.map(hookLabel) } }),
    ...(state && { state_id: { previous: STATE_IDS[state.previous], current: STATE_IDS[state.current] } }),
    ...(closedAt && { closed_at: timeChange(closedAt) }),
    ...(updatedAt && { updated_at: timeChange(updatedAt) }),
    ...(updatedBy && {
      updated_by_id: { previous: updatedBy.previous?.id ?? null, current: updatedBy.current?.id ?? null },
    }),
  };
}

function birth(issue: Issue) {
  return {
    id: { previous: null, current: issue.id },
    iid: { previous: null, current: issue.iid },
    author_id: { previous: null, current: issue.author.id },
    project_id: { previous: null, current: issue.project.id },
    created_at: { previous: null, current: hookTime(issue.createdAt) },
  };
}

function timeChange(change: { previous: Instant | null; current: Instant | null }) {
  return { previous: hookTimeOrNull(change.previous), current: hookTimeOrNull(change.current) };
}
