import { type Ip, type IpRange, isWithin, parseRange } from './ip.ts';

const ranges = (...texts: string[]): IpRange[] =>
  texts.map(parseRange).filter((range): range is IpRange => range !== null);

/** The IANA special-purpose registry, and what clouds put outside of it. */
const INNER_4 = ranges(
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind a provider's NAT; Alibaba's metadata
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's host
  '169.254.0.0/16', // link-local, metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; Oracle's metadata
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // former 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
);

/** All that IPv6 gives out to hosts of the internet; loopback, unique local, link-local and multicast lie outside. */
const OUTER_6 = ranges('2000::/3');
const INNER_6 = ranges(
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
);

/** Forms of IPv6 that carry an IPv4 address, and how many bits lie behind it. */
const CARRIERS = [
  { range: ranges('::ffff:0:0/96'), behind: 0n }, // mapped
  { range: ranges('64:ff9b::/96'), behind: 0n }, // NAT64
  { range: ranges('2002::/16'), behind: 80n }, // 6to4
];

/** The IPv4 address that is meant by one of IPv6's forms of it, else the address itself. */
export function unwrapped(ip: Ip): Ip {
  if (ip.version === 4) return ip;
  const carrier = CARRIERS.find(({ range }) => range.some((one) => isWithin(ip, one)));
  return carrier === undefined ? ip : { version: 4, value: (ip.value >> carrier.behind) & 0xff_ff_ff_ffn };
}

/** True for addresses of this machine, of a network that is not the internet, and of nobody. */
export function isInner(address: Ip): boolean {
  const ip = unwrapped(address);
  const is = (one: IpRange) => isWithin(ip, one);
  return ip.version === 4 ? INNER_4.some(is) : !OUTER_6.some(is) || INNER_6.some(is);
}

const INNER_NAMES = /(^|\.)(localhost|localdomain|local|internal|intranet|corp|home|lan|private|home\.arpa)$/;

/** True for names that only an inner network knows: those reserved for it, and those without a domain. */
export function isInnerName(host: string): boolean {
  const name = host.replace(/\.+$/, '');
  return !name.includes('.') || INNER_NAMES.test(name);
}
