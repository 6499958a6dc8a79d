import { defineMessages } from '../../../../platform/i18n/index.ts';

/** Words of the list of maintenances that wait for a review. */
export const reviewsMessages = defineMessages('status-page.reviews', {
  en: {
    title: 'Reviews',
    badge: (count: number): string => (count === 0 ? 'Reviews' : `Reviews (${count})`),
    waiting: (count: number) => (count === 1 ? '1 waits' : `${count} wait`),
    intro: 'Maintenances that authors announced. The public sees them when an operator has approved.',
    own: 'Your maintenances that wait for an operator. Until then you may change or cancel them.',
    noneTitle: 'Nothing waits for a review',
    noneText: 'When an author announces a maintenance, it stands here until an operator decides.',
    noMatchTitle: 'Nothing matches',
    noMatchText: 'Search for other words.',
    filter: 'Filter',
    words: 'Words in the title, the text or the author’s name',
    show: 'Show',
    clear: 'Show all',
    announce: 'Announce a maintenance',
    change: 'Change or cancel it',
  },
  it: {
    title: 'Esami',
    badge: (count: number): string => (count === 0 ? 'Esami' : `Esami (${count})`),
    waiting: (count: number) => (count === 1 ? '1 in attesa' : `${count} in attesa`),
    intro: 'Manutenzioni annunciate dagli autori. Il pubblico le vede quando un operatore le ha approvate.',
    own: 'Le tue manutenzioni che attendono un operatore. Fino ad allora puoi cambiarle o annullarle.',
    noneTitle: 'Niente attende un esame',
    noneText: 'Quando un autore annuncia una manutenzione, sta qui finché un operatore decide.',
    noMatchTitle: 'Nessun risultato',
    noMatchText: 'Cerca altre parole.',
    filter: 'Filtra',
    words: 'Parole nel titolo, nel testo o nel nome dell’autore',
    show: 'Mostra',
    clear: 'Mostra tutte',
    announce: 'Annuncia una manutenzione',
    change: 'Cambiala o annullala',
  },
});
