/** The closed list of things that can be wrong with a request; docs/errors.md explains each. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One mistake in an input: where it stands (JSON Pointer), what is wrong, what would be right. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** What people are told of in their own language, where the code alone says too little. */
export type SpecialCase =
  | { kind: 'role'; role: string }
  | { kind: 'method'; method: string; allowed: readonly string[] }
  | { kind: 'key_reused' }
  | { kind: 'gone' };

/** An error the caller can act on. Anything else that is thrown is a bug and answered with 500. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  /** Seconds after which trying again makes sense; only with `limit` and `unavailable`. */
  readonly retryAfter: number | undefined;
  readonly special: SpecialCase | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { fields?: readonly FieldError[]; retryAfter?: number; special?: SpecialCase; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfter = options.retryAfter;
    this.special = options.special;
  }
}

/** Why an outside system failed us: a metric label, and what decides between retry and giving up. */
export type UpstreamReason = 'auth' | 'rate_limited' | 'client' | 'server' | 'timeout' | 'unreachable';

/** Thrown by connectors and channels. The message never holds a secret or a URL with credentials. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly reason: UpstreamReason;
  readonly retry: boolean;
  /** Seconds the other side asked us to wait, if it did. */
  readonly retryAfter: number | undefined;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(
    reason: UpstreamReason,
    message: string,
    options: { retry: boolean; retryAfter?: number; status?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.retry = options.retry;
    this.retryAfter = options.retryAfter;
    this.status = options.status;
  }
}
