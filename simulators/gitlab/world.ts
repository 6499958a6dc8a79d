import { randomBytes } from 'node:crypto';
import { type Clock, type Instant, toInstant, toMs } from '../../src/core/index.ts';
import { addNote, editIssue, type IssueEdit, makeIssue, type NewIssue } from './issues.ts';
import {
  type Badge,
  compareText,
  type Group,
  HOOK_FLAGS,
  type Hook,
  type HookFlag,
  type Issue,
  isProject,
  type Label,
  type MemberRole,
  type Note,
  type Project,
  type ProjectVisibility,
  pathOf,
  type Token,
  type TokenScope,
  type User,
  type WorldEvent,
} from './model.ts';

export interface NewHook {
  url: string;
  id?: number;
  name?: string | null;
  description?: string | null;
  /** Default: issues and comments, confidential ones too. */
  flags?: readonly HookFlag[];
  token?: string | null;
  signingToken?: string | null;
  urlVariables?: { key: string; value: string }[];
  customHeaders?: { key: string; value: string }[];
}

export const ISSUE_AND_NOTE_FLAGS: readonly HookFlag[] = [
  'issues_events',
  'confidential_issues_events',
  'note_events',
  'confidential_note_events',
];

/**
 * What a GitLab instance knows, in memory. Every change goes through here, from the API, the pages, a script or a
 * test, and is told to the listeners that send the webhooks.
 */
export class GitlabWorld {
  readonly groups: Group[] = [];
  readonly users: User[] = [];
  readonly projects: Project[] = [];
  readonly tokens: Token[] = [];
  readonly hooks: Hook[] = [];
  readonly issues: Issue[] = [];
  readonly notes: Note[] = [];
  labels: Label[] = [];
  badges: Badge[] = [];
  /** Address of this instance, without a slash at the end. */
  baseUrl: string;
  #clockOffset = 0;
  readonly #clock: Clock;
  readonly #ids = new Map<string, number>();
  readonly #listeners: ((event: WorldEvent) => void)[] = [];

  constructor(clock: Clock, baseUrl: string) {
    this.#clock = clock;
    this.baseUrl = baseUrl;
  }

