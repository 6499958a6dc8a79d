import type { Instant } from '../../src/core/index.ts';
import {
  compareText,
  type Issue,
  type IssueChanges,
  type Label,
  type Note,
  type Project,
  type User,
  type WorldEvent,
} from './model.ts';

/** What these operations need of the world. */
export interface IssueBook {
  readonly issues: Issue[];
  readonly notes: Note[];
  now(): Instant;
  nextId(kind: string, wanted?: number): number;
  labelNamed(project: Project, title: string): Label;
  emit(event: WorldEvent): void;
}

export interface NewIssue {
  title: string;
  description?: string;
  /** Titles; a label that does not exist yet is made. */
  labels?: readonly string[];
  confidential?: boolean;
  author?: User;
  assignees?: User[];
  id?: number;
  iid?: number;
  relativePosition?: number | null;
  dueDate?: string | null;
  /** For history: the issue was made then, and nobody is told. */
  createdAt?: Instant;
  /** For history: and closed then. */
  closedAt?: Instant;
}

export interface IssueEdit {
  title?: string | undefined;
  description?: string | undefined;
  labels?: readonly string[] | undefined;
  addLabels?: readonly string[] | undefined;
  removeLabels?: readonly string[] | undefined;
  stateEvent?: 'close' | 'reopen' | undefined;
  confidential?: boolean | undefined;
  dueDate?: string | null | undefined;
}

export function makeIssue(world: IssueBook, project: Project, wanted: NewIssue & { author: User }): Issue {
  const author = wanted.author;
  const at = wanted.createdAt ?? world.now();
  const issue: Issue = {
    id: world.nextId('issue', wanted.id),
    iid: world.nextId(`iid of ${project.id}`, wanted.iid),
    project,
    title: wanted.title,
    description: wanted.description ?? '',
    state: wanted.closedAt === undefined ? 'opened' : 'closed',
    confidential: wanted.confidential ?? false,
    author,
    assignees: wanted.assignees ?? [],
    updatedBy: null,
    closedBy: wanted.closedAt === undefined ? null : author,
    labels: namedLabels(world, project, wanted.labels ?? []),
    createdAt: at,
    updatedAt: wanted.closedAt ?? at,
    closedAt: wanted.closedAt ?? null,
    dueDate: wanted.dueDate ?? null,
    relativePosition: wanted.relativePosition ?? null,
  };
  world.issues.push(issue);
  if (wanted.createdAt !== undefined) return issue;
  project.lastActivityAt = at;
  const changes: IssueChanges = {
    title: { previous: null, current: issue.title },
    description: { previous: null, current: issue.description },
    confidential: { previous: null, current: issue.confidential },
    updatedAt: { previous: null, current: at },
    ...(issue.labels.length === 0 ? {} : { labels: { previous: [], current: [...issue.labels] } }),
  };
  world.emit({ kind: 'issue', action: 'open', issue, user: author, changes });
  return issue;
}

/** Changes what differs and tells it; an edit that changes nothing leaves `updated_at` and the hooks alone. */
export function editIssue(world: IssueBook, issue: Issue, edit: IssueEdit, user: User): Issue {
  const changes: IssueChanges = {};
  editText(world, issue, edit, { changes, user });
  editLabels(world, issue, edit, { changes, user });
  const action = editState(world, issue, edit, { changes, user });
  if (Object.keys(changes).length === 0) return issue;
  changes.updatedAt = { previous: issue.updatedAt, current: world.now() };
  if (issue.updatedBy !== user) changes.updatedBy = { previous: issue.updatedBy, current: user };
  issue.updatedAt = world.now();
  issue.updatedBy = user;
  issue.project.lastActivityAt = issue.updatedAt;
  world.emit({ kind: 'issue', action, issue, user, changes });
  return issue;
}

interface Editing {
  changes: IssueChanges;
  user: User;
}

