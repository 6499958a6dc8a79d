import { type Clock, SECOND, toMs, UpstreamError, type UpstreamReason } from '../../core/index.ts';
import { failureOf, retryAfterSeconds, unreachable } from './failure.ts';

export interface GitLabCall {
  method: Method;
  /** `labels`, `issues`, `badges`, …: a metric label. */
  resource: string;
  outcome: 'ok' | UpstreamReason;
  seconds: number;
}

export interface GitLabOptions {
  /** Address of the instance, without `/api/v4`. */
  url: string;
  token: string;
  clock: Clock;
  /** Time one request may take, body included. */
  timeoutMs?: number;
  /** How often one call is tried again. */
  retries?: number;
  /** The longest pause that is taken inside a call; a longer one is left to the caller. */
  maxPauseMs?: number;
  pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  random?: () => number;
  onCall?: (call: GitLabCall) => void;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Request {
  method: Method;
  /** Address under `/api/v4`, or an absolute one that GitLab gave us for paging. */
  path: string;
  resource: string;
  body?: Readonly<Record<string, unknown>>;
  signal?: AbortSignal | undefined;
}

export interface Response {
  status: number;
  headers: Headers;
  json: unknown;
}

const MAX_BODY = 64 * 1024 * 1024;
const REDIRECTS = 3;

/** One instance's HTTP: timeouts, limits, retries. Knows nothing of what is asked. */
export class Transport {
  readonly base: URL;
  readonly #options: Required<Omit<GitLabOptions, 'url' | 'onCall'>> & Pick<GitLabOptions, 'onCall'>;
  /** Set by a rate limit: no request before this moment. */
  #notBefore = 0;

  constructor(options: GitLabOptions) {
    this.base = new URL(`${options.url.replace(/\/+$/, '')}/api/v4/`);
    this.#options = {
      timeoutMs: 10 * SECOND,
      retries: 3,
      maxPauseMs: 30 * SECOND,
      pause,
      random: Math.random,
      ...options,
    };
  }

  async send(request: Request): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      await this.#awaitLimit(request.signal);
      try {
        return await this.#once(request);
      } catch (error) {
        if (!(error instanceof UpstreamError) || !this.#mayRepeat(request, error) || attempt >= this.#options.retries) {
          throw error;
        }
        const wait = error.retryAfter === undefined ? this.#backoff(attempt) : error.retryAfter * SECOND;
        if (wait > this.#options.maxPauseMs) throw error;
        await this.#options.pause(wait, request.signal);
      }
    }
  }

  /** The address of a request, refused when it would carry the token to another host. */
  resolve(path: string): URL {
    const url = new URL(path.replace(/^\//, ''), this.base);
    if (url.origin === this.base.origin && url.pathname.startsWith(this.base.pathname)) return url;
    throw new UpstreamError(
      'client',
      `GitLab sent us on to ${url.origin}, which is not the configured ${this.base.origin}: set the integration's url to the address GitLab calls itself (external_url).`,
      { retry: false },
    );
  }

  /** A refused POST may be sent again; one that broke off may have been done, so only its caller can tell. */
  #mayRepeat(request: Request, error: UpstreamError): boolean {
    return error.retry && (request.method !== 'POST' || error.reason === 'rate_limited');
  }

  #backoff(attempt: number): number {
    return 500 * 2 ** attempt * (0.5 + this.#options.random());
  }

  async #awaitLimit(signal: AbortSignal | undefined): Promise<void> {
    const wait = this.#notBefore - toMs(this.#options.clock.now());
    if (wait <= 0) return;
    if (wait > this.#options.maxPauseMs) {
      throw new UpstreamError('rate_limited', 'GitLab asked for a pause that is not over yet.', {
        retry: true,
        retryAfter: Math.ceil(wait / SECOND),
      });
    }
    await this.#options.pause(wait, signal);
  }

  async #once(request: Request): Promise<Response> {
    const started = performance.now();
    let outcome: GitLabCall['outcome'] = 'ok';
    try {
      return await this.#exchange(request);
    } catch (error) {
      outcome = error instanceof UpstreamError ? error.reason : 'client';
      throw error;
    } finally {
      const { method, resource } = request;
      this.#options.onCall?.({ method, resource, outcome, seconds: (performance.now() - started) / SECOND });
    }
  }

  async #exchange(request: Request): Promise<Response> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    const what = `${request.method} ${request.resource}`;
    try {
      const answer = await this.#fetch(request, signal);
      this.#noteLimits(answer.headers);
      const text = await readLimited(answer, what);
      if (!answer.ok) throw failureOf(what, answer, text, this.#options.token);
      return { status: answer.status, headers: answer.headers, json: parseJson(what, answer, text) };
    } catch (error) {
      throw error instanceof UpstreamError ? error : unreachable(what, error, timeout.aborted);
    }
  }

  async #fetch(request: Request, signal: AbortSignal): Promise<globalThis.Response> {
    let url = this.resolve(request.path);
    for (let hop = 0; hop <= REDIRECTS; hop += 1) {
      const answer = await fetch(url, {
        method: request.method,
        redirect: 'manual',
        signal,
        headers: {
          accept: 'application/json',
          'user-agent': 'signalbox',
          'private-token': this.#options.token,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || location === null || request.method !== 'GET') return answer;
      await answer.body?.cancel();
      // A moved project answers with its new place.
      url = this.resolve(new URL(location, url).href);
    }
    throw new UpstreamError('client', `GitLab redirected ${request.resource} in a circle.`, { retry: false });
  }

  #noteLimits(headers: Headers): void {
    const exhausted = headers.get('ratelimit-remaining') === '0';
    const seconds = retryAfterSeconds(headers) ?? (exhausted ? secondsToReset(headers) : undefined);
    if (seconds !== undefined) this.#notBefore = toMs(this.#options.clock.now()) + seconds * SECOND;
  }
}

/** `RateLimit-Reset` is in GitLab's time, so it is compared with the time of the same answer. */
function secondsToReset(headers: Headers): number | undefined {
  const reset = Number(headers.get('ratelimit-reset') ?? Number.NaN);
  const answered = Date.parse(headers.get('date') ?? '') / SECOND;
  return Number.isNaN(reset) || Number.isNaN(answered) ? undefined : Math.max(0, Math.ceil(reset - answered));
}

async function readLimited(answer: globalThis.Response, what: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (answer.body === null) return '';
  const body: AsyncIterable<Uint8Array> = answer.body;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY)
      throw new UpstreamError('client', `GitLab's answer to ${what} is larger than 64 MB.`, { retry: false });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(what: string, answer: globalThis.Response, text: string): unknown {
  if (answer.status === 204 || text === '') return null;
  try {
    if (!text.trimStart().startsWith('<')) return JSON.parse(text);
  } catch {
    throw new UpstreamError('server', `GitLab's answer to ${what} is not JSON.`, {
      retry: true,
      status: answer.status,
    });
  }
  throw new UpstreamError(
    'auth',
    `${what} was answered with a web page instead of data: check that url is GitLab's own address and that no sign-in page stands before its API.`,
    { retry: false, status: answer.status },
  );
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(new UpstreamError('timeout', 'Stopped while waiting for GitLab.', { retry: true }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}
