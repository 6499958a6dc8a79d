import { unwrapped } from './inner-addresses.ts';
import { type Ip, type IpRange, isWithin, parseIp, parseRange } from './ip.ts';

/** Where a request goes. `ip` only when the address names no host but an IP address. */
export interface Place {
  host: string;
  port: number;
  ip: Ip | null;
}

interface Exception {
  host?: string;
  range?: IpRange;
  port?: number;
}

/** The entries of `egress.allow`: host, host:port, IP address, IP:port, range. */
export class Exceptions {
  readonly #entries: readonly Exception[];

  constructor(allow: readonly string[]) {
    this.#entries = allow.map(parseException);
  }

  get haveRanges(): boolean {
    return this.#entries.some(({ range }) => range !== undefined);
  }

  /** The operator named this very host or address. */
  named({ host, port, ip }: Place): boolean {
    if (ip !== null) return this.reached(ip, port);
    return this.#entries.some((entry) => entry.host === host && (entry.port ?? port) === port);
  }

  /** A name leads to an address that the operator named. */
  reached(ip: Ip, port: number): boolean {
    const meant = [ip, unwrapped(ip)];
    return this.#entries.some(
      ({ range, port: only = port }) =>
        range !== undefined && only === port && meant.some((one) => isWithin(one, range)),
    );
  }
}

function parseException(text: string): Exception {
  const range = parseRange(text);
  if (range !== null) return { range };
  const [, bracketed, plain = '', digits] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? [];
  const port = digits === undefined ? {} : { port: Number(digits) };
  const address = parseIp(bracketed ?? plain);
  if (address !== null) return { range: { ip: address, bits: address.version === 4 ? 32 : 128 }, ...port };
  return { host: hostName(plain), ...port };
}

function hostName(text: string): string {
  return (URL.parse(`http://${text}/`)?.hostname ?? text.toLowerCase()).replace(/\.+$/, '');
}
