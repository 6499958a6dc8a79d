import { UpstreamError, type UpstreamReason } from '../../../core/index.ts';
import type { Answer } from '../../egress/index.ts';
import type { Fault } from '../channel.ts';

/** Those with which a receiver says that it is too much or too early. */
const THROTTLED = [429, 502, 503, 504];
/** Those that are about what was sent, not about who gets it. */
const MESSAGE_REFUSED = [400, 413, 422];

/** Throws for every answer but 2xx. `final` are the statuses after which the same again makes no sense. */
export function requireTaken(answer: Answer, name: string, final: readonly number[]): void {
  const { status, excerpt, retryAfter } = answer;
  if (status >= 200 && status < 300) return;
  const said = excerpt === '' ? '' : ` It said: ${excerpt}`;
  const wait = retryAfter !== undefined && THROTTLED.includes(status) ? { retryAfter } : {};
  const retry = !final.includes(status);
  throw new UpstreamError(reasonOf(status), `${name} answered with ${status}.${said}`, { retry, status, ...wait });
}

function reasonOf(status: number): UpstreamReason {
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'server' : 'client';
}

export function faultOfAnswer({ retry, status }: UpstreamError): Fault {
  return !retry && status !== undefined && MESSAGE_REFUSED.includes(status) ? 'message' : 'target';
}
