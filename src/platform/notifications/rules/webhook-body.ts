import type { Json, Message } from '../message.ts';
import { cutText, largestFit } from './cut-text.ts';

/** Standard Webhooks asks for less than 20 kB. */
const MOST_BYTES = 20_000 - 1;
/** Shorter texts are ids, names and addresses, which mean nothing when cut. */
const LEAST_TEXT = 500;

/** `{type, timestamp, data}`. Of data that are too large the longest texts are cut first, then lists. */
export function webhookBody({ type, at, data, url }: Message): string {
  const body = (content: unknown) => JSON.stringify({ type, timestamp: at, data: content });
  const fits = (content: unknown) => Buffer.byteLength(body(content)) <= MOST_BYTES;
  if (fits(data)) return body(data);
  for (const most of [Number.POSITIVE_INFINITY, 100, 20, 5, 1]) {
    const shortened = (size: number) => ({ ...shorter(data, size, most), truncated: true });
    if (!fits(shortened(LEAST_TEXT))) continue;
    const size = largestFit(MOST_BYTES, (texts) => fits(shortened(Math.max(texts, LEAST_TEXT))));
    return body(shortened(Math.max(size, LEAST_TEXT)));
  }
  return body({ url: cutText(url, 2000), truncated: true });
}

/** The same with texts of at most `texts` characters and lists of at most `items` entries. */
function shorter(value: { readonly [key: string]: Json }, texts: number, items: number): Record<string, Json> {
  const cut = (part: Json): Json => {
    if (typeof part === 'string') return cutText(part, texts);
    if (Array.isArray(part)) return part.slice(0, items).map(cut);
    if (typeof part === 'object' && part !== null) return shorter(part as Record<string, Json>, texts, items);
    return part;
  };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cut(part)]));
}
