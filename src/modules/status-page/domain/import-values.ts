import { type Instant, toInstant } from '../../../core/index.ts';

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
/** Nobody ran a status page before; what is beyond is a slip of the keyboard. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

/** A time as the predecessor's databases write it: without a zone it is UTC. Null: it is none. */
export function instantOf(value: unknown): Instant | null {
  if (typeof value !== 'string') return null;
  const parts = TIME.exec(value.trim());
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    parts;
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const offset =
    zone.toUpperCase() === 'Z' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone.replace(/(\d{2}):?(\d{2})$/, '$1:$2');
  const milliseconds = Date.parse(`${clock}${offset}`);
  if (Number.isNaN(milliseconds) || Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return null;
  // JavaScript takes 31 February for 3 March.
  const sameDay = new Date(Date.parse(`${year}-${month}-${day}T00:00:00Z`));
  return sameDay.getUTCDate() === Number(day) ? toInstant(milliseconds) : null;
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && value !== '' ? number : null;
}

export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

/** SQLite has 0 and 1, PostgreSQL t and f. */
export function flagOf(value: unknown): boolean {
  return value === true || value === 1 || value === 1n || value === 't' || value === 'true';
}

/** What a row is called in a report, whatever its number is. */
export function idText(value: unknown): string {
  return (textOf(value) ?? 'without a number').slice(0, 40);
}

/** Cut where it is longer than it may be; by code points, so that nothing is torn. */
export function shortened(text: string, most: number): { text: string; cut: boolean } {
  const points = text.length > most ? [...text] : [];
  return points.length <= most ? { text, cut: false } : { text: `${points.slice(0, most - 1).join('')}…`, cut: true };
}
