import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebMessage {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebReceiver extends AsyncDisposable {
  url: string;
  received: WebMessage[];
  /** What it answers from now on; 0: it takes the request and hangs up. */
  answer(status: number, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

/** A real HTTP server on the other side of a webhook. */
export async function startWebReceiver(): Promise<WebReceiver> {
  const received: WebMessage[] = [];
  let next = { status: 200, headers: {} as Record<string, string> };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      if (next.status === 0) request.socket.destroy();
      else response.writeHead(next.status, next.headers).end('answer');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (status, headers = {}) => {
      next = { status, headers };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Whether a message is signed with this secret, checked as a receiver would by Standard Webhooks 1.0. */
export function isSigned({ headers, body }: WebMessage, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
  const wanted = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${wanted}`);
}
