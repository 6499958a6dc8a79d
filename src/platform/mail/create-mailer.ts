import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, newId, UpstreamError } from '../../core/index.ts';
import { isMailAddress, type Smtp } from '../config/index.ts';
import type { Logger } from '../log/index.ts';
import { headersOf, unfitHeader } from './headers.ts';
import type { Mail, Mailer } from './mail.ts';
import { smtpFailure } from './smtp-failure.ts';

export interface MailerOptions {
  /** Longest wait for any answer of the server; a whole attempt may take four times as long. */
  timeoutMs?: number;
  /** Waits before the second attempt, the third, … */
  pausesMs?: readonly number[];
}

export interface MailService {
  /** The mailer of the current configuration; null when no mail server is configured. */
  current(): Mailer | null;
}

type Server = Smtp & { host: string; from: string };

const PORTS = { starttls: 587, tls: 465, none: 25 };

/** Sends mail as the section `smtp` says at the moment of sending. */
export function createMailer(smtp: () => Smtp, log: Logger, options: MailerOptions = {}): MailService {
  const { timeoutMs = 15_000, pausesMs = [1000, 5000] } = options;
  return {
    current() {
      const { host, from, ...rest } = smtp();
      if (host === undefined || from === undefined) return null;
      const server = { ...rest, host, from };
      return { send: (mail) => sendWithRetries({ server, log, timeoutMs, pausesMs }, mail) };
    },
  };
}

interface Sending {
  server: Server;
  log: Logger;
  timeoutMs: number;
  pausesMs: readonly number[];
}

async function sendWithRetries(sending: Sending, mail: Mail): Promise<void> {
  const { server, log, pausesMs } = sending;
  if (!isMailAddress(mail.to)) throw new AppError('invalid', 'This is not a mail address we can send to.');
  const unfit = unfitHeader(mail);
  if (unfit !== undefined) throw new AppError('invalid', `The header ${unfit} of this mail cannot be sent as it is.`);
  // The same in every attempt, so that a mail taken twice by the server is one mail to its reader.
  const messageId = `<${mail.messageId ?? `${newId()}@${server.from.split('@')[1] ?? 'localhost'}`}>`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await sendOnce(sending, mail, messageId);
      log.info({ messageId, attempt: attempt + 1 }, 'mail sent');
      return;
    } catch (err) {
      const wait = pausesMs[attempt];
      if (!(err instanceof UpstreamError) || !err.retry || wait === undefined) throw err;
      log.warn({ err, messageId, attempt: attempt + 1 }, 'mail not taken, trying again');
      await pause(wait);
    }
  }
}

async function sendOnce({ server, timeoutMs }: Sending, mail: Mail, messageId: string): Promise<void> {
  const name = `${server.host}:${portOf(server)}`;
  // Most installations never send a mail: the library is loaded with the first.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ ...connection(server), ...timeouts(timeoutMs) });
  const late = Promise.withResolvers<never>();
  // The library's own limits count silence; a server that drips a byte now and then would pass them for ever.
  const timer = setTimeout(
    () => late.reject(Object.assign(new Error('Timeout'), { code: 'ETIMEDOUT' })),
    4 * timeoutMs,
  );
  try {
    await Promise.race([transport.sendMail({ ...message(server.from, mail), messageId }), late.promise]);
  } catch (error) {
    const secrets = [server.password ?? '', server.user ?? ''];
    // Not kept as the cause: its fields hold the dialogue, which would reach the log.
    throw smtpFailure(error, { name, secrets });
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

function portOf(server: Server): number {
  return server.port ?? PORTS[server.security];
}

function connection(server: Server) {
  const { security, user, password } = server;
  return {
    host: server.host,
    port: portOf(server),
    secure: security === 'tls',
    // Without it a server, or somebody between, that hides STARTTLS would get everything in the clear.
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2' as const, rejectUnauthorized: true, ...authority(server) },
    // Without forceAuth a server that hides AUTH would get the mail unauthenticated.
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' }, forceAuth: true }),
  };
}

function timeouts(timeoutMs: number) {
  return {
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  };
}

function authority(server: Server): { ca?: Buffer } {
  if (server.ca_file === undefined) return {};
  try {
    return { ca: readFileSync(server.ca_file) };
  } catch (cause) {
    throw new UpstreamError('client', `smtp.ca_file (${server.ca_file}) cannot be read.`, { retry: false, cause });
  }
}

function message(from: string, mail: Mail) {
  return {
    // As objects: a text would be parsed as a list of addresses.
    from: { name: '', address: from },
    to: { name: '', address: mail.to },
    subject: oneLine(mail.subject),
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    headers: headersOf(mail),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** A subject is one line whatever name of a device or person is in it. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
