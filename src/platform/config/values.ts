import { isIP } from 'node:net';
import { Cron } from 'croner';
import * as z from 'zod';
import type { PemContents } from './shape.ts';

/** Words that stand in examples and forgotten templates; compared without case and punctuation. */
const DEFAULT_LOOKING =
  /^(changeme.*|changethis.*|replaceme.*|your(secret|token|password|key).*|insert.*here|dummy.*|default|example|secret|password|passwort|passw0rd|token|admin|letmein|qwerty.*|placeholder|todo|none|null|test|12345678*9*0*|(?<one>.)\k<one>*|[a-z]+x{6,})$/;

/** True for a value that everybody knows. */
export function looksDefault(text: string): boolean {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return DEFAULT_LOOKING.test(plain) || /^<.*>$/.test(text.trim());
}

/**
 * A text that is shown to nobody. The key gets a `_file` twin by itself (`token`, `token_file`), and a value that
 * stands in examples is refused.
 */
export function secret(options: { minLength?: number } = {}): z.ZodString {
  return z
    .string()
    .refine((text) => !looksDefault(text), {
      error: 'is a default that everybody knows',
      abort: true,
      params: {
        remedy: `Put the real one here. If it is yours to choose, make it with: openssl rand -hex 32. Better than in this file it stands in a variable (\${NAME}) or in a file of its own (the key with _file behind it).`,
      },
    })
    .min(options.minLength ?? 8)
    .meta({ secret: true });
}

/** A path that is opened at start; its folder is created where the text says so. */
export function filePath(): z.ZodString {
  return z.string().min(1).max(4096);
}

/** A file in PEM form that must be there when the program starts; the schema itself does not look. */
export function pemFile(contents: PemContents): z.ZodString {
  return filePath().meta({ pem: contents });
}

/** `host:port`, `[IPv6]:port`, or `:port` for every address of the machine. */
export function listenAddress() {
  return z.string().transform((text, context): ListenAddress => {
    const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/i.exec(text);
    const port = Number(match?.[3]);
    const host = match?.[1] ?? match?.[2] ?? '';
    if (match && port <= 65_535 && (match[1] === undefined || isIP(host) === 6)) {
      return { host: host === '' ? '0.0.0.0' : host, port };
    }
    context.addIssue({
      code: 'custom',
      message: 'is not an address to listen on',
      params: { remedy: 'Write host:port, [IPv6 address]:port, or :port for all addresses of the machine.' },
    });
    return z.NEVER;
  });
}

export interface ListenAddress {
  host: string;
  port: number;
}

/** An absolute http or https address without query, fragment or credentials; a slash at the end is dropped. */
export function webAddress() {
  return z.string().transform((text, context): string => {
    const url = URL.parse(text);
    const problem =
      url === null || !['http:', 'https:'].includes(url.protocol)
        ? 'is not an http or https address'
        : url.search !== '' || url.hash !== '' || /[?#]/.test(text)
          ? 'may not have a query or a fragment'
          : url.username !== '' || url.password !== ''
            ? 'may not hold credentials'
            : null;
    if (url !== null && problem === null) return url.href.replace(/\/+$/, '');
    context.addIssue({
      code: 'custom',
      message: problem ?? 'is not an http or https address',
      params: { remedy: 'Write for example https://status.example.org or https://example.org/status.' },
    });
    return z.NEVER;
  });
}

/** An IANA time zone name that this machine knows. */
export function timeZone() {
  return z.string().refine(isTimeZone, {
    error: 'is not a time zone',
    params: { remedy: 'Write an IANA name such as Europe/Rome or UTC.' },
  });
}

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** An IP address or a CIDR range. */
export function networkRange() {
  return z.string().refine(isNetworkRange, {
    error: 'is not an IP address or range',
    params: { remedy: 'Write for example 192.0.2.7, 10.0.0.0/8 or fd00::/8.' },
  });
}

function isNetworkRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** A host, an IP address (either with a port, or without) or a CIDR range. */
export function networkPlace() {
  return z
    .string()
    .max(300)
    .refine(isNetworkPlace, {
      error: 'is not a host, an IP address or a range',
      params: { remedy: 'Write for example chat.example.org, chat.example.org:8443, 192.0.2.7 or 10.0.0.0/8.' },
    });
}

function isNetworkPlace(text: string): boolean {
  if (isNetworkRange(text)) return true;
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s/?#@:[\]\\]+))(?::(\d{1,5}))?$/i.exec(text);
  if (match === null || Number(match[3] ?? 1) < 1 || Number(match[3] ?? 1) > 65_535) return false;
  if (match[1] !== undefined) return isIP(match[1]) === 6;
  const name = URL.parse(`http://${match[2] ?? ''}/`)?.hostname ?? '';
  // `10.1` and `2130706433` are addresses in disguise: what is excepted is written as it is.
  return name !== '' && isIP(name) === isIP(match[2] ?? '');
}

/** A cron pattern of five or six fields. */
export function cronPattern() {
  return z.string().refine(isCronPattern, {
    error: 'is not a cron pattern',
    params: {
      remedy: 'Write minute, hour, day, month and weekday, e.g. "30 2 * * *" for every night at half past two.',
    },
  });
}

function isCronPattern(text: string): boolean {
  if (text.length > 200) return false;
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** One mail address, without a name around it. */
export function mailAddress() {
  return z.string().refine(isMailAddress, {
    error: 'is not a mail address',
    params: { remedy: 'Write one plain address such as signalbox@example.org.' },
  });
}

/** Strict on purpose: what passes here can stand in an SMTP command and in a header as it is. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/.test(
      text,
    )
  );
}
