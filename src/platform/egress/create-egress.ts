import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { getCACertificates } from 'node:tls';
import { type Clock, SECOND, UpstreamError } from '../../core/index.ts';
import type { Egress as EgressConfig } from '../config/index.ts';
import { addressProblem } from './address-problem.ts';
import { type Answer, toAnswer } from './answer.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Egress, EgressRequest } from './egress.ts';
import { leadsInside, notSent, redirected, refused, stopped, tooLate, unresolved } from './failure.ts';
import { type Ip, parseIp } from './ip.ts';
import { mayReach, parseAddress, type Surroundings, type Target } from './parse-address.ts';
import { sendPinned } from './send-pinned.ts';

export interface EgressOptions {
  /** The section as it is now. */
  config: () => EgressConfig;
  clock: Clock;
  /** All addresses of a host, as the system knows them. */
  resolve?: (host: string) => Promise<readonly string[]>;
  /** Addresses of this machine's own interfaces. */
  ownAddresses?: () => readonly string[];
}

const TIMEOUT = 15 * SECOND;
/** Of a name with many addresses the first are enough; all of them are checked. */
const MOST_ADDRESSES = 8;

export function createEgress(options: EgressOptions): Egress {
  const { config, clock, resolve = systemResolve, ownAddresses = interfaceAddresses } = options;
  const surroundings = (): Surroundings => ({ config: config(), own: ownAddresses().flatMap(ipsOf) });
  return {
    post: async (address, request) => {
      const around = surroundings();
      const target = parseAddress(address, around);
      if (typeof target === 'string') throw refused(target);
      const deadline = startDeadline(request.timeoutMs ?? TIMEOUT, request.signal);
      try {
        const addresses = await checkedAddresses(target, around, { resolve, deadline });
        return await exchange(target, addresses, { request, clock, deadline, ca: authorities(around.config) });
      } catch (error) {
        if (error instanceof UpstreamError) throw error;
        if (deadline.signal.aborted) throw deadline.passed() ? tooLate(target) : stopped(target);
        throw notSent(target, error);
      } finally {
        deadline.clear();
      }
    },
    checkAddress: (address, form) => {
      const target = parseAddress(address, surroundings());
      return typeof target === 'string' ? addressProblem(target, address, form) : null;
    },
    isExcepted: (address) => {
      const target = parseAddress(address, surroundings());
      return typeof target !== 'string' && target.excepted;
    },
  };
}

interface Resolving {
  resolve: (host: string) => Promise<readonly string[]>;
  deadline: Deadline;
}

/** Every address of the host, all of them fit to be asked: one inner address among good ones is an attack as well. */
async function checkedAddresses(target: Target, around: Surroundings, resolving: Resolving): Promise<string[]> {
  if (target.ip !== null) return [target.host];
  const { resolve, deadline } = resolving;
  const answer = resolve(target.host).catch(() => {
    throw unresolved(target);
  });
  const addresses = await deadline.bound(answer);
  if (addresses.length === 0) throw unresolved(target);
  for (const address of addresses) {
    const ip = parseIp(address);
    if (ip === null || !mayReach(ip, target, around)) throw leadsInside(target);
  }
  return addresses.slice(0, MOST_ADDRESSES);
}

interface Exchange {
  request: EgressRequest;
  clock: Clock;
  deadline: Deadline;
  ca: readonly string[] | undefined;
}

async function exchange(target: Target, addresses: readonly string[], about: Exchange): Promise<Answer> {
  const { request, clock, deadline, ca } = about;
  const { headers, body } = request;
  const sent = sendPinned({ url: target.url, addresses, headers, body, ca, signal: deadline.signal });
  const raw = await sent;
  if (raw.status >= 300 && raw.status < 400) throw redirected(target, raw.status);
  return toAnswer(raw, target, clock);
}

function authorities(config: EgressConfig): string[] | undefined {
  if (config.ca_file === undefined) return undefined;
  try {
    return [...getCACertificates('default'), readFileSync(config.ca_file, 'utf8')];
  } catch {
    throw new UpstreamError('client', `egress.ca_file (${config.ca_file}) cannot be read.`, { retry: true });
  }
}

async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));
}

function ipsOf(text: string): Ip[] {
  const ip = parseIp(text);
  return ip === null ? [] : [ip];
}
