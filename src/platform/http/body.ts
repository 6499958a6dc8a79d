import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/index.ts';

const DEEPEST = 64;

/** Keeps the bytes beside the value: hooks sign the bytes. Refuses nesting that would exhaust what walks it later. */
export async function jsonParser(_request: FastifyRequest, body: Buffer | string): Promise<unknown> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return new JsonBody(bytes);
}

export async function rawParser(_request: FastifyRequest, body: Buffer | string): Promise<unknown> {
  return new JsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body));
}

/** A body as it came; parsed only by those who want JSON, after they know who sends it. */
export class JsonBody {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  parse(): unknown {
    return parseJson(this.bytes);
  }
}

export function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (depthOf(text) > DEEPEST) throw new AppError('invalid', `The JSON is nested deeper than ${DEEPEST} levels.`);
  try {
    return JSON.parse(text, refusePrototype);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid', 'The body is not JSON. Send application/json in UTF-8.', { cause });
  }
}

function refusePrototype(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new AppError('invalid', 'The JSON has a key "__proto__", which is not allowed.');
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index++;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 91 || code === 123) {
      depth++;
      if (depth > deepest) deepest = depth;
      if (deepest > DEEPEST) return deepest;
    } else if (code === 93 || code === 125) depth--;
  }
  return deepest;
}
