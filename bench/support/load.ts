import { connect, type Socket } from 'node:net';

/** What a load run found. Times in milliseconds. */
export interface LoadResult {
  perSecond: number;
  p50: number;
  p99: number;
  statuses: Record<string, number>;
  bytes: number;
}

export interface LoadOptions {
  url: string;
  connections: number;
  /** The run ends after this many milliseconds or requests, whichever comes first. */
  durationMs: number;
  requests?: number;
  /** The whole request, head and body; default: a GET of the URL that accepts gzip. */
  request?: () => string;
}

/**
 * One request at a time on each of a few kept-alive connections: a client that costs as little as possible, the same
 * for what is measured and for its yardstick. Loopback only, bounded in time.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port, pathname, search, host } = new URL(options.url);
  if (hostname !== '127.0.0.1') throw new Error('Load goes to 127.0.0.1 only.');
  const get = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: gzip\r\n\r\n`;
  const next = options.request ?? (() => get);
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let bytes = 0;
  let begun = 0;
  const started = performance.now();
  const mayGoOn = () => performance.now() - started < options.durationMs && begun < (options.requests ?? Infinity);

  const one = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let sentAt = 0;
      let buffered: Buffer[] = [];
      let missing = -1;
      const send = () => {
        begun++;
        sentAt = performance.now();
        socket.write(next());
      };
      socket.setNoDelay(true);
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (missing >= 0) missing -= chunk.length;
        else {
          buffered.push(chunk);
          const all = Buffer.concat(buffered);
          const end = all.indexOf('\r\n\r\n');
          if (end < 0) return;
          const head = all.subarray(0, end).toString('latin1');
          const status = head.slice(9, 12);
          statuses[status] = (statuses[status] ?? 0) + 1;
          const length = /content-length: (\d+)/i.exec(head)?.[1];
          if (length === undefined && status !== '204' && status !== '304') {
            reject(new Error(`The answer to ${options.url} has no content-length.`));
            return;
          }
          missing = Number(length ?? 0) - (all.length - end - 4);
        }
        if (missing > 0) return;
        times.push(performance.now() - sentAt);
        buffered = [];
        missing = -1;
        if (mayGoOn()) send();
        else {
          socket.end();
          resolve();
        }
      });
      socket.on('connect', send);
    });
  await Promise.all(Array.from({ length: options.connections }, () => one(connect(Number(port), hostname))));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), statuses, bytes };
}
