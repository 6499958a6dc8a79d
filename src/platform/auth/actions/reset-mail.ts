import type { SiteConfig } from '../../config/index.ts';
import type { Language } from '../../i18n/index.ts';
import { authMessages } from '../messages.ts';

/** The mail that holds the link to a new password. */
export function resetMail(
  language: Language,
  { user, link, site }: { user: { name: string; email: string }; link: string; site: SiteConfig },
): { to: string; subject: string; text: string } {
  const words = authMessages(language);
  const text = `${words.mailText(user.name, site.title, link)}\n`;
  return { to: user.email, subject: words.mailSubject(site.title), text };
}
