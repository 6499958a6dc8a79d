import { defineMessages } from '../../../platform/i18n/index.ts';
import type { ImpactKey, IncidentStatus, IncidentType } from '../domain/incident.ts';

const STATUS_EN: Record<IncidentStatus, string> = {
  detected: 'Detected',
  analysing: 'Analysing',
  fixing: 'Fixing',
  'impact changed': 'Impact changed',
  observing: 'Observing',
  resolved: 'Resolved',
  reopened: 'Reopened',
  changed: 'Changed',
  pending_review: 'Waiting for review',
  reviewed: 'Reviewed',
  planned: 'Planned',
  in_progress: 'In progress',
  modified: 'Modified',
  completed: 'Completed',
  cancelled: 'Cancelled',
  active: 'Active',
};

const STATUS_IT: Record<IncidentStatus, string> = {
  detected: 'Rilevato',
  analysing: 'In analisi',
  fixing: 'In riparazione',
  'impact changed': 'Impatto cambiato',
  observing: 'In osservazione',
  resolved: 'Risolto',
  reopened: 'Riaperto',
  changed: 'Modificato',
  pending_review: 'In attesa di revisione',
  reviewed: 'Revisionato',
  planned: 'Pianificato',
  in_progress: 'In corso',
  modified: 'Modificato',
  completed: 'Completato',
  cancelled: 'Annullato',
  active: 'Attivo',
};

const IMPACT_EN: Record<ImpactKey, string> = {
  maintenance: 'Maintenance',
  minor: 'Minor issue',
  major: 'Major issue',
  outage: 'Outage',
};

const IMPACT_IT: Record<ImpactKey, string> = {
  maintenance: 'Manutenzione',
  minor: 'Problema minore',
  major: 'Problema grave',
  outage: 'Interruzione',
};

const TYPE_EN: Record<IncidentType, string> = { incident: 'Incident', maintenance: 'Maintenance', info: 'Information' };
const TYPE_IT: Record<IncidentType, string> = {
  incident: 'Incidente',
  maintenance: 'Manutenzione',
  info: 'Informazione',
};

/** Words for incidents wherever they are shown: pages, feeds, mails. */
export const incidentMessages = defineMessages('status-page.incident', {
  en: {
    status: (status: IncidentStatus) => STATUS_EN[status],
    impact: (impact: ImpactKey) => IMPACT_EN[impact],
    type: (type: IncidentType) => TYPE_EN[type],
    since: 'Since',
    began: 'Began',
    plannedStart: 'Planned from',
    ended: 'Ended',
    from: 'From',
    until: 'Until',
    plannedEnd: 'Planned until',
    affected: 'Affected',
    formerly: 'No longer affected',
    regions: 'Regions',
    duration: 'Lasted',
    by: (name: string) => `by ${name}`,
    lastUpdate: 'Latest update',
    updates: 'Updates',
    noUpdates: 'Nothing was written yet.',
    description: 'What is planned',
    about: 'About it',
    postmortem: 'What happened and what we learned',
    machine: 'Opened by monitoring',
    contact: 'Contact',
    author: 'Author',
    version: 'Version',
    mergedInto: 'This became part of',
    edited: 'corrected',
    correct: 'Correct',
    notFoundTitle: 'No such incident',
    notFoundText: 'It may have a wrong number in its address, or it is not public.',
    toHistory: 'To the history',
    number: (id: number) => `incident ${id}`,
    factStatus: (type: IncidentType, status: IncidentStatus) => {
      const what =
        type === 'incident'
          ? 'The incident'
          : type === 'maintenance'
            ? 'Maintenance'
            : 'The informational notification';
      const how: Partial<Record<IncidentStatus, string>> = {
        in_progress: 'in progress',
        pending_review: 'pending review',
      };
      return `${what} is ${how[status] ?? status}.`;
    },
    factAdded: (component: string) => `${component} is affected as well.`,
    factMovedTo: (component: string) => `${component} moved to`,
    factMovedFrom: (component: string) => `${component} moved here from`,
    factRemoved: (component: string) => `${component} is no longer affected.`,
    factImpact: (old: ImpactKey, now: ImpactKey) => `Impact changed from ${old} to ${now}.`,
    factWindow: (start: string, end: string | null) =>
      end === null ? `It now begins ${start}.` : `It is now from ${start} to ${end}.`,
    factReworded: 'Title or description was changed.',
    factClosed: 'Closed: everything it held has moved on.',
    factAutoClosed: 'Closed: monitoring has seen nothing wrong for a while.',
    factMergedInto: 'Merged into',
    factMergedFrom: 'Includes from now on',
    factRecovery: (component: string) => `Monitoring sees ${component} working again.`,
    givenBack: 'Given back',
    factGivenBack: 'Given back to its author.',
    factHandedIn: 'Changed by its author: it waits for its review again.',
  },
  it: {
    status: (status: IncidentStatus) => STATUS_IT[status],
    impact: (impact: ImpactKey) => IMPACT_IT[impact],
    type: (type: IncidentType) => TYPE_IT[type],
    since: 'Dal',
    began: 'Inizio',
    plannedStart: 'Previsto da',
    ended: 'Fine',
    from: 'Da',
    until: 'A',
    plannedEnd: 'Previsto fino a',
    affected: 'Interessati',
    formerly: 'Non più interessati',
    regions: 'Regioni',
    duration: 'Durata',
    by: (name: string) => `di ${name}`,
    lastUpdate: 'Ultimo aggiornamento',
    updates: 'Aggiornamenti',
    noUpdates: 'Non è stato ancora scritto niente.',
    description: 'Che cosa è previsto',
    about: 'Di che cosa si tratta',
    postmortem: 'Che cosa è successo e che cosa abbiamo imparato',
    machine: 'Aperto dal monitoraggio',
    contact: 'Contatto',
    author: 'Autore',
    version: 'Versione',
    mergedInto: 'Ora fa parte di',
    edited: 'corretto',
    correct: 'Correggi',
    notFoundTitle: 'Incidente inesistente',
    notFoundText: 'Forse il numero nell’indirizzo è sbagliato, oppure non è pubblico.',
    toHistory: 'Alla cronologia',
    number: (id: number) => `incidente ${id}`,
    factStatus: (type: IncidentType, status: IncidentStatus) => `${TYPE_IT[type]}: ${STATUS_IT[status].toLowerCase()}.`,
    factAdded: (component: string) => `Anche ${component} è interessato.`,
    factMovedTo: (component: string) => `${component} spostato in`,
    factMovedFrom: (component: string) => `${component} spostato qui da`,
    factRemoved: (component: string) => `${component} non è più interessato.`,
    factImpact: (old: ImpactKey, now: ImpactKey) =>
      `Impatto cambiato da ${IMPACT_IT[old].toLowerCase()} a ${IMPACT_IT[now].toLowerCase()}.`,
    factWindow: (start: string, end: string | null) =>
      end === null ? `Ora inizia ${start}.` : `Ora va da ${start} a ${end}.`,
    factReworded: 'Il titolo o la descrizione è cambiata.',
    factClosed: 'Chiuso: tutto ciò che comprendeva è stato spostato.',
    factAutoClosed: 'Chiuso: il monitoraggio non vede problemi da un po’.',
    factMergedInto: 'Unito a',
    factMergedFrom: 'Da ora comprende',
    factRecovery: (component: string) => `Il monitoraggio vede ${component} di nuovo in funzione.`,
    givenBack: 'Restituita',
    factGivenBack: 'Restituita a chi l’ha annunciata.',
    factHandedIn: 'Modificata da chi l’ha annunciata: attende di nuovo l’esame.',
  },
});
