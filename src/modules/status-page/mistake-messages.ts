import { defineMessages } from '../../platform/i18n/index.ts';

/** Why an input is refused, by the reason that the rules give. */
export const mistakeMessages = defineMessages('status-page-mistakes', {
  en: {
    status_foreign: 'This status belongs to another kind of event.',
    status_open: 'This status is for incidents that have ended.',
    status_closed: 'The incident has ended: reopen it, or change its dates.',
    status_final: 'It was cancelled and stays so: announce a new one.',
    text_missing: 'Write what happened.',
    in_future: 'This lies in the future: say a time that has come.',
    before_start: 'This lies before the start.',
    before_update: 'This lies before an update that is there already.',
    not_started: 'It has not started yet, so it cannot be completed. Cancel it, or move it.',
    after_end: 'This is not before the end.',
    start_fixed: 'The start of an incident that is open stays as it is; an operator may date it back.',
    start_after_update: 'There is an update from before this time.',
    end_fixed: 'An incident ends at the time of the update that resolves it.',
    end_before_start: 'The end must be after the start.',
    impact_missing: 'Say the new impact.',
    impact_same: 'This is the impact already.',
    impact_zero: 'An incident has an impact of 1 to 3; 0 is for maintenance and info.',
    impact_not_zero: 'Only incidents have an impact.',
    impact_needs_status: 'The impact changes with the status "impact changed" only.',
    description_missing: 'Say what is going to be done.',
    contact_missing: 'Give an e-mail address for questions.',
    contact_domain: (allowed: string) => `The address must be in one of these domains: ${allowed}.`,
    component_unknown: (key: string) => `There is no component ${key}: choose one that the page lists.`,
    component_foreign: (key: string) => `The component ${key} is not in it.`,
    component_twice: (key: string) => `The component ${key} is in it already.`,
    component_last: 'Not all components can go: keep at least one.',
    target_itself: 'It cannot go into itself.',
    target_closed: (id: string) => `${id} is not an open incident.`,
  },
  it: {
    status_foreign: 'Questo stato appartiene a un altro tipo di evento.',
    status_open: 'Questo stato vale per gli incidenti conclusi.',
    status_closed: 'L’incidente è concluso: riaprilo o cambia le sue date.',
    status_final: 'È stato annullato e resta così: annunciane uno nuovo.',
    text_missing: 'Scrivi che cosa è successo.',
    in_future: 'Questo momento è nel futuro: indica un momento già passato.',
    before_start: 'Questo momento precede l’inizio.',
    before_update: 'Questo momento precede un aggiornamento già presente.',
    not_started: 'Non è ancora iniziato e non può essere completato. Annullalo o spostalo.',
    after_end: 'Questo momento non precede la fine.',
    start_fixed: 'L’inizio di un incidente aperto non cambia; un operatore può retrodatarlo.',
    start_after_update: 'C’è un aggiornamento precedente a questo momento.',
    end_fixed: 'Un incidente finisce nel momento dell’aggiornamento che lo risolve.',
    end_before_start: 'La fine deve seguire l’inizio.',
    impact_missing: 'Indica il nuovo impatto.',
    impact_same: 'L’impatto è già questo.',
    impact_zero: 'Un incidente ha un impatto da 1 a 3; 0 è per manutenzioni e avvisi.',
    impact_not_zero: 'Solo gli incidenti hanno un impatto.',
    impact_needs_status: 'L’impatto cambia solo con lo stato "impact changed".',
    description_missing: 'Descrivi che cosa sarà fatto.',
    contact_missing: 'Indica un indirizzo e-mail per le domande.',
    contact_domain: (allowed: string) => `L’indirizzo deve essere in uno di questi domini: ${allowed}.`,
    component_unknown: (key: string) => `Il componente ${key} non esiste: scegline uno della pagina.`,
    component_foreign: (key: string) => `Il componente ${key} non ne fa parte.`,
    component_twice: (key: string) => `Il componente ${key} ne fa già parte.`,
    component_last: 'Non possono uscire tutti i componenti: lasciane almeno uno.',
    target_itself: 'Non può confluire in se stesso.',
    target_closed: (id: string) => `${id} non è un incidente aperto.`,
  },
});

type Words = ReturnType<typeof mistakeMessages>;

/** The sentence for one mistake. */
export function mistakeSentence(words: Words, { reason, about = '' }: { reason: keyof Words; about?: string }): string {
  const message = words[reason];
  return typeof message === 'string' ? message : message(about);
}
