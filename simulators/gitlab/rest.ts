import { createHash } from 'node:crypto';
import type { Token, TokenScope } from './model.ts';
import type { Api, Route } from './routes/api.ts';
import { ApiFailure, unauthorized } from './routes/api-failure.ts';
import { badgeRoutes } from './routes/badge-routes.ts';
import { hookRoutes } from './routes/hook-routes.ts';
import { Input } from './routes/input.ts';
import { issueRoutes } from './routes/issue-routes.ts';
import { labelRoutes } from './routes/label-routes.ts';
import { projectRoutes } from './routes/project-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { type Call, json, matchPath, type Reply, segmentsOf } from './server/exchange.ts';
import type { ApplicationLimits, RateLimit } from './server/rate-limits.ts';
import type { HookSender } from './webhooks/hook-sender.ts';
import type { GitlabWorld } from './world.ts';

export interface RestParts {
  world: GitlabWorld;
  hooks: HookSender;
  rateLimit: RateLimit;
  limits: ApplicationLimits;
}

const ROUTES: readonly Route[] = [
  ...projectRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...badgeRoutes,
  ...hookRoutes,
  ...tokenRoutes,
];

/** Answers everything under `/api/v4`, as GitLab would. */
export async function answerApi(parts: RestParts, call: Call): Promise<Reply> {
  const token = callerOf(parts.world, call);
  const limit = rateHeaders(parts, token);
  if (limit.refusal !== null) return limit.refusal;
  const reply = await answerOrRefuse(parts, call, token);
  const finished = call.method === 'GET' ? conditional(call, reply) : reply;
  return { ...finished, headers: { ...limit.headers, ...finished.headers } };
}

async function answerOrRefuse(parts: RestParts, call: Call, token: Token | null): Promise<Reply> {
  try {
    if (secretOf(call) !== null) checkToken(parts.world, token);
    return await route(parts, call, token);
  } catch (error) {
    if (error instanceof ApiFailure) return json(error.status, error.body, error.headers);
    throw error;
  }
}

async function route(parts: RestParts, call: Call, token: Token | null): Promise<Reply> {
  const segments = segmentsOf(call.path)?.slice(2);
  if (segments === undefined) throw new ApiFailure(400, { error: 'Bad Request' });
  const method = call.method === 'HEAD' ? 'GET' : call.method;
  let otherMethod = false;
  for (const candidate of ROUTES) {
    const params = matchPath(candidate.path, segments);
    if (params === null) continue;
    otherMethod = true;
    if (candidate.method !== method) continue;
    checkScope(candidate.scope, token);
    const { world, hooks, limits } = parts;
    const api: Api = { world, hooks, limits, url: call.url, params, input: new Input(call), token };
    return candidate.handle(api);
  }
  throw otherMethod
    ? new ApiFailure(405, { error: '405 Not Allowed' })
    : new ApiFailure(404, { error: '404 Not Found' });
}

/** Whose token a request carries, whatever it is still good for. */
export function callerOf(world: GitlabWorld, call: Call): Token | null {
  const presented = secretOf(call);
  return world.tokens.find(({ secret }) => secret === presented) ?? null;
}

function secretOf(call: Call): string | null {
  const header = call.headers['private-token'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
  return bearer ?? call.url.searchParams.get('private_token');
}

function checkToken(world: GitlabWorld, token: Token | null): void {
  if (token === null) throw unauthorized();
  if (token.revoked) {
    const description = 'Token was revoked. You have to re-authorize from the user.';
    throw new ApiFailure(401, { error: 'invalid_token', error_description: description });
  }
  if (token.expiresAt !== null && world.now() >= `${token.expiresAt}T00:00:00.000Z`) {
    const description = 'Token is expired. You can either do re-authorization or token refresh.';
    throw new ApiFailure(401, { error: 'invalid_token', error_description: description });
  }
  token.lastUsedAt = world.now();
}

const SCOPES_FOR: Readonly<Record<'anyone' | 'read' | 'write', readonly TokenScope[]>> = {
  anyone: ['api', 'read_api'],
  read: ['api', 'read_api'],
  write: ['api'],
};

function checkScope(scope: Route['scope'], token: Token | null): void {
  if (token === null) {
    if (scope === 'anyone') return;
    throw unauthorized();
  }
  if (scope === 'self' || SCOPES_FOR[scope].some((wanted) => token.scopes.includes(wanted))) return;
  throw new ApiFailure(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: SCOPES_FOR[scope].join(' '),
  });
}

function rateHeaders(parts: RestParts, token: Token | null) {
  const { world, rateLimit } = parts;
  const name = token === null ? 'throttle_unauthenticated_api' : 'throttle_authenticated_api';
  const caller = token === null ? 'nobody' : `user ${token.user.id}`;
  const { observed, remaining, resetsAt, exceeded } = rateLimit.take(caller, world.nowMs());
  const headers: Record<string, string> = {
    'ratelimit-limit': String(rateLimit.limit),
    'ratelimit-name': name,
    'ratelimit-observed': String(observed),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(resetsAt / 1000)),
  };
  if (!exceeded) return { headers, refusal: null };
  const refusal: Reply = {
    status: 429,
    headers: {
      ...headers,
      'content-type': 'text/plain',
      'ratelimit-resettime': new Date(resetsAt).toUTCString(),
      'retry-after': String(Math.max(1, Math.ceil((resetsAt - world.nowMs()) / 1000))),
    },
    body: 'Retry later',
  };
  return { headers, refusal };
}

/** A weak ETag on what was read, and 304 for who has it already. */
function conditional(call: Call, reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const etag = `W/"${createHash('md5').update(reply.body).digest('hex')}"`;
  const headers = { ...reply.headers, etag, 'cache-control': 'max-age=0, private, must-revalidate', vary: 'Origin' };
  const known = call.headers['if-none-match']?.split(',').map((tag) => tag.trim()) ?? [];
  return known.includes(etag) ? { status: 304, headers, body: '' } : { ...reply, headers };
}
