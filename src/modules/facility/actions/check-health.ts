import type { GitLab, Hook, TokenSelf } from '../../../connectors/gitlab/index.ts';
import { DAY, type Instant, toMs, UpstreamError } from '../../../core/index.ts';
import type { Health } from '../store/project-store.ts';

const WARN_BEFORE = 14 * DAY;

/** Where GitLab sends the events of one integration. */
export function hookAddress(publicUrl: string, integration: string): string {
  return `${publicUrl}/hooks/gitlab/${integration}`;
}

interface HookSubject {
  gitlabId: number;
  integration: string;
  address: string;
  /** Whether we can recognise the hook's deliveries. */
  hasSecret: boolean;
  /** Whether we write badges, which needs more of the token. */
  badges: boolean;
}

/**
 * Looks whether GitLab can still tell us things: is the hook there, enabled, answered well and complete, and what may the
 * token do for how long. A hook that GitLab has disabled or that failed last is sent a test event: answered well, it is
 * enabled again, and the failure is over.
 */
export async function checkHealth(
  gitlab: GitLab,
  subject: HookSubject,
  now: Instant,
  signal?: AbortSignal,
): Promise<Health> {
  const hook = await checkHook(gitlab, subject, signal);
  const token = await checkToken(gitlab, { now, badges: subject.badges }, signal);
  return { hook, token };
}

const UNSEEN = { status: null, disabledUntil: null, lastAnswer: null };

async function checkHook(
  gitlab: GitLab,
  subject: HookSubject,
  signal: AbortSignal | undefined,
): Promise<Health['hook']> {
  if (!subject.hasSecret) return { ...UNSEEN, problem: 'no_secret' };
  try {
    const hook = await findHook(gitlab, subject, signal);
    if (hook === undefined) return { ...UNSEEN, problem: 'missing' };
    const status = hook.alert_status ?? null;
    const disabledUntil = hook.disabled_until ?? null;
    const seen = { ...UNSEEN, status, disabledUntil };
    const enabled = status === null || status === 'executable';
    // Self-managed instances disable no hook by default: what it was answered last tells more than its status.
    const lastAnswer = await lastAnswerOf(gitlab, subject.gitlabId, hook, signal);
    if (enabled && (lastAnswer === null || isGood(lastAnswer))) return { ...seen, problem: shortcoming(hook, subject) };
    const revived = await revive(gitlab, subject.gitlabId, hook, signal);
    if (revived) return { ...seen, lastAnswer, problem: shortcoming(hook, subject) };
    return { ...seen, lastAnswer, problem: enabled ? 'failing' : 'disabled' };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { ...UNSEEN, problem: 'unreadable' };
  }
}

export async function findHook(
  gitlab: GitLab,
  subject: Pick<HookSubject, 'gitlabId' | 'integration' | 'address'>,
  signal?: AbortSignal,
): Promise<Hook | undefined> {
  const hooks = await gitlab.hooks(subject.gitlabId, signal);
  return hooks.find(({ url }) => url === subject.address) ?? hooks.find(({ url }) => isPath(url, subject.integration));
}

/** The part before the path may be one of GitLab's URL variables, which it does not tell. */
function isPath(url: string, integration: string): boolean {
  return url.endsWith(`/hooks/gitlab/${integration}`);
}

/** Null: nothing was sent lately, or this GitLab is too old to tell. */
async function lastAnswerOf(
  gitlab: GitLab,
  project: number,
  hook: Hook,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    const [last] = await gitlab.hookEvents(project, hook.id, signal);
    return last?.response_status === null || last?.response_status === undefined ? null : String(last.response_status);
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return null;
    throw error;
  }
}

function isGood(answer: string): boolean {
  return /^2\d\d$/.test(answer);
}

/** What a hook that works still lacks. */
function shortcoming(hook: Hook, subject: HookSubject): string | null {
  if (!hasAllEvents(hook)) return 'events';
  return hook.enable_ssl_verification === false && subject.address.startsWith('https:') ? 'unverified' : null;
}

async function revive(gitlab: GitLab, project: number, hook: Hook, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await gitlab.testHook(project, hook.id, signal);
    const after = (await gitlab.hooks(project, signal)).find(({ id }) => id === hook.id);
    return after !== undefined && (after.alert_status ?? 'executable') === 'executable';
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return false;
  }
}

export function hasAllEvents(hook: Hook): boolean {
  const wanted = [hook.issues_events, hook.confidential_issues_events, hook.note_events, hook.confidential_note_events];
  return wanted.every((enabled) => enabled !== false);
}

async function checkToken(gitlab: GitLab, need: TokenNeed, signal: AbortSignal | undefined): Promise<Health['token']> {
  try {
    return tokenHealth(await gitlab.tokenSelf(signal), need);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { expiresAt: null, problem: 'unreadable' };
  }
}

interface TokenNeed {
  now: Instant;
  badges: boolean;
}

export function tokenHealth(token: TokenSelf, { now, badges }: TokenNeed): Health['token'] {
  const expiresAt = token.expires_at ?? null;
  if (expiresAt !== null && endOf(expiresAt) - toMs(now) < WARN_BEFORE) return { expiresAt, problem: 'expiring' };
  const suffices = token.scopes.includes('api') || (!badges && token.scopes.includes('read_api'));
  return { expiresAt, problem: suffices ? null : 'scopes' };
}

/** A token ends as its last day begins, at 00:00 UTC. */
export function endOf(expiresAt: string): number {
  return toMs(`${expiresAt}T00:00:00.000Z`);
}
