import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { RawAnswer } from './answer.ts';

export interface PinnedRequest {
  url: URL;
  /** The checked addresses: the connection goes to one of them, and nobody is asked again. */
  addresses: readonly string[];
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  /** Certificates that are trusted; undefined: the usual ones. */
  ca: readonly string[] | undefined;
  signal: AbortSignal;
}

const MAX_BODY = 16 * 1024;

/** One POST on a connection of its own. The name in the URL stays what Host, SNI and the certificate are about. */
export function sendPinned(pinned: PinnedRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const outgoing = open(pinned);
  let answered = false;
  outgoing.on('response', (incoming) => {
    answered = true;
    // The status is the answer. Whatever becomes of the body, what it was about has been taken or refused.
    readBody(incoming, (body) => {
      outgoing.destroy();
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
    });
  });
  const fail = (error: Error): void => {
    if (!answered) reject(error);
  };
  outgoing.on('error', fail);
  // An answer that wants another protocol (101) ends without an error and without a response.
  outgoing.on('close', () => fail(new Error('The connection was closed without an answer.')));
  outgoing.end(pinned.body);
  return promise;
}

function open({ url, addresses, headers, body, ca, signal }: PinnedRequest): ClientRequest {
  const options: RequestOptions & { ca?: string[] } = {
    method: 'POST',
    // No connection is shared: one that is kept open would pass by the check of the next attempt.
    agent: false,
    lookup: pinnedLookup(addresses),
    headers: { 'user-agent': 'Signalbox', ...headers, 'content-length': String(Buffer.byteLength(body)) },
    maxHeaderSize: MAX_BODY,
    signal,
    ...(ca === undefined ? {} : { ca: [...ca] }),
  };
  return url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
}

function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, done) => {
    const [first] = known;
    if (options.all === true) done(null, known);
    else done(null, first?.address ?? '', first?.family);
  };
}

function readBody(incoming: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_BODY) incoming.destroy();
  });
  incoming.on('error', () => undefined);
  incoming.on('close', () => done(Buffer.concat(chunks).subarray(0, MAX_BODY)));
}
