import { defineMessages } from '../../../../platform/i18n/index.ts';
import type { IncidentType } from '../../domain/incident.ts';

const TABS_EN: Record<IncidentType, string> = {
  incident: 'Something is broken',
  maintenance: 'Something is planned',
  info: 'Something to know',
};
const TABS_IT: Record<IncidentType, string> = {
  incident: 'Qualcosa non funziona',
  maintenance: 'Qualcosa è previsto',
  info: 'Qualcosa da sapere',
};
const HEADINGS_EN: Record<IncidentType, string> = {
  incident: 'Report an incident',
  maintenance: 'Announce a maintenance',
  info: 'Publish an information',
};
const HEADINGS_IT: Record<IncidentType, string> = {
  incident: 'Segnala un incidente',
  maintenance: 'Annuncia una manutenzione',
  info: 'Pubblica un’informazione',
};

/** Words of the page on which incidents, maintenances and infos begin. */
export const newMessages = defineMessages('status-page.new', {
  en: {
    report: 'Report',
    kind: 'Kind',
    tab: (type: IncidentType) => TABS_EN[type],
    heading: (type: IncidentType) => HEADINGS_EN[type],
    details: 'What, where and when',
    impact: 'Impact',
    impactHint: 'How bad it is for those who use the services.',
    describeIncident: 'What is known, for everybody.',
    describePlan: 'What is going to be done, and what people will notice.',
    describeInfo: 'What there is to know.',
    begins: 'Start',
    beganHint: 'When it began. Empty: now.',
    ends: 'End',
    untilHint: 'Empty: until somebody completes it.',
    contact: 'Contact address',
    contactHint: 'For questions of staff; the public does not see it.',
    contactDomains: (domains: string) => `In one of these domains: ${domains}.`,
    firstUpdate: 'First update',
    firstUpdateHint: 'What people read first. Empty: a neutral sentence.',
    shortTitle: 'This is at short notice',
    short: (period: string) =>
      `It begins in less than ${period}, so people learn of it late. Choose a later start, or tick that it has to be.`,
    confirm: 'Announce it all the same',
    review: 'An operator reviews it before the public sees it.',
    series: 'Does it come again and again? Make a series',
    incidentOpened: 'The incident is open and everybody can read it.',
    announced: 'The maintenance is announced.',
    waits: 'The maintenance waits for its review.',
    published: 'The information is published.',
  },
  it: {
    report: 'Segnala',
    kind: 'Genere',
    tab: (type: IncidentType) => TABS_IT[type],
    heading: (type: IncidentType) => HEADINGS_IT[type],
    details: 'Che cosa, dove e quando',
    impact: 'Impatto',
    impactHint: 'Quanto è grave per chi usa i servizi.',
    describeIncident: 'Che cosa si sa, per tutti.',
    describePlan: 'Che cosa sarà fatto e che cosa si noterà.',
    describeInfo: 'Che cosa c’è da sapere.',
    begins: 'Inizio',
    beganHint: 'Quando è cominciato. Vuoto: adesso.',
    ends: 'Fine',
    untilHint: 'Vuoto: finché qualcuno la completa.',
    contact: 'Indirizzo di contatto',
    contactHint: 'Per le domande del personale; il pubblico non lo vede.',
    contactDomains: (domains: string) => `In uno di questi domini: ${domains}.`,
    firstUpdate: 'Primo aggiornamento',
    firstUpdateHint: 'Ciò che si legge per primo. Vuoto: una frase neutra.',
    shortTitle: 'Il preavviso è breve',
    short: (period: string) =>
      `Comincia tra meno di ${period} e chi usa i servizi lo saprà tardi. Scegli un inizio successivo, o conferma che deve essere così.`,
    confirm: 'Annunciala lo stesso',
    review: 'Un operatore la esamina prima che il pubblico la veda.',
    series: 'Si ripete? Crea una serie',
    incidentOpened: 'L’incidente è aperto e tutti possono leggerlo.',
    announced: 'La manutenzione è annunciata.',
    waits: 'La manutenzione attende l’esame.',
    published: 'L’informazione è pubblicata.',
  },
});
