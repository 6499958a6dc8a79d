import { defineMessages } from '../../../../platform/i18n/index.ts';
import type { MaintenanceNews, NewsState } from '../../domain/maintenance-news.ts';

const STATE_EN: Record<NewsState, string> = {
  waits: 'awaiting review',
  reviewed: 'approved',
  given_back: 'given back',
  rejected: 'rejected',
  scheduled: 'scheduled',
  planned: 'planned',
  in_progress: 'in progress',
  completed: 'completed',
  cancelled: 'cancelled',
};
const STATE_IT: Record<NewsState, string> = {
  waits: 'in attesa di esame',
  reviewed: 'approvata',
  given_back: 'restituita',
  rejected: 'respinta',
  scheduled: 'programmata',
  planned: 'pianificata',
  in_progress: 'in corso',
  completed: 'completata',
  cancelled: 'annullata',
};

const HOW_EN: Record<NewsState, string> = {
  waits: 'waits for a review',
  reviewed: 'was approved',
  given_back: 'was given back to its author: change it, and it is reviewed again',
  rejected: 'was rejected and does not take place',
  scheduled: 'is scheduled',
  planned: 'is planned, and the status page shows it',
  in_progress: 'is in progress',
  completed: 'is completed',
  cancelled: 'is cancelled',
};
const HOW_IT: Record<NewsState, string> = {
  waits: 'attende un esame',
  reviewed: 'è stata approvata',
  given_back: 'è stata restituita a chi l’ha annunciata: cambiala, e viene esaminata di nuovo',
  rejected: 'è stata respinta e non ha luogo',
  scheduled: 'è programmata',
  planned: 'è pianificata, e la pagina di stato la mostra',
  in_progress: 'è in corso',
  completed: 'è completata',
  cancelled: 'è annullata',
};

/** Words of the mails to staff about maintenances. */
export const staffLetterMessages = defineMessages('status-page.staff-letter', {
  en: {
    maintenance: 'Maintenance',
    state: (state: NewsState) => STATE_EN[state],
    sentence: ({ state, before }: MaintenanceNews, title: string, id: number): string => {
      const again = state === 'waits' && before === 'given_back';
      return `The maintenance “${title}” (number ${id}) ${again ? 'was changed by its author and waits for a review again' : HOW_EN[state]}.`;
    },
    status: 'Status',
    window: 'Planned for',
    changedBy: 'Changed by',
    announcedBy: 'Announced by',
    program: 'the program',
  },
  it: {
    maintenance: 'Manutenzione',
    state: (state: NewsState) => STATE_IT[state],
    sentence: ({ state, before }: MaintenanceNews, title: string, id: number): string => {
      const again = state === 'waits' && before === 'given_back';
      return `La manutenzione «${title}» (numero ${id}) ${again ? 'è stata cambiata da chi l’ha annunciata e attende di nuovo un esame' : HOW_IT[state]}.`;
    },
    status: 'Stato',
    window: 'Prevista per',
    changedBy: 'Cambiata da',
    announcedBy: 'Annunciata da',
    program: 'il programma',
  },
});
