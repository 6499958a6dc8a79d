import type { ServerResponse } from 'node:http';
import { AppError } from '../../core/index.ts';
import type { EventStream } from './web.ts';

const MOST_BUFFERED = 256 * 1024;
const MOST_STREAMS = 5000;

/** All open event streams: limited per address, ended together at shutdown. */
export class StreamSet {
  readonly #open = new Map<ServerResponse, string>();
  readonly #perAddress: number;

  constructor(perAddress: number) {
    this.#perAddress = perAddress;
  }

  /** Refuses an address that already has its share. */
  admit(ip: string): void {
    const own = [...this.#open.values()].filter((address) => address === ip).length;
    if (own >= this.#perAddress || this.#open.size >= MOST_STREAMS) {
      throw new AppError('limit', 'Too many live connections from your address. Close some pages.', { retryAfter: 30 });
    }
  }

  open(response: ServerResponse, ip: string, headers: readonly (readonly [string, string])[]): EventStream {
    this.#open.set(response, ip);
    const closed = new AbortController();
    response.on('close', () => {
      this.#open.delete(response);
      closed.abort();
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      ...Object.fromEntries(headers),
      connection: 'keep-alive',
    });
    response.write('retry: 2000\n\n');
    return {
      closed: closed.signal,
      send: (message) => {
        if (response.writableEnded || response.destroyed) return;
        // Who does not read is cut off and resumes later from its last id.
        if (response.writableLength > MOST_BUFFERED) response.destroy();
        else response.write(format(message));
      },
    };
  }

  closeAll(): void {
    for (const response of this.#open.keys()) response.end();
  }
}

function format(message: { id?: string; event?: string; data: string }): string {
  if (message.event === undefined && message.id === undefined && message.data === '') return ': alive\n\n';
  const oneLine = (text: string) => text.replace(/[\r\n]/g, ' ');
  let text = message.id === undefined ? '' : `id: ${oneLine(message.id)}\n`;
  if (message.event !== undefined) text += `event: ${oneLine(message.event)}\n`;
  for (const line of message.data.split(/\r\n|\r|\n/)) text += `data: ${line}\n`;
  return `${text}\n`;
}
