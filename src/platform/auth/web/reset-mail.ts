import type { SiteConfig } from '../../config/index.ts';
import { defineMessages, type Language } from '../../i18n/index.ts';

const resetMailMessages = defineMessages('auth mail', {
  en: {
    subject: (title: string) => `${title}: choose a new password`,
    body: (name: string, title: string, link: string) =>
      [
        `Somebody, probably you, asked for a new password for the account "${name}" of ${title}.`,
        `Choose it here within 30 minutes; the link works once:`,
        link,
        'If it was not you, there is nothing to do: your password stays as it is.',
      ].join('\n\n'),
  },
  it: {
    subject: (title: string) => `${title}: scegli una nuova password`,
    body: (name: string, title: string, link: string) =>
      [
        `Qualcuno, probabilmente tu, ha chiesto una nuova password per l'account "${name}" di ${title}.`,
        'Sceglila qui entro 30 minuti; il link funziona una volta sola:',
        link,
        'Se non sei stato tu, non devi fare nulla: la tua password resta quella che è.',
      ].join('\n\n'),
  },
});

/** The mail that holds the link to a new password. */
export function resetMail(
  language: Language,
  { user, link, site }: { user: { name: string; email: string }; link: string; site: SiteConfig },
): { to: string; subject: string; text: string } {
  const words = resetMailMessages(language);
  return { to: user.email, subject: words.subject(site.title), text: `${words.body(user.name, site.title, link)}\n` };
}