function editText(world: IssueBook, issue: Issue, edit: IssueEdit, { changes, user }: Editing): void {
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes.title = { previous: issue.title, current: edit.title };
    remark(world, issue, user, `changed title from **${issue.title}** to **${edit.title}**`);
    issue.title = edit.title;
  }
  if (edit.description !== undefined && edit.description !== issue.description) {
    changes.description = { previous: issue.description, current: edit.description };
    remark(world, issue, user, 'changed the description');
    issue.description = edit.description;
  }
  if (edit.dueDate !== undefined && edit.dueDate !== issue.dueDate) {
    changes.dueDate = { previous: issue.dueDate, current: edit.dueDate };
    remark(world, issue, user, edit.dueDate === null ? 'removed due date' : `changed due date to ${edit.dueDate}`);
    issue.dueDate = edit.dueDate;
  }
  if (edit.confidential !== undefined && edit.confidential !== issue.confidential) {
    changes.confidential = { previous: issue.confidential, current: edit.confidential };
    remark(
      world,
      issue,
      user,
      edit.confidential ? 'made the issue confidential' : 'made the issue visible to everyone',
    );
    issue.confidential = edit.confidential;
  }
}

function editLabels(world: IssueBook, issue: Issue, edit: IssueEdit, { changes, user }: Editing): void {
  const before = issue.labels;
  const titles = new Set(edit.labels ?? before.map((label) => label.title));
  for (const title of edit.addLabels ?? []) titles.add(title);
  for (const title of edit.removeLabels ?? []) titles.delete(title);
  if (titles.size === before.length && before.every((label) => titles.has(label.title))) return;
  const after = namedLabels(world, issue.project, [...titles]);
  changes.labels = { previous: before, current: [...after] };
  issue.labels = after;
  const added = after.filter((label) => !before.includes(label)).map((label) => `~${label.title}`);
  const removed = before.filter((label) => !after.includes(label)).map((label) => `~${label.title}`);
  const parts = [added.length > 0 && `added ${added.join(' ')}`, removed.length > 0 && `removed ${removed.join(' ')}`];
  activity(world, issue, user, parts.filter((part) => part !== false).join(' and '));
}

function editState(world: IssueBook, issue: Issue, edit: IssueEdit, { changes, user }: Editing) {
  const wanted = edit.stateEvent === 'close' ? 'closed' : edit.stateEvent === 'reopen' ? 'opened' : issue.state;
  if (wanted === issue.state) return 'update' as const;
  changes.state = { previous: issue.state, current: wanted };
  changes.closedAt = { previous: issue.closedAt, current: wanted === 'closed' ? world.now() : null };
  issue.state = wanted;
  issue.closedAt = changes.closedAt.current;
  issue.closedBy = wanted === 'closed' ? user : null;
  activity(world, issue, user, wanted === 'closed' ? 'closed' : 'reopened');
  return wanted === 'closed' ? ('close' as const) : ('reopen' as const);
}

export function addNote(
  world: IssueBook,
  issue: Issue,
  note: { body: string; author: User; id?: number; createdAt?: Instant },
): Note {
  const added = store(world, issue, { ...note, system: false, listed: true });
  if (added.createdAt > issue.updatedAt) issue.updatedAt = added.createdAt;
  if (note.createdAt !== undefined) return added;
  issue.project.lastActivityAt = added.createdAt;
  world.emit({ kind: 'note', note: added, user: note.author });
  return added;
}

/** A system note that the API lists. */
function remark(world: IssueBook, issue: Issue, author: User, body: string): void {
  store(world, issue, { body, author, system: true, listed: true });
}

function activity(world: IssueBook, issue: Issue, author: User, body: string): void {
  store(world, issue, { body, author, system: true, listed: false });
}

function store(
  world: IssueBook,
  issue: Issue,
  note: Pick<Note, 'body' | 'author' | 'system' | 'listed'> & { id?: number; createdAt?: Instant },
): Note {
  const at = note.createdAt ?? world.now();
  const { body, author, system, listed } = note;
  const added: Note = {
    id: world.nextId('note', note.id),
    issue,
    author,
    body,
    system,
    listed,
    createdAt: at,
    updatedAt: at,
  };
  world.notes.push(added);
  return added;
}

function namedLabels(world: IssueBook, project: Project, titles: readonly string[]): Label[] {
  const wanted = [...new Set(titles)].filter((title) => title !== '');
  return wanted.map((title) => world.labelNamed(project, title)).sort((a, b) => compareText(a.title, b.title));
}
