import type { Language } from '../i18n/index.ts';
import type { AddressProblem } from './address-problem.ts';
import type { Answer } from './answer.ts';

export interface EgressRequest {
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** Time for all of it: resolving, connecting, sending, reading. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** The one door to addresses that visitors or administrators typed. */
export interface Egress {
  /**
   * What the other side answered, whatever its status; redirects and everything that is no answer are thrown as
   * UpstreamError. The address is checked anew at each call.
   */
  post(address: string, request: EgressRequest): Promise<Answer>;
  /** What is wrong with an address that can be told without asking anybody; null: nothing. */
  checkAddress(address: string, form: { field: string; language: Language }): AddressProblem | null;
  /** True when the operator named the host of this address in `egress.allow`. */
  isExcepted(address: string): boolean;
}
