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
}

/**
 * Looks whether GitLab can still tell us things: is the hook there, enabled and complete, and how long does the token
 * last. A hook that GitLab has disabled is sent a test event, which enables it again when we answer well.
 */
export async function checkHealth(
  gitlab: GitLab,
  subject: HookSubject,
  now: Instant,
  signal?: AbortSignal,
): Promise<Health> {
  const hook = await checkHook(gitlab, subject, signal);
  const token = await checkToken(gitlab, now, signal);
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
    if (status === null || status === 'executable') return { ...seen, problem: hasAllEvents(hook) ? null : 'events' };
    const lastAnswer = await lastAnswerOf(gitlab, subject.gitlabId, hook, signal);
    const revived = await revive(gitlab, subject.gitlabId, hook, signal);
    return { ...seen, lastAnswer, problem: revived ? null : 'disabled' };
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

async function lastAnswerOf(
  gitlab: GitLab,
  project: number,
  hook: Hook,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const [last] = await gitlab.hookEvents(project, hook.id, signal);
  return last?.response_status === null || last?.response_status === undefined ? null : String(last.response_status);
}

async function revive(gitlab: GitLab, project: number, hook: Hook, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await gitlab.testHook(project, hook.id, signal);
    const after = (await gitlab.hooks(project, signal)).find(({ id }) => id === hook.id);
    return after?.alert_status === 'executable';
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return false;
  }
}

export function hasAllEvents(hook: Hook): boolean {
  const wanted = [hook.issues_events, hook.confidential_issues_events, hook.note_events, hook.confidential_note_events];
  return wanted.every((enabled) => enabled !== false);
}

async function checkToken(gitlab: GitLab, now: Instant, signal: AbortSignal | undefined): Promise<Health['token']> {
  try {
    return tokenHealth(await gitlab.tokenSelf(signal), now);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { expiresAt: null, problem: 'unreadable' };
  }
}

export function tokenHealth(token: TokenSelf, now: Instant): Health['token'] {
  const expiresAt = token.expires_at ?? null;
  if (expiresAt !== null && toMs(`${expiresAt}T00:00:00.000Z`) - toMs(now) < WARN_BEFORE) {
    return { expiresAt, problem: 'expiring' };
  }
  return { expiresAt, problem: token.scopes.includes('api') || token.scopes.includes('read_api') ? null : 'scopes' };
}
