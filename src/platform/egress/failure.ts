import { UpstreamError, type UpstreamReason } from '../../core/index.ts';
import { egressMessages } from './messages.ts';
import type { Refusal, Target } from './parse-address.ts';

/** The address as it stands will never be asked. */
export function refused(refusal: Refusal): UpstreamError {
  const words = egressMessages('en');
  const message = `The address was refused: it ${words[refusal]}. ${words[`${refusal}Remedy`]}`;
  return new UpstreamError('client', message, { retry: false });
}

/** DNS says so now and may say something else later, so this is no reason to give the address up. */
export function leadsInside(target: Target): UpstreamError {
  const message = `${placeOf(target)} was refused: its name leads to this machine or into a private network. Who runs this installation can permit it in egress.allow.`;
  return new UpstreamError('client', message, { retry: true });
}

export function redirected(target: Target, status: number): UpstreamError {
  const message = `${placeOf(target)} answered with ${status}, a redirect, which is not followed: use the address it leads to.`;
  return new UpstreamError('client', message, { retry: true, status });
}

export function tooLate(target: Target): UpstreamError {
  return new UpstreamError('timeout', `${placeOf(target)} did not answer in time.`, { retry: true });
}

export function stopped(target: Target): UpstreamError {
  return new UpstreamError('timeout', `The request to ${placeOf(target)} was stopped.`, { retry: true });
}

export function unresolved(target: Target): UpstreamError {
  return new UpstreamError('unreachable', `The name of ${placeOf(target)} cannot be resolved.`, { retry: true });
}

/** The system's error names the address that was tried, so it is neither quoted nor kept as the cause. */
export function notSent(target: Target, error: unknown): UpstreamError {
  const code = codeOf(error);
  const { reason, retry, what } = verdict(code);
  const detail = code === '' ? '' : ` (${code})`;
  return new UpstreamError(reason, `${placeOf(target)} ${what}${detail}.`, { retry });
}

function verdict(code: string): { reason: UpstreamReason; retry: boolean; what: string } {
  if (/^ERR_(INVALID|HTTP_INVALID|UNESCAPED)/.test(code)) {
    return { reason: 'client', retry: false, what: 'cannot be asked: the request is not valid' };
  }
  if (/CERT|ISSUER|SIGNATURE|ALTNAME|SELF_SIGNED|SSL|TLS|EPROTO/.test(code)) {
    return {
      reason: 'unreachable',
      retry: true,
      what: 'has no certificate that is trusted for its name, or speaks no TLS; see egress.ca_file',
    };
  }
  if (code.startsWith('HPE_')) return { reason: 'server', retry: true, what: 'answered something that is not HTTP' };
  return { reason: 'unreachable', retry: true, what: 'cannot be reached, or hung up' };
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' && /^[A-Z0-9_]{2,60}$/.test(error.code) ? error.code : '';
}

/** A name that somebody typed is no secret; the path often is, and an IP address tells of the network. */
function placeOf({ ip, host }: Target): string {
  return ip === null ? host : 'The address';
}
