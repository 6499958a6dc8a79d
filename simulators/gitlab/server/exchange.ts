import type { IncomingMessage } from 'node:http';

/** One request, read whole. */
export interface Call {
  method: string;
  url: URL;
  /** Path as it came, still percent-encoded. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** GitLab's own limit for a request to its API. */
const BODY_LIMIT = 25 * 1024 * 1024;

/** null: the body is larger than GitLab takes. */
export async function readCall(request: IncomingMessage): Promise<Call | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  const target = request.url ?? '/';
  const url = new URL(target.startsWith('/') ? `http://simulator${target}` : target, 'http://simulator');
  return {
    method: request.method ?? 'GET',
    url,
    path: url.pathname,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function page(status: number, markup: { toString(): string }): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: String(markup) };
}

/** Parts of a path, each decoded; an encoded slash stays inside its part. null: not decodable. */
export function segmentsOf(path: string): string[] | null {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Values of the `:names` of a pattern such as `/projects/:id/issues/:iid`, or null when the path is another. */
export function matchPath(pattern: string, segments: readonly string[]): Record<string, string> | null {
  const wanted = pattern.split('/').filter((part) => part !== '');
  if (wanted.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** A browser says that a page of another site sent this. */
export function isForeign(call: Call): boolean {
  const site = call.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
