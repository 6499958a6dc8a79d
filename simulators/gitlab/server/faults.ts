import type { Call, Reply } from './exchange.ts';

interface FaultScope {
  /** Default: any. */
  method?: string | undefined;
  /** Path with `*` for any text, without the query. Default: `/api/v4/*`. */
  path?: string | undefined;
  /** Lets so many matching requests pass first. */
  skip?: number | undefined;
  /** How many requests it hits; null or absent: all of them until cleared. */
  times?: number | null | undefined;
  /** The request is carried out and only its answer is replaced or lost. */
  applied?: boolean | undefined;
}

export type FaultEffect =
  /** An error answer: GitLab's own words for 429, a proxy's for 5xx. */
  | { kind: 'status'; status: number; retryAfter?: number | undefined }
  /** No answer, ever. */
  | { kind: 'hang' }
  /** The connection is cut. */
  | { kind: 'reset' }
  /** What a single sign-on in front of GitLab sends when the session is over: a page with 200. */
  | { kind: 'login_page' }
  /** The answer breaks off in the middle of its body. */
  | { kind: 'truncate' }
  /** The answer comes so much later. */
  | { kind: 'latency'; ms: number };

export type Fault = FaultScope & FaultEffect;

/** What the next request has to suffer. */
export interface Verdict {
  delayMs: number;
  fault: Fault | null;
}

interface Planned {
  id: number;
  fault: Fault;
  pattern: RegExp;
  skip: number;
  left: number;
}

/** The faults that were asked for, each used up by the requests it hits. */
export class FaultPlan {
  #planned: Planned[] = [];
  #nextId = 1;

  add(fault: Fault): number {
    const planned = {
      id: this.#nextId++,
      fault,
      pattern: globPattern(fault.path ?? '/api/v4/*'),
      skip: fault.skip ?? 0,
      left: fault.times ?? Number.POSITIVE_INFINITY,
    };
    this.#planned.push(planned);
    return planned.id;
  }

  /** Without an id: all of them. */
  clear(id?: number): void {
    this.#planned = id === undefined ? [] : this.#planned.filter((planned) => planned.id !== id);
  }

  list(): { id: number; fault: Fault; hitsLeft: number | null }[] {
    return this.#planned.map(({ id, fault, left }) => ({ id, fault, hitsLeft: Number.isFinite(left) ? left : null }));
  }

  /** Latencies add up; of the others the first that matches hits. */
  judge(call: Pick<Call, 'method' | 'path'>): Verdict {
    const verdict: Verdict = { delayMs: 0, fault: null };
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (fault.kind !== 'latency' && verdict.fault !== null) continue;
      if (!matches(planned, call)) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.left -= 1;
      if (fault.kind === 'latency') verdict.delayMs += fault.ms;
      else verdict.fault = fault;
    }
    this.#planned = this.#planned.filter((planned) => planned.left > 0);
    return verdict;
  }
}

function matches(planned: Planned, call: Pick<Call, 'method' | 'path'>): boolean {
  const { method } = planned.fault;
  return (method === undefined || method.toUpperCase() === call.method) && planned.pattern.test(call.path);
}

function globPattern(path: string): RegExp {
  const parts = path.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** The answer of a fault that answers. */
export function faultReply(fault: Fault): Reply | null {
  if (fault.kind === 'login_page') {
    const body = '<!DOCTYPE html><html lang="en"><title>Sign in</title><h1>Sign in to continue</h1></html>';
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
  }
  if (fault.kind !== 'status') return null;
  const retry = fault.retryAfter === undefined ? undefined : { 'retry-after': String(fault.retryAfter) };
  if (fault.status === 429) {
    return {
      status: 429,
      headers: { 'content-type': 'text/plain', 'retry-after': '1', ...retry },
      body: 'Retry later',
    };
  }
  const body =
    fault.status >= 500
      ? `<html><title>${fault.status}</title></html>`
      : JSON.stringify({ message: `${fault.status}` });
  const type = fault.status >= 500 ? 'text/html' : 'application/json';
  return { status: fault.status, headers: { 'content-type': type, ...retry }, body };
}
