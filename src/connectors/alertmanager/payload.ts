import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AppError, type Instant, toInstant } from '../../core/index.ts';

/** One alert of a notification. */
export interface Alert {
  status: 'firing' | 'resolved';
  /** Names the alert by its labels: the same as long as it lasts, and when it comes again. */
  fingerprint: string;
  labels: ReadonlyMap<string, string>;
  /** One line of at most 300 characters; null: nothing is said. */
  summary: string | null;
  /** Where the expression can be looked at; http and https only. */
  link: string | null;
  /** Null: not told, or not readable. */
  startsAt: Instant | null;
}

export interface AlertBatch {
  alerts: Alert[];
  /** Entries that are no alerts. */
  malformed: number;
  /** How many Alertmanager left out because of `max_alerts`. */
  truncated: number;
}

/** More than a thousand times what a group holds. */
export const MOST_ALERTS = 10_000;
const LONGEST_SUMMARY = 300;
const LONGEST_LINK = 2000;

const Envelope = z.object({
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.number().int().min(0).catch(0),
});

const Texts = z.record(z.string(), z.unknown()).catch({});

const AlertShape = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts,
  annotations: Texts,
  startsAt: z.string().optional().catch(undefined),
  generatorURL: z.string().optional().catch(undefined),
  fingerprint: z.string().optional().catch(undefined),
});

/**
 * Reads the body of a webhook notification, version 4. Unknown fields are passed over, since newer versions add some; an
 * entry that is no alert does not refuse the others. Null: it holds more alerts than anybody means to send.
 */
export function parseAlerts(body: Uint8Array): AlertBatch | null {
  const envelope = Envelope.safeParse(jsonOf(body));
  if (!envelope.success) {
    throw new AppError(
      'invalid',
      "The body has no list of alerts: send Alertmanager's own payload, without a template.",
    );
  }
  const { alerts, truncatedAlerts: truncated } = envelope.data;
  if (alerts.length > MOST_ALERTS) return null;
  const parsed = alerts.map((alert) => AlertShape.safeParse(alert));
  const good = parsed.flatMap(({ data }) => (data === undefined ? [] : [alertOf(data)]));
  return { alerts: good, malformed: parsed.length - good.length, truncated };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AppError('invalid', 'The body is not JSON.');
  }
}

function alertOf(shape: z.output<typeof AlertShape>): Alert {
  const labels = textsOf(shape.labels);
  const annotations = textsOf(shape.annotations);
  return {
    status: shape.status,
    fingerprint: fingerprintOf(shape.fingerprint, labels),
    labels,
    summary: lineOf(annotations.get('summary')) ?? lineOf(annotations.get('description')),
    link: linkOf(shape.generatorURL),
    startsAt: instantOf(shape.startsAt),
  };
}

function textsOf(fields: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** A template may leave it out: it is made of the labels, as Alertmanager makes its own. */
function fingerprintOf(sent: string | undefined, labels: ReadonlyMap<string, string>): string {
  if (sent !== undefined && /^[0-9a-zA-Z]{1,64}$/.test(sent)) return sent;
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

function lineOf(text: string | undefined): string | null {
  const line = (text ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  if (!/[^\p{C}\p{Z}]/u.test(line)) return null;
  const characters = [...line];
  return characters.length <= LONGEST_SUMMARY ? line : `${characters.slice(0, LONGEST_SUMMARY - 1).join('')}…`;
}

function linkOf(text: string | undefined): string | null {
  const url = URL.parse(text ?? '');
  if (url === null || !/^https?:$/.test(url.protocol) || url.href.length > LONGEST_LINK) return null;
  // A link is shown to many.
  [url.username, url.password] = ['', ''];
  return url.href;
}

/** Go writes nanoseconds and, for "never", the year 1. */
function instantOf(text: string | undefined): Instant | null {
  const at = Date.parse(text ?? '');
  return at > 0 ? toInstant(at) : null;
}
