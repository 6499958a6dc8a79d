import { isIP } from 'node:net';

/** An IP address as a number, so that no spelling of it matters. */
export interface Ip {
  version: 4 | 6;
  value: bigint;
}

export interface IpRange {
  ip: Ip;
  bits: number;
}

/** Null for everything that is not the plain spelling of an address; a zone (`%eth0`) does not count. */
export function parseIp(text: string): Ip | null {
  const [plain = ''] = text.split('%');
  const version = isIP(plain);
  if (version === 4) return { version, value: joined(plain.split('.').map(Number), 8) };
  if (version === 6) return { version, value: joined(groups(plain), 16) };
  return null;
}

/** `10.0.0.0/8`, or one address. */
export function parseRange(text: string): IpRange | null {
  const [address = '', bits] = text.split('/');
  const ip = parseIp(address);
  if (ip === null) return null;
  const most = ip.version === 4 ? 32 : 128;
  const count = bits === undefined ? most : Number(bits);
  return Number.isInteger(count) && count >= 0 && count <= most ? { ip, bits: count } : null;
}

export function isWithin(ip: Ip, range: IpRange): boolean {
  if (ip.version !== range.ip.version) return false;
  const rest = BigInt((ip.version === 4 ? 32 : 128) - range.bits);
  return ip.value >> rest === range.ip.value >> rest;
}

function joined(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n);
}

/** The eight groups of an IPv6 address. The URL parser turns a dotted end into groups. */
function groups(address: string): number[] {
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [front = '', back] = plain.split('::');
  const numbers = (text: string | undefined) =>
    (text ?? '')
      .split(':')
      .filter((group) => group !== '')
      .map((group) => Number.parseInt(group, 16));
  const [first, last] = [numbers(front), numbers(back)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}
