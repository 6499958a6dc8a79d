import { ATTENTION_ORDER, type DayCell, LEVELS, type Level } from '../../core/index.ts';
import { type Html, html, trustedHtml } from '../html/index.ts';
import type { Language } from '../i18n/index.ts';
import { LEVEL_CLASS, lamp, levelWord } from './level.ts';
import { designMessages } from './messages.ts';
import { table } from './parts.ts';
import { percent, uptimeText } from './uptime.ts';
import { type Locale } from './when.ts';

/** A day is two units of colour and one of air; drawn at its natural size each unit is a whole pixel. */
const STEP = 3;
const HEIGHT = 24;

/** Worse days are taller, so that they are found without colour. components.css draws them by the same table. */
export const TALL: Record<Level, number> = {
  operational: 16,
  notice: 16,
  maintenance: 18,
  degraded: 20,
  partial_outage: 22,
  major_outage: 24,
  unknown: 24,
};

/**
 * How it has been, a column per day, the newest on the right: one path per level. What it shows is said in its label;
 * the figures stand in `historyTable`.
 */
export function historyBar(language: Language, days: readonly DayCell[]): Html {
  const known = bars.get(days)?.get(language);
  if (known) return known;
  const made = drawBar(language, days);
  const all = bars.get(days) ?? new Map<Language, Html>();
  bars.set(days, all.set(language, made));
  return made;
}

/** Readers hand out the same days until something in them changes: each is drawn once per language. */
const bars = new WeakMap<readonly DayCell[], Map<Language, Html>>();

function drawBar(language: Language, days: readonly DayCell[]): Html {
  const width = days.length * STEP;
  const paths = LEVELS.map((level) => {
    const runs = runsOf(days, level);
    if (runs.length === 0) return '';
    return level === 'unknown' ? hatched(runs) : columns(level, runs);
  });
  return html`<svg class="hb" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="xMaxYMid slice" role="img" aria-label="${barSummary(language, days)}">${trustedHtml(paths.join(''))}</svg>`;
}

/** What a bar shows, in words: `Last 90 days: 1 × major outage, 89 × operational`. */
export function barSummary(language: Language, days: readonly DayCell[]): string {
  const words = designMessages(language);
  const parts = ATTENTION_ORDER.flatMap((level) => {
    const count = days.filter((day) => day.level === level).length;
    return count === 0 ? [] : [words.barDays(count, level)];
  });
  return words.barSummary(days.length, parts.join(', '));
}

interface Run {
  start: number;
  length: number;
}

function runsOf(days: readonly DayCell[], level: Level): Run[] {
  const runs: Run[] = [];
  let open: Run | undefined;
  days.forEach((day, index) => {
    if (day.level !== level) open = undefined;
    else if (open) open.length += 1;
    else runs.push((open = { start: index, length: 1 }));
  });
  return runs;
}

/** A line along the days, as thick as the columns are tall; its dashes are the columns, begun anew in each run. */
function columns(level: Level, runs: readonly Run[]): string {
  const tall = TALL[level];
  const middle = HEIGHT - tall / 2;
  const path = runs.map((run) => `M${run.start * STEP} ${middle}h${run.length * STEP}`).join('');
  return `<path class="${LEVEL_CLASS[level]}" d="${path}"/>`;
}

/** Days nobody watched are one hatched field, never columns. */
function hatched(runs: readonly Run[]): string {
  const path = runs
    .map((run) => `M${run.start * STEP} 0h${run.length * STEP - 1}v${HEIGHT}h-${run.length * STEP - 1}z`)
    .join('');
  return `<path class="un" d="${path}"/>`;
}

/** The table behind a bar, newest day first, folded away. */
export function historyTable(locale: Locale, days: readonly DayCell[]): Html {
  const { language } = locale;
  const words = designMessages(language);
  const share = (part: number, day: DayCell) =>
    day.uptime.window > 0 && part > 0 ? percent(language, part / day.uptime.window) : '–';
  const rows = [...days].reverse();
  return html`<details class="behind"><summary>${words.barTable}</summary>${table({
    caption: barSummary(language, days),
    rows,
    columns: [
      { title: words.day, cell: (day) => html`<time datetime="${day.day}">${dayText(language, day.day)}</time>` },
      { title: words.worst, cell: (day) => html`${lamp(day.level)} ${levelWord(language, day.level)}` },
      { title: words.down, numeric: true, cell: (day) => share(day.uptime.down, day) },
      { title: words.level('maintenance'), numeric: true, cell: (day) => share(day.uptime.maintenance, day) },
      { title: words.unwatched, numeric: true, cell: (day) => share(day.uptime.unknown, day) },
      { title: words.uptime, numeric: true, cell: (day) => uptimeText(language, day.uptime) },
    ],
  })}</details>
`;
}

const dayFormats = new Map<Language, Intl.DateTimeFormat>();

function dayText(language: Language, day: string): string {
  const known = dayFormats.get(language);
  if (known) return known.format(Date.parse(`${day}T00:00:00Z`));
  const tag = language === 'en' ? 'en-GB' : language;
  const made = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  dayFormats.set(language, made);
  return made.format(Date.parse(`${day}T00:00:00Z`));
}
