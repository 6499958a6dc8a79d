import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SiteConfig } from '../config/index.ts';
import { COMPRESS, type Encoding, encodingFor } from './compression.ts';
import type { Kept } from './page-cache.ts';
import { securityHeaders } from './security-headers.ts';
import { matches } from './send-answer.ts';

/** Kept bytes in one encoding, with the headers of an answer that carries them and of one that need not (304). */
interface Variant {
  headers: OutgoingHttpHeaders;
  unchanged: OutgoingHttpHeaders;
  bytes: Buffer;
  etag: string;
}

/** Made for the first who asks; a promise while it is being made, so that the others wait for the same one. */
const variants = new WeakMap<Kept, Map<Encoding, Variant | Promise<Variant>>>();

/**
 * Sends kept bytes past the framework, in the encoding that the client takes: their headers are made once per rendering,
 * not once per request. A promise only while the bytes are still being compressed.
 */
export function writeKept(
  request: IncomingMessage,
  response: ServerResponse,
  { kept, site }: { kept: Kept; site: () => SiteConfig },
): Promise<void> | undefined {
  const encoding = encodingFor(request.headers['accept-encoding']?.toString(), kept.type, kept.plain.length);
  const variant = variantOf(kept, encoding, site);
  if (variant instanceof Promise) return variant.then((made) => write(request, response, kept.status, made));
  write(request, response, kept.status, variant);
  return undefined;
}

function write(request: IncomingMessage, response: ServerResponse, status: number, variant: Variant): void {
  if (status === 200 && matches(request.headers['if-none-match'], variant.etag)) {
    response.writeHead(304, variant.unchanged).end();
    return;
  }
  response.writeHead(status, variant.headers).end(request.method === 'HEAD' ? undefined : variant.bytes);
}

function variantOf(kept: Kept, encoding: Encoding, site: () => SiteConfig): Variant | Promise<Variant> {
  const all = variants.get(kept) ?? new Map<Encoding, Variant | Promise<Variant>>();
  variants.set(kept, all);
  const known = all.get(encoding);
  if (known) return known;
  const made = COMPRESS[encoding](kept.plain).then((bytes) => {
    const variant = describeVariant(kept, encoding, bytes, site());
    all.set(encoding, variant);
    return variant;
  });
  all.set(encoding, made);
  return made;
}

function describeVariant(kept: Kept, encoding: Encoding, bytes: Buffer, site: SiteConfig): Variant {
  const etag = encoding === 'identity' ? `"${kept.etag}"` : `"${kept.etag}-${encoding}"`;
  const unchanged = {
    ...Object.fromEntries(securityHeaders(site)),
    'cache-control': 'no-cache',
    ...kept.headers,
    'content-type': kept.type,
    vary: 'Accept-Encoding, Accept-Language, Cookie',
    etag,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  return { headers: { ...unchanged, 'content-length': bytes.length }, unchanged, bytes, etag };
}
