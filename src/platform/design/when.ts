import { DAY, HOUR, type Instant, MINUTE, SECOND, toMs } from '../../core/index.ts';
import { attributes, type Html, html } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { designMessages } from './messages.ts';

/** In whose words and zone a page speaks, and when it is made. */
export interface Locale {
  language: Language;
  /** IANA zone of the installation. */
  timezone: string;
  now: Instant;
}

/**
 * How a moment is said. `moment`: as short as it is unambiguous; `full`: always day, month, year and time; `date`: the
 * day alone.
 */
export type TimeStyle = 'moment' | 'full' | 'date';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, timezone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${timezone} ${Object.entries(options).join()}`;
  let found = formatters.get(key);
  if (found === undefined) {
    // `en` alone would mean the American order of day and month.
    const tag = language === 'en' ? 'en-GB' : language;
    found = new Intl.DateTimeFormat(tag, { timeZone: timezone, hourCycle: 'h23', ...options });
    formatters.set(key, found);
  }
  return found;
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const DAY_OF_YEAR: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };

/** Text of a moment in the installation's zone, for where markup cannot stand. */
export function timeText(instant: Instant, locale: Locale, style: TimeStyle = 'moment'): string {
  const { language, timezone } = locale;
  const say = (options: Intl.DateTimeFormatOptions, at = instant) =>
    formatter(language, timezone, options).format(toMs(at));
  if (style === 'date') return say(DATE);
  if (style === 'full') return `${say(DATE)}, ${say(CLOCK)}`;
  if (say(DATE) === say(DATE, locale.now)) return say(CLOCK);
  const sameYear = say({ year: 'numeric' }) === say({ year: 'numeric' }, locale.now);
  return `${say(sameYear ? DAY_OF_YEAR : DATE)}, ${say(CLOCK)}`;
}

/**
 * A moment on a page: absolute text in the installation's zone. The script puts it into the viewer's zone and, with
 * `relative`, writes how long ago it was (`ago`) or adds how long it has lasted (`lasting`), absolute text on hover.
 */
export function time(
  instant: Instant,
  locale: Locale,
  options: { style?: TimeStyle; relative?: 'ago' | 'lasting' } = {},
): Html {
  const { style = 'moment', relative } = options;
  const given = attributes({ 'data-rel': relative, 'data-style': style === 'moment' ? undefined : style });
  return html`<time datetime="${instant}"${given}>${timeText(instant, locale, style)}</time>`;
}

const SIZES = [DAY, HOUR, MINUTE, SECOND];

/** `1 h 12 min`, `3 d`, `40 s`: the two largest units, the second only if it says something. */
export function duration(milliseconds: number, language: Language): string {
  const units = designMessages(language).units.split(' ');
  const ms = Math.max(0, milliseconds);
  const at = SIZES.findIndex((size) => ms >= size);
  const index = at === -1 ? SIZES.length - 1 : at;
  const size = SIZES[index] ?? SECOND;
  const next = SIZES[index + 1];
  const whole = Math.floor(ms / size);
  const rest = next === undefined ? 0 : Math.floor((ms % size) / next);
  const first = `${whole} ${units[index] ?? ''}`;
  return rest === 0 || whole >= 10 ? first : `${first} ${rest} ${units[index + 1] ?? ''}`;
}