  now(): Instant {
    return toInstant(toMs(this.#clock.now()) + this.#clockOffset);
  }

  nowMs(): number {
    return toMs(this.now());
  }

  /** Moves this instance's clock against everybody else's. */
  stepClock(milliseconds: number): void {
    this.#clockOffset += milliseconds;
  }

  onEvent(listener: (event: WorldEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** The next id of a kind, or the wanted one; later ids stay above it. */
  nextId(kind: string, wanted?: number): number {
    const last = this.#ids.get(kind) ?? 0;
    const id = wanted ?? last + 1;
    this.#ids.set(kind, Math.max(last, id));
    return id;
  }

  addUser(user: { name: string; username: string; id?: number }): User {
    const added = { id: this.nextId('user', user.id), name: user.name, username: user.username };
    this.users.push(added);
    return added;
  }

  /** The first user: who acts when nobody is named. */
  defaultUser(): User {
    return this.users[0] ?? this.addUser({ name: 'Mia Beck', username: 'mbeck', id: 12 });
  }

  addGroup(group: { path: string; name?: string; id?: number }): Group {
    const added = { id: this.nextId('namespace', group.id), path: group.path, name: group.name ?? titleOf(group.path) };
    this.groups.push(added);
    return added;
  }

  /** `path` is the whole path, e.g. `lab/instrument-desk`; the group is made when it is missing. */
  addProject(project: {
    path: string;
    id?: number;
    name?: string;
    description?: string;
    visibility?: ProjectVisibility;
    createdAt?: Instant;
  }): Project {
    const slash = project.path.lastIndexOf('/');
    if (slash < 1) throw new Error(`"${project.path}" is no project path: write <group>/<project>.`);
    const groupPath = project.path.slice(0, slash);
    const path = project.path.slice(slash + 1);
    const at = project.createdAt ?? this.now();
    const added: Project = {
      id: this.nextId('project', project.id),
      name: project.name ?? titleOf(path),
      path,
      group: this.groups.find((group) => group.path === groupPath) ?? this.addGroup({ path: groupPath }),
      description: project.description ?? '',
      visibility: project.visibility ?? 'private',
      defaultBranch: 'main',
      createdAt: at,
      lastActivityAt: at,
      formerPaths: [],
    };
    this.projects.push(added);
    return added;
  }

  moveProject(project: Project, path: string): void {
    project.formerPaths.push(pathOf(project));
    project.path = path;
  }

  findProject(idOrPath: string): Project | undefined {
    if (/^\d+$/.test(idOrPath)) return this.projects.find((project) => project.id === Number(idOrPath));
    return this.projects.find((project) => pathOf(project) === idOrPath);
  }

  /** With a project: its label. With a group: a label all its projects inherit. */
  addLabel(
    owner: Project | Group,
    label: {
      title: string;
      color?: string;
      description?: string | null;
      priority?: number | null;
      id?: number;
      createdAt?: Instant;
    },
  ): Label {
    const at = label.createdAt ?? this.now();
    const added: Label = {
      id: this.nextId('label', label.id),
      title: label.title,
      color: label.color ?? '#6699cc',
      description: label.description ?? null,
      createdAt: at,
      updatedAt: at,
      owner,
      kind: isProject(owner) ? 'project' : 'group',
      priorities: new Map(),
    };
    if (isProject(owner) && typeof label.priority === 'number') added.priorities.set(owner.id, label.priority);
    this.labels.push(added);
    return added;
  }

  removeLabel(label: Label): void {
    this.labels = this.labels.filter((other) => other !== label);
    for (const issue of this.issues) issue.labels = issue.labels.filter((other) => other !== label);
  }

  /** A project's labels, by title. */
  labelsOf(project: Project, options: { inherited: boolean } = { inherited: true }): Label[] {
    return this.labels
      .filter((label) => label.owner === project || (options.inherited && label.owner === project.group))
      .sort((a, b) => compareText(a.title, b.title) || a.id - b.id);
  }

  /** The label of that name; made when nobody has made it, as GitLab does for issues. */
  labelNamed(project: Project, title: string): Label {
    return this.labelsOf(project).find((label) => label.title === title) ?? this.addLabel(project, { title });
  }

  openIssue(project: Project, issue: NewIssue): Issue {
    return makeIssue(this, project, { ...issue, author: issue.author ?? this.defaultUser() });
  }

  editIssue(issue: Issue, edit: IssueEdit, user: User = this.defaultUser()): Issue {
    return editIssue(this, issue, edit, user);
  }

  closeIssue(issue: Issue, user?: User): Issue {
    return this.editIssue(issue, { stateEvent: 'close' }, user);
  }

  reopenIssue(issue: Issue, user?: User): Issue {
    return this.editIssue(issue, { stateEvent: 'reopen' }, user);
  }

  comment(issue: Issue, body: string, user: User = this.defaultUser()): Note {
    return addNote(this, issue, { body, author: user });
  }

  /** For history: nobody is told. */
  commentInThePast(issue: Issue, body: string, author: User, createdAt: Instant): Note {
    return addNote(this, issue, { body, author, createdAt });
  }

  issuesOf(project: Project): Issue[] {
    return this.issues.filter((issue) => issue.project === project);
  }

  issue(project: Project, iid: number): Issue | undefined {
    return this.issues.find((issue) => issue.project === project && issue.iid === iid);
  }

  addBadge(
    owner: Project | Group,
    badge: { linkUrl: string; imageUrl: string; name?: string | null; id?: number },
  ): Badge {
    const added: Badge = {
      id: this.nextId('badge', badge.id),
      kind: isProject(owner) ? 'project' : 'group',
      ownerId: owner.id,
      name: badge.name ?? null,
      linkUrl: badge.linkUrl,
      imageUrl: badge.imageUrl,
      createdAt: this.now(),
    };
    this.badges.push(added);
    return added;
  }

  removeBadge(badge: Badge): void {
    this.badges = this.badges.filter((other) => other !== badge);
  }

  /** A project's badges and its group's, in the order of their making, which is the order on the page. */
  badgesOf(project: Project): Badge[] {
    return this.badges
      .filter((badge) => badge.ownerId === (badge.kind === 'project' ? project.id : project.group.id))
      .sort((a, b) => compareText(a.createdAt, b.createdAt) || a.id - b.id);
  }

  addHook(project: Project, hook: NewHook): Hook {
    const wanted: readonly HookFlag[] = hook.flags ?? ISSUE_AND_NOTE_FLAGS;
    const flags = Object.fromEntries(HOOK_FLAGS.map((flag) => [flag, wanted.includes(flag)]));
    const added: Hook = {
      id: this.nextId('hook', hook.id),
      project,
      url: hook.url,
      name: hook.name ?? null,
      description: hook.description ?? null,
      flags: flags as Hook['flags'],
      token: hook.token ?? null,
      signingToken: hook.signingToken ?? null,
      sslVerification: true,
      urlVariables: hook.urlVariables ?? [],
      customHeaders: hook.customHeaders ?? [],
      createdAt: this.now(),
      recentFailures: 0,
      disabledUntil: null,
    };
    this.hooks.push(added);
    return added;
  }

  removeHook(hook: Hook): void {
    this.hooks.splice(this.hooks.indexOf(hook), 1);
  }

  /** By default a maintainer's token for everything, valid for a year; its `secret` is made up when none is given. */
  addToken(
    token: {
      name?: string;
      secret?: string;
      user?: User;
      scopes?: TokenScope[];
      role?: MemberRole;
      projects?: readonly Project[];
      expiresAt?: string | null;
    } = {},
  ): Token {
    const id = this.nextId('token');
    const added: Token = {
      id,
      name: token.name ?? `token ${id}`,
      secret: token.secret ?? `glpat-${randomBytes(15).toString('base64url')}`,
      user: token.user ?? this.addUser({ name: token.name ?? 'bot', username: `project_bot_${id}` }),
      scopes: token.scopes ?? ['api'],
      role: token.role ?? 'maintainer',
      projectIds: token.projects?.map((project) => project.id) ?? null,
      expiresAt:
        token.expiresAt === undefined ? toInstant(this.nowMs() + 365 * 86_400_000).slice(0, 10) : token.expiresAt,
      revoked: false,
      createdAt: this.now(),
      lastUsedAt: null,
    };
    this.tokens.push(added);
    return added;
  }
}

function titleOf(path: string): string {
  return path
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
