import { type Instant, toMs } from '../../../core/index.ts';
import type { Language } from '../../i18n/index.ts';

/** `21 Nov 2026, 11:32 (Europe/Rome)`: a message is read anywhere, so the zone is said. */
export function momentText(at: Instant, language: Language, timezone: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: timezone,
    hourCycle: 'h23',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${format.format(toMs(at))} (${timezone})`;
}
