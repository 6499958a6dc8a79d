import * as z from 'zod';
import { UpstreamError } from '../../core/index.ts';
import { Badge, Hook, HookEvent, Issue, Label, Project, TokenSelf } from './schema.ts';
import { type GitLabOptions, type Method, Transport } from './transport.ts';

export type ProjectRef = string | number;

/** What a badge is made of. */
export interface BadgeContent {
  name: string;
  imageUrl: string;
  linkUrl: string;
}

export interface HookSettings {
  url: string;
  token?: string | undefined;
  signingToken?: string | undefined;
  sslVerification: boolean;
}

const PER_PAGE = 100;
const MAX_PAGES = 500;
/** How often a list that changed while it was read is read again. */
const REREADS = 2;

/** The calls of GitLab's REST API that we need. Errors are `UpstreamError`. */
export class GitLab {
  readonly #transport: Transport;

  constructor(options: GitLabOptions) {
    this.#transport = new Transport(options);
  }

  project(project: ProjectRef, signal?: AbortSignal): Promise<Project> {
    return this.#one(Project, 'GET', at(project), { signal });
  }

  labels(project: ProjectRef, signal?: AbortSignal): Promise<Label[]> {
    return this.#all(Label, `${at(project)}/labels`, signal);
  }

  async createLabel(project: ProjectRef, label: { name: string; color: string; description: string }): Promise<Label> {
    return this.#one(Label, 'POST', `${at(project)}/labels`, { body: label });
  }

  /** Every open issue that carries a label at all. */
  openIssues(project: ProjectRef, signal?: AbortSignal): Promise<Issue[]> {
    return this.#all(Issue, `${at(project)}/issues?state=opened&labels=Any&order_by=created_at&sort=asc`, signal);
  }

  badges(project: ProjectRef, signal?: AbortSignal): Promise<Badge[]> {
    return this.#all(Badge, `${at(project)}/badges`, signal);
  }

  createBadge(project: ProjectRef, content: BadgeContent, signal?: AbortSignal): Promise<Badge> {
    return this.#one(Badge, 'POST', `${at(project)}/badges`, { body: badgeBody(content), signal });
  }

  updateBadge(project: ProjectRef, id: number, content: BadgeContent, signal?: AbortSignal): Promise<Badge> {
    return this.#one(Badge, 'PUT', `${at(project)}/badges/${id}`, { body: badgeBody(content), signal });
  }

  /** Deleting what is gone already is done. */
  async deleteBadge(project: ProjectRef, id: number, signal?: AbortSignal): Promise<void> {
    try {
      await this.#transport.send({ method: 'DELETE', path: `${at(project)}/badges/${id}`, resource: 'badges', signal });
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 404)) throw error;
    }
  }

  hooks(project: ProjectRef, signal?: AbortSignal): Promise<Hook[]> {
    return this.#all(Hook, `${at(project)}/hooks`, signal);
  }

  createHook(project: ProjectRef, settings: HookSettings): Promise<Hook> {
    return this.#one(Hook, 'POST', `${at(project)}/hooks`, { body: hookBody(settings) });
  }

  updateHook(project: ProjectRef, id: number, settings: HookSettings): Promise<Hook> {
    return this.#one(Hook, 'PUT', `${at(project)}/hooks/${id}`, { body: hookBody(settings) });
  }

  /** Makes GitLab send an issue event now; a good answer to it enables a disabled hook again. */
  async testHook(project: ProjectRef, id: number, signal?: AbortSignal): Promise<void> {
    const path = `${at(project)}/hooks/${id}/test/issues_events`;
    await this.#transport.send({ method: 'POST', path, resource: 'hooks', signal });
  }

  /** The newest deliveries of a hook, at most one page. */
  async hookEvents(project: ProjectRef, id: number, signal?: AbortSignal): Promise<HookEvent[]> {
    return this.#one(z.array(HookEvent), 'GET', `${at(project)}/hooks/${id}/events?per_page=20`, { signal });
  }

  tokenSelf(signal?: AbortSignal): Promise<TokenSelf> {
    return this.#one(TokenSelf, 'GET', 'personal_access_tokens/self', { signal });
  }

  async #one<T extends z.ZodType>(
    schema: T,
    method: Method,
    path: string,
    options: { body?: Readonly<Record<string, unknown>>; signal?: AbortSignal | undefined } = {},
  ): Promise<z.output<T>> {
    const resource = resourceOf(path);
    const answer = await this.#transport.send({ method, path, resource, ...options });
    return check(schema, answer.json, resource);
  }

  /** All pages of a list. A list whose total moved meanwhile may have skipped a row at a page's edge: it is read again. */
  async #all<T extends z.ZodObject>(schema: T, path: string, signal: AbortSignal | undefined): Promise<z.output<T>[]> {
    const url = `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}`;
    for (let reread = 0; ; reread += 1) {
      const list = await this.#pages(schema, url, signal);
      if (list.steady || reread === REREADS) return list.items;
    }
  }

  async #pages<T extends z.ZodObject>(
    schema: T,
    first: string,
    signal: AbortSignal | undefined,
  ): Promise<{ items: z.output<T>[]; steady: boolean }> {
    const resource = resourceOf(first);
    const byId = new Map<unknown, z.output<T>>();
    const totals = new Set<string>();
    let next: string | null = first;
    for (let page = 0; next !== null; page += 1) {
      if (page === MAX_PAGES) {
        throw new UpstreamError(
          'client',
          `GitLab lists more than ${MAX_PAGES * PER_PAGE} ${resource}; that is too many.`,
          { retry: false },
        );
      }
      const answer = await this.#transport.send({ method: 'GET', path: next, resource, signal });
      const items: z.output<T>[] = check(z.array(schema), answer.json, resource);
      for (const item of items) byId.set(item['id'], item);
      const total = answer.headers.get('x-total');
      if (total !== null) totals.add(total);
      next = nextLink(answer.headers.get('link'));
    }
    return { items: [...byId.values()], steady: totals.size <= 1 };
  }
}

/** `301`, or `lab/desk` written as GitLab wants it in a path. */
function at(project: ProjectRef): string {
  return `projects/${encodeURIComponent(String(project))}`;
}

function resourceOf(path: string): string {
  const [, , resource] = (path.split('?')[0] ?? '').split('/');
  return path.startsWith('projects/') ? (resource ?? 'project') : 'token';
}

function nextLink(header: string | null): string | null {
  for (const part of (header ?? '').split(/,\s*(?=<)/)) {
    const found = /^<([^>]*)>(.*)$/.exec(part.trim());
    if (found?.[1] !== undefined && /;\s*rel="?next"?/.test(found[2] ?? '')) return found[1];
  }
  return null;
}

function badgeBody(content: BadgeContent): Record<string, string> {
  return { name: content.name, image_url: content.imageUrl, link_url: content.linkUrl };
}

function hookBody(settings: HookSettings): Record<string, unknown> {
  return {
    url: settings.url,
    name: 'Signalbox',
    ...(settings.token === undefined ? {} : { token: settings.token }),
    ...(settings.signingToken === undefined ? {} : { signing_token: settings.signingToken }),
    push_events: false,
    issues_events: true,
    confidential_issues_events: true,
    note_events: true,
    confidential_note_events: true,
    enable_ssl_verification: settings.sslVerification,
  };
}

function check<T extends z.ZodType>(schema: T, value: unknown, resource: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? '' : ` at /${issue.path.join('/')}: ${issue.message}`;
  throw new UpstreamError('server', `GitLab's ${resource} do not look as documented${where}.`, { retry: false });
}
