import type { Instant } from '../../src/core/index.ts';

/** What a person sees of a mail. */
export interface ReadMail {
  subject: string;
  /** The part that is plain text. */
  text: string;
}

export interface CaughtMail extends ReadMail {
  to: readonly string[];
  at: Instant;
}

interface Part {
  headers: ReadonlyMap<string, string>;
  body: string;
}

const DEEPEST = 5;

/** Reads a mail that came as a character for each byte: its subject and its plain text (RFC 2045 to 2047). */
export function readMail(source: string): ReadMail {
  const part = partOf(source);
  return { subject: wordsOf(part.headers.get('subject') ?? ''), text: textOf(part, DEEPEST) ?? '' };
}

function partOf(source: string): Part {
  const end = /\r\n\r\n/.exec(`${source}\r\n\r\n`)?.index ?? source.length;
  const lines = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf(':');
    return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
  });
  return { headers: new Map(headers), body: source.slice(end + 4) };
}

function textOf({ headers, body }: Part, depth: number): string | null {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /^multipart\/.*boundary="?([^";]+)"?/is.exec(type)?.[1];
  if (boundary !== undefined) {
    if (depth === 0) return null;
    const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1);
    const texts = parts
      .filter((part) => !part.startsWith('--'))
      .map((part) => textOf(partOf(part.replace(/^[ \t]*\r\n/, '')), depth - 1));
    return texts.find((text) => text !== null) ?? null;
  }
  if (!/^text\/plain\b/i.test(type)) return null;
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? '7bit';
  const charset = /charset="?([\w.-]+)"?/i.exec(type)?.[1] ?? 'utf-8';
  return decoded(bytesOf(body, encoding), charset).replaceAll('\r\n', '\n').trim();
}

function bytesOf(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  return unquoted(body.replace(/[ \t]+(?=\r\n)/g, '').replace(/=\r\n/g, ''));
}

function unquoted(text: string): Buffer {
  const plain = text.replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}

/** Encoded words of a header; white space between two of them only separates them. */
function wordsOf(header: string): string {
  return header
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?([\w.-]+)\?([BQ])\?([^?]*)\?=/gi, (_all, charset: string, kind: string, text: string) =>
      decoded(kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : unquoted(text.replaceAll('_', ' ')), charset),
    );
}

function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
