import { type Instant, toMs } from '../../core/index.ts';
import { address, lines, oneLine } from './text.ts';

export interface CalendarEvent {
  /** Never changes. */
  uid: string;
  start: Instant;
  /** null: nobody knows yet. */
  end: Instant | null;
  summary: string;
  /** Plain text. */
  description: string;
  url: string;
  /** One more at each change. */
  sequence: number;
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  /** When this wording was published; the same for the same wording, so that the calendar's bytes are. */
  stamp: Instant;
  modified: Instant;
  categories: readonly string[];
}

export interface Calendar {
  name: string;
  /** The page that the calendar is about. */
  url: string;
  events: readonly CalendarEvent[];
}

/** How often a calendar program should look again. */
const REFRESH = 'PT15M';

/** The last moment that the format's four digits of a year can say. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59);

/** iCalendar, RFC 5545 with the names of RFC 7986. */
export function calendar(content: Calendar): string {
  const name = text(content.name);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Signalbox//Signalbox//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${name}`,
    `X-WR-CALNAME:${name}`,
    `URL:${address(content.url)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
    ...content.events.flatMap(event),
    'END:VCALENDAR',
  ]
    .map(fold)
    .join('');
}

function event(one: CalendarEvent): string[] {
  const { end, categories } = one;
  return [
    'BEGIN:VEVENT',
    `UID:${text(one.uid)}`,
    `DTSTAMP:${utc(one.stamp)}`,
    `LAST-MODIFIED:${utc(one.modified)}`,
    `DTSTART:${utc(one.start)}`,
    // An end that is not after its start is none; the format forbids it.
    ...(end === null || utc(end) <= utc(one.start) ? [] : [`DTEND:${utc(end)}`]),
    `SEQUENCE:${Math.max(0, Math.trunc(one.sequence))}`,
    `STATUS:${one.status}`,
    `SUMMARY:${text(one.summary)}`,
    `DESCRIPTION:${escape(lines(one.description))}`,
    `URL:${address(one.url)}`,
    ...(categories.length === 0 ? [] : [`CATEGORIES:${categories.map(text).join(',')}`]),
    // Somebody's maintenance is not the reader's appointment.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

function text(value: string): string {
  return escape(oneLine(value));
}

function escape(value: string): string {
  return value.replace(/[\\;,]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

function utc(instant: Instant): string {
  const moment = new Date(Math.min(toMs(instant), LAST_MOMENT));
  return `${moment.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

const MOST_OCTETS = 75;

/** One content line: at most 75 octets, then a line end and a blank; never within a character. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > MOST_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += length;
  }
  return `${folded}\r\n`;
}
