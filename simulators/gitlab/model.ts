import type { Instant } from '../../src/core/index.ts';

export const ACCESS_LEVELS = {
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;
export type MemberRole = keyof typeof ACCESS_LEVELS;

export const VISIBILITY_LEVELS = { private: 0, internal: 10, public: 20 } as const;
export type ProjectVisibility = keyof typeof VISIBILITY_LEVELS;

export type TokenScope = 'api' | 'read_api' | 'read_user' | 'read_repository';

export interface User {
  id: number;
  name: string;
  username: string;
}

export interface Group {
  id: number;
  name: string;
  path: string;
}

export interface Project {
  id: number;
  name: string;
  /** Last part of the path; the whole is `<group path>/<path>`. */
  path: string;
  group: Group;
  description: string;
  visibility: ProjectVisibility;
  defaultBranch: string;
  createdAt: Instant;
  lastActivityAt: Instant;
  /** Paths it had before it was moved; they answer with a redirect. */
  formerPaths: string[];
}

export interface Label {
  id: number;
  title: string;
  color: string;
  description: string | null;
  createdAt: Instant;
  updatedAt: Instant;
  owner: Project | Group;
  kind: 'project' | 'group';
  /** Priority by project id: GitLab keeps it per project, also for group labels. */
  priorities: Map<number, number>;
}

export interface Issue {
  id: number;
  iid: number;
  project: Project;
  title: string;
  description: string;
  state: 'opened' | 'closed';
  confidential: boolean;
  author: User;
  assignees: User[];
  updatedBy: User | null;
  closedBy: User | null;
  labels: Label[];
  createdAt: Instant;
  updatedAt: Instant;
  closedAt: Instant | null;
  /** `YYYY-MM-DD`. */
  dueDate: string | null;
  relativePosition: number | null;
}

export interface Note {
  id: number;
  issue: Issue;
  author: User;
  body: string;
  /** Written by GitLab itself about a change. */
  system: boolean;
  /** Label and state changes show on the page but are no notes for the API. */
  listed: boolean;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface Badge {
  id: number;
  kind: 'project' | 'group';
  ownerId: number;
  name: string | null;
  linkUrl: string;
  imageUrl: string;
  createdAt: Instant;
}

/** The events of a hook that mean something to GitLab's hook form. */
export const HOOK_FLAGS = [
  'push_events',
  'tag_push_events',
  'issues_events',
  'confidential_issues_events',
  'note_events',
  'confidential_note_events',
  'merge_requests_events',
  'job_events',
  'pipeline_events',
  'wiki_page_events',
  'deployment_events',
  'feature_flag_events',
  'releases_events',
  'emoji_events',
  'resource_access_token_events',
] as const;
export type HookFlag = (typeof HOOK_FLAGS)[number];

export interface Hook {
  id: number;
  project: Project;
  /** May hold `{variable}` parts. */
  url: string;
  name: string | null;
  description: string | null;
  flags: Record<HookFlag, boolean>;
  token: string | null;
  signingToken: string | null;
  sslVerification: boolean;
  urlVariables: { key: string; value: string }[];
  customHeaders: { key: string; value: string }[];
  createdAt: Instant;
  recentFailures: number;
  disabledUntil: Instant | null;
}

export interface Token {
  id: number;
  name: string;
  secret: string;
  user: User;
  scopes: TokenScope[];
  /** Role of its user in the projects it may enter. */
  role: MemberRole;
  /** null: a member of every project. */
  projectIds: number[] | null;
  /** A date; the token ends at 00:00 UTC of it. */
  expiresAt: string | null;
  revoked: boolean;
  createdAt: Instant;
  lastUsedAt: Instant | null;
}

/** One entry of a hook's history. */
export interface HookDelivery {
  id: number;
  hookId: number;
  trigger: string;
  url: string;
  idempotencyKey: string;
  eventUuid: string;
  eventName: string;
  requestHeaders: Record<string, string>;
  requestBody: string;
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** HTTP status, or null when there was no answer. */
  responseStatus: number | null;
  error: string | null;
  executionDuration: number;
  at: Instant;
}

/** What the world tells its listeners; hooks are made of it. */
export type WorldEvent =
  | {
      kind: 'issue';
      action: 'open' | 'close' | 'reopen' | 'update' | null;
      issue: Issue;
      user: User;
      changes: IssueChanges;
    }
  | { kind: 'note'; note: Note; user: User };

/** Before and after of what an edit changed, as the model holds it. */
export interface IssueChanges {
  labels?: { previous: Label[]; current: Label[] };
  state?: { previous: Issue['state']; current: Issue['state'] };
  title?: { previous: string | null; current: string };
  description?: { previous: string | null; current: string };
  confidential?: { previous: boolean | null; current: boolean };
  closedAt?: { previous: Instant | null; current: Instant | null };
  updatedAt?: { previous: Instant | null; current: Instant };
  updatedBy?: { previous: User | null; current: User | null };
  dueDate?: { previous: string | null; current: string | null };
}

export function isProject(owner: Project | Group): owner is Project {
  return 'group' in owner;
}

export function pathOf(project: Project): string {
  return `${project.group.path}/${project.path}`;
}

/** GitLab's database sorts label titles without regard to case. */
export function compareText(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
