import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HookAnswer {
  status: number | null;
  headers: Record<string, string>;
  body: string;
  error: string | null;
  seconds: number;
}

/** GitLab keeps the beginning of an answer for its history and does not care for the rest. */
const KEPT_BODY = 8192;

/** One POST, one connection, no redirect followed. Never rejects: every outcome is an answer for the history. */
export function postHook(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const { promise, resolve } = Promise.withResolvers<HookAnswer>();
  const startedAt = performance.now();
  const finish = (answer: Omit<HookAnswer, 'seconds'>) =>
    resolve({ ...answer, seconds: Math.round(performance.now() - startedAt) / 1000 });
  const fail = (error: Error) => finish({ status: null, headers: {}, body: '', error: error.message });
  if (!URL.canParse(url)) {
    fail(new Error('URL is invalid'));
    return promise;
  }
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const length = String(Buffer.byteLength(body));
  const request = open(url, {
    method: 'POST',
    headers: { ...headers, 'Content-Length': length },
    agent: false,
    signal,
  });
  request.on('error', fail);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      if (text.length < KEPT_BODY) text = (text + chunk).slice(0, KEPT_BODY);
    });
    response.on('error', fail);
    response.on('end', () => {
      const known = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
      finish({ status: response.statusCode ?? null, headers: Object.fromEntries(known), body: text, error: null });
    });
  });
  request.end(body);
  return promise;
}
