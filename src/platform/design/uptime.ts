import { DAY, HOUR, MINUTE, type Uptime } from '../../core/index.ts';
import { type Html, html } from '../html/index.ts';
import { decimals, type Language } from '../i18n/index.ts';
import { designMessages } from './messages.ts';

/** From this coverage on a figure stands alone; below it says of how much (contracts §4). */
const FULL_COVERAGE = 0.999;

/** What an uptime comes to: a figure, and of what span when not all of it was watched. */
interface Said {
  kind: 'figure' | 'unbroken' | 'partial' | 'begun' | 'nothing';
  figure: string;
  span: string;
}

/**
 * `uptime` in words: `99.4 %`, or `99.4 % of 87 days watched`. Only what was up and watched all the time is `100 %`;
 * rounding never gets there.
 */
export function uptimeText(language: Language, uptime: Uptime): string {
  const words = designMessages(language);
  const said = say(language, uptime);
  if (said.kind === 'nothing') return words.notWatched;
  if (said.kind === 'begun') return words.justBegun;
  if (said.kind === 'figure') return said.figure;
  return said.kind === 'unbroken' ? words.uptimeUnbroken(said.span) : words.uptimeOf(said.figure, said.span);
}

/** The same for a narrow column: the figure, and under it what it is a figure of. */
export function uptimeView(language: Language, uptime: Uptime): Html {
  const words = designMessages(language);
  const said = say(language, uptime);
  if (said.kind === 'nothing') return html`<small>${words.notWatched}</small>`;
  if (said.kind === 'begun') return html`<small>${words.justBegun}</small>`;
  if (said.kind === 'figure') return html`${said.figure}`;
  if (said.kind === 'unbroken') return html`${words.unbroken}<small> ${words.inWatched(said.span)}</small>`;
  return html`${said.figure}<small> ${words.ofWatched(said.span)}</small>`;
}

function say(language: Language, uptime: Uptime): Said {
  const { availability, coverage, unknown } = uptime;
  if (availability === null || uptime.window <= 0) return { kind: 'nothing', figure: '', span: '' };
  // A share of a few seconds says nothing.
  if (uptime.window - unknown < MINUTE) return { kind: 'begun', figure: '', span: '' };
  const span = watched(language, uptime.window - unknown);
  if (coverage < FULL_COVERAGE) {
    return availability === 1
      ? { kind: 'unbroken', figure: '', span }
      : { kind: 'partial', figure: percent(language, availability), span };
  }
  if (availability === 1)
    return { kind: 'figure', figure: unknown === 0 ? '100 %' : `> ${percent(language, 0.999)}`, span };
  return { kind: 'figure', figure: percent(language, availability), span };
}

/** One decimal, cut and not rounded: 99.96 % is 99.9 %. */
export function percent(language: Language, share: number): string {
  // The small amount undoes what binary fractions lose: 0.994 × 1000 is 993.9999….
  const cut = Math.floor(share * 1000 + 1e-9) / 10;
  return cut >= 100 ? '100 %' : `${decimals(language, cut, 1)} %`;
}

function watched(language: Language, ms: number): string {
  const words = designMessages(language);
  if (ms >= 2 * DAY) return words.days(Math.floor(ms / DAY));
  if (ms >= 2 * HOUR) return words.hours(Math.floor(ms / HOUR));
  return words.minutes(Math.floor(ms / MINUTE));
}
