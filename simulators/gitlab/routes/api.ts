import { ACCESS_LEVELS, type Issue, type MemberRole, type Project, pathOf, type Token } from '../model.ts';
import type { Reply } from '../server/exchange.ts';
import type { ApplicationLimits, RateLimit } from '../server/rate-limits.ts';
import type { HookSender } from '../webhooks/hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { ApiFailure, forbidden, noRecord, notFound, tooManyRequests, unauthorized } from './api-failure.ts';
import type { Input } from './input.ts';

/** What a route gets to work with. */
export interface Api {
  world: GitlabWorld;
  hooks: HookSender;
  limits: ApplicationLimits;
  url: URL;
  params: Readonly<Record<string, string>>;
  input: Input;
  token: Token | null;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v4`. */
  path: string;
  /** What the token must be good for; `self`: any token, `anyone`: none needed for public things. */
  scope: 'anyone' | 'read' | 'write' | 'self';
  handle(api: Api): Reply | Promise<Reply>;
}

/** The project of the path, as far as the caller may see it. */
export function projectOf(api: Api): Project {
  const id = api.params['id'] ?? '';
  const project = api.world.findProject(id);
  if (project !== undefined && maySee(api, project)) return project;
  const moved = api.world.projects.find((candidate) => candidate.formerPaths.includes(id));
  if (moved === undefined || !maySee(api, moved)) throw notFound('Project Not Found');
  const rest = api.url.pathname.split('/').slice(5).join('/');
  const location = `${api.world.baseUrl}/api/v4/projects/${moved.id}${rest === '' ? '' : `/${rest}`}${api.url.search}`;
  throw new ApiFailure(301, { message: `Moved to ${pathOf(moved)}` }, { headers: { location } });
}

export function maySee(api: Pick<Api, 'token'>, project: Project): boolean {
  if (roleIn(api, project) !== null || project.visibility === 'public') return true;
  return project.visibility === 'internal' && api.token !== null;
}

/** null: not a member. */
export function roleIn(api: Pick<Api, 'token'>, project: Project): MemberRole | null {
  if (api.token === null) return null;
  return api.token.projectIds === null || api.token.projectIds.includes(project.id) ? api.token.role : null;
}

export function hasRole(api: Pick<Api, 'token'>, project: Project, role: MemberRole): boolean {
  const own = roleIn(api, project);
  return own !== null && ACCESS_LEVELS[own] >= ACCESS_LEVELS[role];
}

export function requireRole(api: Api, project: Project, role: MemberRole): void {
  if (api.token === null) throw unauthorized();
  if (!hasRole(api, project, role)) throw forbidden();
}

/** Confidential issues show from Planner on, and to who wrote or works on them. */
export function maySeeIssue(api: Pick<Api, 'token'>, issue: Issue): boolean {
  if (!issue.confidential || hasRole(api, issue.project, 'planner')) return true;
  const user = api.token?.user;
  return user !== undefined && (issue.author === user || issue.assignees.includes(user));
}

export function issueOf(api: Api, project: Project): Issue {
  const issue = api.world.issue(project, Number(api.params['iid']));
  if (issue === undefined || !maySeeIssue(api, issue)) throw noRecord();
  return issue;
}

/** Who acts; routes that write have checked that there is a token. */
export function actor(api: Api): Token['user'] {
  if (api.token === null) throw unauthorized();
  return api.token.user;
}

export function takeFrom(limit: RateLimit, api: Api): void {
  if (limit.take(String(api.token?.user.id), api.world.nowMs()).exceeded) throw tooManyRequests();
}
