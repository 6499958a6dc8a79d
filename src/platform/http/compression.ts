import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type Encoding = 'br' | 'gzip' | 'identity';

/** Smaller bodies fit one packet anyway. */
const WORTH_COMPRESSING = 1024;
const COMPRESSIBLE = /^(text\/|image\/svg|application\/(json|problem\+json|javascript|xml|[a-z.]+\+(json|xml)))/;

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

export const COMPRESS: Record<Encoding, (plain: Buffer) => Promise<Buffer>> = {
  br: (plain) => brotliAsync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (plain) => gzipAsync(plain, { level: 5 }),
  identity: async (plain) => plain,
};

function takes(name: string): RegExp {
  return new RegExp(`(^|[\\s,])${name}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))(?=[\\s,;]|$)`);
}
const [TAKES_BROTLI, TAKES_GZIP] = [takes('br'), takes('gzip')];

/** What to send to a client with this `Accept-Encoding` (RFC 9110 §12.5.3); `q=0` refuses. */
export function encodingFor(accepted: string | undefined, type: string, length: number): Encoding {
  if (length < WORTH_COMPRESSING || !COMPRESSIBLE.test(type) || accepted === undefined) return 'identity';
  if (TAKES_BROTLI.test(accepted)) return 'br';
  return TAKES_GZIP.test(accepted) ? 'gzip' : 'identity';
}

/** Compresses what is made for one request alone; kept pages come compressed and do not pass here. */
export async function compressAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if ((typeof payload !== 'string' && !Buffer.isBuffer(payload)) || reply.hasHeader('content-encoding')) return payload;
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const type = String(reply.getHeader('content-type') ?? '');
  if (!reply.hasHeader('vary') && COMPRESSIBLE.test(type)) reply.header('vary', 'Accept-Encoding');
  const encoding = encodingFor(request.headers['accept-encoding']?.toString(), type, length);
  if (encoding === 'identity') return payload;
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && !etag.startsWith('W/')) reply.header('etag', `W/${etag}`);
  reply.header('content-encoding', encoding).removeHeader('content-length');
  return await COMPRESS[encoding](typeof payload === 'string' ? Buffer.from(payload) : payload);
}
