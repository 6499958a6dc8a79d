import type { Egress as EgressConfig } from '../config/index.ts';
import { Exceptions, type Place } from './exceptions.ts';
import { isInner, isInnerName, unwrapped } from './inner-addresses.ts';
import { type Ip, parseIp } from './ip.ts';

/** What can be wrong with an address before anything is asked about it. */
export type Refusal =
  | 'not_an_address'
  | 'too_long'
  | 'unseen_characters'
  | 'scheme'
  | 'plain_http'
  | 'credentials'
  | 'port'
  | 'inner';

export interface Target extends Place {
  url: URL;
  exceptions: Exceptions;
  /** The operator named this very host: wherever it leads is fine. */
  excepted: boolean;
}

export interface Surroundings {
  config: EgressConfig;
  /** Addresses of this machine: what listens on them, listens to us. */
  own: readonly Ip[];
}

const LONGEST = 2000;

/** The one reading of an address; what is checked here is what the request is made of. */
export function parseAddress(text: string, surroundings: Surroundings): Target | Refusal {
  // Before the parser, which drops line breaks and encodes others.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) return 'unseen_characters';
  if (text.length > LONGEST) return 'too_long';
  const url = URL.parse(text);
  if (url === null) return 'not_an_address';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme';
  if (url.username !== '' || url.password !== '') return 'credentials';
  const problem = problemOfHost(text, url);
  if (problem !== null) return problem;
  if (url.protocol === 'http:' && !surroundings.config.allow_http) return 'plain_http';
  return placed(url, surroundings);
}

function problemOfHost(text: string, url: URL): Refusal | null {
  // `https:host`, `https:\\host` and `https:////host` are readings of browsers that other programs do not share.
  const authority = /^https?:\/\/([^/?#\\]+)([/?#]|$)/i.exec(text)?.[1];
  if (authority === undefined || url.hostname === '') return 'not_an_address';
  if (authority.includes('@')) return 'credentials';
  if (url.port === '0') return 'port';
  return url.hostname.length > 253 || url.hostname.includes('..') ? 'not_an_address' : null;
}

function placed(url: URL, surroundings: Surroundings): Target | Refusal {
  url.hash = '';
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  const ip = parseIp(host);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const exceptions = new Exceptions(surroundings.config.allow);
  const target = { url, host, port, ip, exceptions, excepted: exceptions.named({ host, port, ip }) };
  if (ip !== null) return mayReach(ip, target, surroundings) ? target : 'inner';
  // With excepted ranges an inner name may be meant: then its addresses decide.
  return target.excepted || exceptions.haveRanges || !isInnerName(host) ? target : 'inner';
}

/** True for an address of the internet, and for one that the operator excepted, itself or by the name of its host. */
export function mayReach(ip: Ip, target: Target, { own }: Surroundings): boolean {
  if (target.excepted || target.exceptions.reached(ip, target.port)) return true;
  const meant = unwrapped(ip);
  return !isInner(meant) && !own.some(({ version, value }) => version === meant.version && value === meant.value);
}
