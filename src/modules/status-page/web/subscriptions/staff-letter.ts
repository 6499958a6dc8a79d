import { type Locale, timeText } from '../../../../platform/design/index.ts';
import type { Message } from '../../../../platform/notifications/index.ts';
import type { StaffNews } from '../../actions/staff-news.ts';
import type { StatusPageContext } from '../../actions/status-page-context.ts';
import { staffLetterMessages } from './staff-letter-messages.ts';

/** Writes what staff are mailed about a maintenance: never which components, not everybody may know of all. */
export function staffLetter({ site, clock }: Pick<StatusPageContext, 'site' | 'clock'>): (told: StaffNews) => Message {
  return ({ news, language, incident, by, text, isReviewer }) => {
    const words = staffLetterMessages(language);
    const { id, title } = incident;
    const { state, before } = news;
    const sentence = words.sentence(news, title, id);
    const status = words.state(state);
    const page = isReviewer && state === 'waits' ? `/incidents/${id}/review` : `/incidents/${id}`;
    return {
      type: 'staff.maintenance',
      language,
      level: null,
      impact: '',
      label: words.maintenance,
      title: `${title} — ${status}`,
      text: text === null ? sentence : `${sentence}\n\n${text}`,
      url: site().publicUrl + page,
      facts: [
        { name: words.status, value: before === null ? status : `${words.state(before)} → ${status}` },
        { name: words.window, value: windowOf(incident, { language, timezone: site().timezone, now: clock.now() }) },
        { name: before === null ? words.announcedBy : words.changedBy, value: by ?? words.program },
      ],
      at: clock.now(),
      data: {},
      thread: `maintenance-${id}`,
    };
  };
}

/** From when until when, and in which zone: a mail is read anywhere. */
function windowOf({ start, end }: StaffNews['incident'], locale: Locale): string {
  const say = (instant: string) => timeText(instant, locale, 'full');
  return `${say(start)}${end === null ? '' : ` – ${say(end)}`} (${locale.timezone})`;
}
