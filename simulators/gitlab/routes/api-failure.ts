/** An error answer of the API, with the body GitLab gives it. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, options: { headers?: Record<string, string>; cause?: unknown } = {}) {
    super(`${status}`, { cause: options.cause });
    this.status = status;
    this.body = body;
    this.headers = options.headers ?? {};
  }
}

export function json400(body: { error: string } | { message: unknown }): ApiFailure {
  return new ApiFailure(400, body);
}

export const unauthorized = (): ApiFailure => new ApiFailure(401, { message: '401 Unauthorized' });
export const forbidden = (): ApiFailure => new ApiFailure(403, { message: '403 Forbidden' });
export const notFound = (what: string): ApiFailure => new ApiFailure(404, { message: `404 ${what}` });
/** What GitLab says of a record that a query did not find. */
export const noRecord = (): ApiFailure => notFound('Not found');

export function tooManyRequests(): ApiFailure {
  return new ApiFailure(429, {
    message: { error: 'This endpoint has been requested too many times. Try again later.' },
  });
}
