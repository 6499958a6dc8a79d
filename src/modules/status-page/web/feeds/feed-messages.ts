import { defineMessages } from '../../../../platform/i18n/index.ts';

export const feedMessages = defineMessages('status-page.feeds', {
  en: {
    title: (what: string, site: string) => (what === site ? site : `${what} · ${site}`),
    description: (what: string) => `Incidents and maintenances: ${what}`,
    impact: 'Impact',
    started: 'Started',
    ended: 'Ended',
    window: 'Window',
    affected: 'Affected',
    noSuchFeed: 'There is no such feed. All of them are named on the page /subscribe.',
  },
  it: {
    title: (what: string, site: string) => (what === site ? site : `${what} · ${site}`),
    description: (what: string) => `Incidenti e manutenzioni: ${what}`,
    impact: 'Impatto',
    started: 'Inizio',
    ended: 'Fine',
    window: 'Orario',
    affected: 'Interessati',
    noSuchFeed: 'Questo feed non esiste. La pagina /subscribe li elenca tutti.',
  },
});
