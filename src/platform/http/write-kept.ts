import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SiteConfig } from '../config/index.ts';
import { COMPRESS, type Encoding, encodingFor } from './compression.ts';
import type { Kept } from './page-cache.ts';
import { securityHeaders } from './security-headers.ts';
import { matches } from './send-answer.ts';

/** Kept bytes in one encoding, with the headers of an answer that carries them and of one that need not (304). */
export interface Encoded {
  headers: OutgoingHttpHeaders;
  unchanged: OutgoingHttpHeaders;
  bytes: Buffer;
  etag: string;
}

/** Made for the first who asks; a promise while it is being made, so that the others wait for the same one. */
const made = new WeakMap<Kept, Map<Encoding, Encoded | Promise<Encoded>>>();

/** Kept bytes in the encoding that the client takes. A promise only while they are being compressed. */
export function encodedFor(request: IncomingMessage, kept: Kept, site: () => SiteConfig): Encoded | Promise<Encoded> {
  const encoding = encodingFor(request.headers['accept-encoding']?.toString(), kept.type, kept.plain.length);
  const all = made.get(kept) ?? new Map<Encoding, Encoded | Promise<Encoded>>();
  made.set(kept, all);
  const known = all.get(encoding);
  if (known) return known;
  const making = COMPRESS[encoding](kept.plain).then(
    (bytes) => {
      const encoded = describe(kept, encoding, bytes, site());
      all.set(encoding, encoded);
      return encoded;
    },
    (error: unknown) => {
      // The next who asks tries again.
      all.delete(encoding);
      throw error;
    },
  );
  all.set(encoding, making);
  return making;
}

const REQUEST_ID = 'x-request-id';

interface Answered {
  request: IncomingMessage;
  response: ServerResponse;
  /** Of the request. */
  id: string;
}

/** Past the framework: the headers are made once per rendering, not once per request. */
export function writeEncoded({ request, response, id }: Answered, { status }: Kept, encoded: Encoded): void {
  const isUnchanged = status === 200 && matches(request.headers['if-none-match'], encoded.etag);
  // They are read while they are written, before the next answer: copying them would cost as much as all the rest.
  (isUnchanged ? encoded.unchanged : encoded.headers)[REQUEST_ID] = id;
  if (isUnchanged) {
    response.writeHead(304, encoded.unchanged).end();
    return;
  }
  response.writeHead(status, encoded.headers).end(request.method === 'HEAD' ? undefined : encoded.bytes);
}

function describe(kept: Kept, encoding: Encoding, bytes: Buffer, site: SiteConfig): Encoded {
  const etag = encoding === 'identity' ? `"${kept.etag}"` : `"${kept.etag}-${encoding}"`;
  const unchanged = {
    ...Object.fromEntries(securityHeaders(site)),
    'cache-control': 'no-cache',
    ...kept.headers,
    'content-type': kept.type,
    vary: 'Accept-Encoding, Accept-Language, Cookie',
    [REQUEST_ID]: '',
    etag,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  return { headers: { ...unchanged, 'content-length': bytes.length }, unchanged, bytes, etag };
}
