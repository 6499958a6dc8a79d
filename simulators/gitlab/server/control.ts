import * as z from 'zod';
import type { HookSender } from '../webhooks/hook-sender.ts';
import type { GitlabWorld } from '../world.ts';
import { type Call, isForeign, json, matchPath, type Reply, segmentsOf } from './exchange.ts';
import type { FaultPlan } from './faults.ts';
import type { ApplicationLimits, RateLimit } from './rate-limits.ts';
import type { RequestLog } from './request-log.ts';

/** What the control API turns and reads. */
export interface ControlParts {
  world: GitlabWorld;
  hooks: HookSender;
  faults: FaultPlan;
  requests: RequestLog;
  rateLimit: RateLimit;
  limits: ApplicationLimits;
}

/** Where the control API is: outside of everything GitLab answers itself. */
export const CONTROL_PATH = '/-/simulator';

const scope = {
  method: z.string().optional(),
  path: z.string().optional(),
  skip: z.int().min(0).optional(),
  times: z.int().min(1).nullable().optional(),
  applied: z.boolean().optional(),
};
const NewFault = z.discriminatedUnion('kind', [
  z.strictObject({
    ...scope,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.int().optional(),
  }),
  z.strictObject({ ...scope, kind: z.literal('hang') }),
  z.strictObject({ ...scope, kind: z.literal('reset') }),
  z.strictObject({ ...scope, kind: z.literal('login_page') }),
  z.strictObject({ ...scope, kind: z.literal('truncate') }),
  z.strictObject({ ...scope, kind: z.literal('latency'), ms: z.int().min(0) }),
]);
const count = z.int().min(1).default(1);
const NewTrouble = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('lose'), count }),
  z.strictObject({ mode: z.literal('duplicate'), count }),
  z.strictObject({ mode: z.literal('hold'), count }),
  z.strictObject({ mode: z.literal('late'), count, delayMs: z.int().min(0) }),
]);
const Release = z.strictObject({ order: z.enum(['same', 'reverse']).default('same') });
const HookSettings = z.strictObject({ autoDisable: z.boolean().optional(), timeoutMs: z.int().min(1).optional() });
const ClockStep = z.strictObject({ stepMs: z.int() });
const NewRateLimit = z.strictObject({ limit: z.int().min(0), periodMs: z.int().min(1).optional() });

type Handle = (parts: ControlParts, call: Call, params: Record<string, string>) => unknown;

const ROUTES: readonly (readonly [method: string, path: string, handle: Handle])[] = [
  ['GET', '/', () => ({ routes: ROUTES.map(([method, path]) => `${method} ${CONTROL_PATH}${path}`) })],
  ['GET', '/requests', ({ requests }, call) => ({ requests: requests.list(requestFilter(call.url.searchParams)) })],
  ['GET', '/writes', ({ requests }) => requests.writes()],
  [
    'GET',
    '/deliveries',
    ({ hooks }) => ({ deliveries: hooks.history, suppressed: hooks.suppressed, held: hooks.held }),
  ],
  ['POST', '/reset', (parts) => reset(parts)],
  ['GET', '/faults', ({ faults }) => ({ faults: faults.list() })],
  ['POST', '/faults', ({ faults }, call) => ({ id: faults.add(NewFault.parse(bodyOf(call))) })],
  ['DELETE', '/faults', ({ faults }) => faults.clear()],
  ['DELETE', '/faults/:id', ({ faults }, _call, params) => faults.clear(Number(params['id']))],
  ['POST', '/hooks', ({ hooks }, call) => hooks.trouble(NewTrouble.parse(bodyOf(call)))],
  ['DELETE', '/hooks', ({ hooks }) => hooks.calm()],
  ['POST', '/hooks/release', ({ hooks }, call) => hooks.release(Release.parse(bodyOf(call)).order)],
  ['POST', '/hooks/idle', ({ hooks }) => hooks.idle()],
  ['PUT', '/hooks/settings', ({ hooks }, call) => setHooks(hooks, HookSettings.parse(bodyOf(call)))],
  ['GET', '/clock', ({ world }) => ({ now: world.now() })],
  ['POST', '/clock', ({ world }, call) => world.stepClock(ClockStep.parse(bodyOf(call)).stepMs)],
  ['PUT', '/rate-limit', ({ rateLimit }, call) => setRateLimit(rateLimit, NewRateLimit.parse(bodyOf(call)))],
];

/** Turns the screws of the simulator: faults, hooks, clock, limits, and what was received. */
export async function answerControl(parts: ControlParts, call: Call): Promise<Reply> {
  if (isForeign(call)) return json(403, { error: 'Another site sent this.' });
  const segments = segmentsOf(call.path.slice(CONTROL_PATH.length)) ?? [];
  for (const [method, path, handle] of ROUTES) {
    const params = matchPath(path, segments);
    if (params === null || method !== call.method) continue;
    try {
      return json(200, (await handle(parts, call, params)) ?? { done: true });
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
      throw error;
    }
  }
  return json(404, { error: `Nothing here. GET ${CONTROL_PATH} lists what there is.` });
}

function bodyOf(call: Call): unknown {
  const text = call.body.toString('utf8');
  const parsed = z.string().transform((value, context) => {
    try {
      return JSON.parse(value === '' ? '{}' : value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'The body is no JSON.' });
      return z.NEVER;
    }
  });
  return parsed.parse(text);
}

function requestFilter(query: URLSearchParams): { after: number; method?: string; path?: string } {
  const [method, path] = [query.get('method'), query.get('path')];
  return { after: Number(query.get('after') ?? 0), ...(method !== null && { method }), ...(path !== null && { path }) };
}

/** Forgets what was asked for and counted; the world stays as it is. */
function reset(parts: ControlParts): void {
  parts.faults.clear();
  parts.hooks.calm();
  parts.requests.reset();
  parts.rateLimit.reset();
  parts.limits.reset();
}

function setHooks(hooks: HookSender, settings: z.output<typeof HookSettings>): void {
  hooks.autoDisable = settings.autoDisable ?? hooks.autoDisable;
  hooks.timeoutMs = settings.timeoutMs ?? hooks.timeoutMs;
}

function setRateLimit(rateLimit: RateLimit, wanted: z.output<typeof NewRateLimit>): void {
  rateLimit.limit = wanted.limit;
  rateLimit.periodMs = wanted.periodMs ?? rateLimit.periodMs;
  rateLimit.reset();
}
