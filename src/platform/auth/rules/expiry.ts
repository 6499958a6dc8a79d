import { addMs, DAY, HOUR, type Instant } from '../../../core/index.ts';
import { mistake } from './refusal.ts';

const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };
const LONGEST = 10 * 365 * DAY;

/** `90d`, `12h`, `4w`, `1y` from now; undefined or empty: never. */
export function expiryFrom(now: Instant, text: string | undefined): Instant | null {
  if (text === undefined || text === '') return null;
  const [, amount = '', unit = ''] = /^(\d{1,5})([hdwy])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= LONGEST) return addMs(now, ms);
  throw mistake('expires', (words) => words.badExpiry);
}
