import { SECOND, UpstreamError, type UpstreamReason } from '../../core/index.ts';

/** Seconds after which GitLab wants to hear from us again, if it says so. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const until = Date.parse(value);
  const answered = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until) || Number.isNaN(answered)
    ? undefined
    : Math.max(0, Math.ceil((until - answered) / SECOND));
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'the token is unknown, expired or revoked; make a new one and put it into the configuration',
  403: 'the token may not do this; it needs the scope "api" and the role Maintainer in the project',
  404: 'there is no such thing, or the token may not see it; check the project and the token',
};

export function failureOf(what: string, answer: Response, text: string, token: string): UpstreamError {
  const { status } = answer;
  const reason = reasonOf(status);
  const retry = reason === 'server' || reason === 'rate_limited' || reason === 'timeout';
  const retryAfter = retry ? retryAfterSeconds(answer.headers) : undefined;
  const remedy = REMEDIES[status];
  const said = saidBy(text, token);
  const message = `GitLab answered ${what} with ${status}${said === '' ? '' : ` (${said})`}${remedy === undefined ? '' : `: ${remedy}`}.`;
  return new UpstreamError(reason, message, { retry, status, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

export function unreachable(what: string, cause: unknown, timedOut: boolean): UpstreamError {
  if (timedOut) return new UpstreamError('timeout', `GitLab did not answer ${what} in time.`, { retry: true, cause });
  return new UpstreamError(
    'unreachable',
    `GitLab cannot be reached for ${what}${codeOf(cause)}: check its address, and whether this machine may reach it.`,
    {
      retry: true,
      cause,
    },
  );
}

function codeOf(cause: unknown): string {
  const inner: unknown = cause instanceof Error ? cause.cause : undefined;
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return '';
  return typeof inner.code === 'string' ? ` (${inner.code})` : '';
}

function reasonOf(status: number): UpstreamReason {
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'server' : 'client';
}

/** GitLab's own words, short and in one line. Its error pages and anything that looks like our token stay out. */
function saidBy(text: string, token: string): string {
  if (text.trimStart().startsWith('<')) return '';
  let said: unknown = text;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) {
      const { message, error, error_description: description } = body as Record<string, unknown>;
      said = description ?? message ?? error ?? '';
    }
  } catch {
    // Plain text, such as "Retry later".
  }
  const line = (typeof said === 'string' ? said : JSON.stringify(said)).replace(/[\s\p{C}]+/gu, ' ').trim();
  return (token === '' ? line : line.replaceAll(token, '…')).slice(0, 160);
}
