import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UpstreamError } from '../../../core/index.ts';
import { createEgress, type Egress } from '../../egress/index.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers from now on. */
  answer(status: number, headers?: Record<string, string>, body?: string): void;
  close(): Promise<void>;
}

/** A real HTTP server that keeps what it gets. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let next = { status: 200, headers: {} as Record<string, string>, body: 'ok' };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(next.status, next.headers).end(next.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (status, headers = {}, body = '') => {
      next = { status, headers, body };
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** The guard as it stands in production, with the machine of the tests as an exception. */
export function testEgress(allow: readonly string[] = ['127.0.0.1']): Egress {
  const config = { allow: [...allow], allow_http: true };
  return createEgress({ config: () => config, clock: { now: () => '2026-10-01T12:00:00.000Z' } });
}

export async function failureOf(sending: Promise<void>): Promise<UpstreamError> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) assert.fail(`expected an UpstreamError, not ${String(error)}`);
  return error;
}
