import type { ComponentRow, Level, Uptime } from '../../../core/index.ts';
import { type BadgeContent, clip, levelWord, uptimeText } from '../../../platform/design/index.ts';
import type { Language } from '../../../platform/i18n/index.ts';
import { pageMessages } from './messages.ts';

/** Name and state of a component. `detail` is what its area adds, such as "Updated 3 d ago". */
export function statusBadge(row: ComponentRow, language: Language, detail: string | null = null): BadgeContent {
  const { status } = row;
  const words = pageMessages(language);
  const said = status.state ?? levelWord(language, status.level);
  const { lastKnown } = status;
  const state =
    status.level === 'unknown' && lastKnown !== null
      ? words.badgeWas(said, lastKnown.state ?? levelWord(language, lastKnown.level))
      : said;
  const message = detail === null ? state : `${clip(state, 80)} | ${detail}`;
  return { label: row.name, message, ...coloursOf(status.level), language };
}

/** What works with a note to it is green with a blue name: nobody takes an announcement for a fault. */
function coloursOf(level: Level): Pick<BadgeContent, 'level' | 'labelLevel'> {
  return level === 'notice' ? { level: 'operational', labelLevel: 'notice' } : { level };
}

/** The level and nothing else, for a component whose name is for members only (contracts §8). */
export function bareBadge(level: Level, language: Language): BadgeContent {
  return { label: '', message: levelWord(language, level), ...coloursOf(level), language };
}

export function uptimeBadge(name: string, uptime: Uptime, language: Language): BadgeContent {
  const words = pageMessages(language);
  return {
    label: words.uptimeLabel(clip(name, 60)),
    message: uptimeText(language, uptime),
    level: gradeOf(uptime),
    language,
  };
}

/** Colour of an availability: nines are what people ask for. */
function gradeOf({ availability }: Uptime): Level {
  if (availability === null) return 'unknown';
  if (availability >= 0.99) return 'operational';
  if (availability >= 0.95) return 'degraded';
  return 'major_outage';
}

/** The picture of something that does not exist, or that this viewer may not see: the same for both. */
export function missingBadge(language: Language): BadgeContent {
  return { label: '', message: pageMessages(language).badgeUnknown, level: 'unknown', language };
}
