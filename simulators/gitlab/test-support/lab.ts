import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type Clock, toInstant } from '../../../src/core/index.ts';
import { type GitlabSimulator, type Project, startGitlabSimulator, type Token } from '../index.ts';

/** A clock that stands still until it is moved. */
export function handClock(start = '2025-11-20T06:12:44.000Z'): Clock & { step(milliseconds: number): void } {
  let now = Date.parse(start);
  return {
    now: () => toInstant(now),
    step(milliseconds) {
      now += milliseconds;
    },
  };
}

export interface Lab extends AsyncDisposable {
  gitlab: GitlabSimulator;
  project: Project;
  clock: ReturnType<typeof handClock>;
  maintainer: Token;
  /** A call to the API with the maintainer's token unless another is named. */
  api(path: string, options?: ApiOptions): Promise<ApiAnswer>;
}

interface ApiOptions {
  method?: string;
  body?: unknown;
  secret?: string | null;
  headers?: Record<string, string>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

/** One private project with a few labels, and a maintainer's token. */
export async function startLab(): Promise<Lab> {
  const clock = handClock();
  const gitlab = await startGitlabSimulator({ clock });
  const project = gitlab.world.addProject({ path: 'lab/instrument-desk', id: 301 });
  for (const title of ['CRITICAL', 'D:Alpha', 'D:Beta', 'Information']) gitlab.world.addLabel(project, { title });
  const maintainer = gitlab.world.addToken({ name: 'maintainer' });
  const api: Lab['api'] = async (path, options = {}) => {
    const secret = options.secret === undefined ? maintainer.secret : options.secret;
    const response = await fetch(`${gitlab.url}/api/v4${path}`, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      headers: {
        ...(secret !== null && { 'private-token': secret }),
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json' && text !== '';
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
  };
  return { gitlab, project, clock, maintainer, api, [Symbol.asyncDispose]: () => gitlab.close() };
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  received: Received[];
  /** Status of the next answers; null: no answer at all. */
  status: number | null;
}

/** Stands where the hooks go to. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Omit<Receiver, typeof Symbol.asyncDispose> = { url: '', received: [], status: 200 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      receiver.received.push({ headers: request.headers, body, path: request.url ?? '' });
      if (receiver.status === null) return;
      response.writeHead(receiver.status, { 'x-answer': 'receiver' });
      response.end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  receiver.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return Object.assign(receiver, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
