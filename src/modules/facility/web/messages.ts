import type { Level } from '../../../core/index.ts';
import { defineMessages } from '../../../platform/i18n/index.ts';

function listed(names: readonly string[], and: string): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1) ?? ''}`;
}

export const facilityMessages = defineMessages('facility', {
  en: {
    title: 'Facility',
    nav: 'Facility',
    device: 'Device',
    group: 'Group',
    state: 'State',
    issue: 'Issue',
    since: 'since',
    activity: 'last activity',
    planned: 'planned until',
    repairTime: 'Mean time until DOWN was over, in the last 90 days',
    confidential: 'A confidential report',
    moreIssues: (count: number) => `and ${count} more`,
    devices: (count: number) => (count === 1 ? '1 device' : `${count} devices`),
    csv: 'As CSV',
    changesCsv: 'All changes of state as CSV',
    allWell: 'All devices are running',
    names: (names: readonly string[], more: number) => listed(more > 0 ? [...names, `${more} more`] : names, 'and'),
    worst: (level: Level, who: string, count: number, word: string) => {
      if (level === 'unknown') return `Nobody knows how ${who} ${count === 1 ? 'is' : 'are'}`;
      return `${who} ${count === 1 ? 'is' : 'are'} ${level === 'maintenance' ? 'in maintenance' : word}`;
    },
    others: (count: number) => (count === 1 ? 'another one needs attention' : `${count} others need attention`),
    sinceThen: 'Since',
    firstSince: 'The first since',
    worksOf: (working: number, all: number) =>
      working === all ? `${all} ${all === 1 ? 'device' : 'devices'}.` : `${working} of ${all} devices work.`,
    groupWorks: (working: number, all: number) => {
      if (working < all) return `${working} of ${all} work`;
      return all === 1 ? 'works' : `all ${all} work`;
    },
    days: (days: number) => `${days} days`,
    lastEvidence: 'Last evidence',
    tileWell: (all: number) => `${all} running`,
    tileSome: (down: number) => `${down} need attention`,
    noDevicesTitle: 'No devices yet',
    noDevicesText: 'A device is a label of the GitLab project that begins with "D:". Create one, and it appears here.',
    noProjectTitle: 'No GitLab project is connected',
    noProjectText:
      'Run "signalbox facility connect" on the server: it walks through project, token, labels and webhook.',
    nothingVisible: 'There is nothing here that you may see. Sign in to see more.',
    allProjects: 'All projects',
    projects: 'Projects',
    openInGitlab: 'Open in GitLab',
    operators: 'For operators',
    readAt: 'Read',
    never: 'never',
    nextRead: 'next',
    lastEvent: 'Last event from GitLab',
    reconcileNow: 'Read it now',
    plan: 'What would change',
    requested: 'The project is read again within seconds.',
    stale: 'GitLab could not be read since',
    badgesFail: 'The badges in GitLab could not be written.',
    membersBadges: 'The badges show nothing to visitors: the project is for members, and public_badges is off.',
    unknownLabels: (labels: string) => `Issues carry device labels that the project does not have: ${labels}.`,
    hookNoSecret: 'No webhook secret is configured, so changes show only at the regular reading.',
    hookMissing: 'GitLab has no webhook that points here. Run "signalbox facility connect" again.',
    hookDisabled: (answer: string) =>
      `GitLab has disabled the webhook because it failed${answer === '' ? '' : ` (last answer: ${answer})`}. Check that GitLab can reach this server.`,
    hookFailing: (answer: string) =>
      `GitLab's events are not answered well${answer === '' ? '' : ` (last answer: ${answer})`}. Check that GitLab reaches this server and that the webhook has the configured secret, or run "signalbox facility connect" again.`,
    hookUnverified:
      'The webhook does not verify our certificate: switch SSL verification on, or run "signalbox facility connect" again.',
    hookEvents: 'The webhook does not send all events: issues and comments, confidential ones too, are needed.',
    hookUnreadable: 'The webhook cannot be looked at; the token may not have the role Maintainer.',
    testHook: 'Test the webhook',
    hookWorks: 'GitLab has sent a test event and was answered well: the webhook works.',
    hookFails: (problem: string) => `The webhook does not work. ${problem}`,
    tokenExpiring: (day: string) => `The GitLab token ends on ${day}. Make a new one before.`,
    tokenScopes: 'The GitLab token lacks a scope: "api" where badges are written, "read_api" where they are off.',
    tokenUnreadable: 'GitLab does not tell when the token ends.',
    planTitle: 'What would change in GitLab',
    planNothing: 'Nothing: the badges are as they should be.',
    planOff: 'Badges are switched off for this project.',
    planCreate: (name: string) => `Create the badge of ${name}`,
    planUpdate: (name: string) => `Change a badge to ${name}`,
    planDelete: (name: string) => `Delete the badge ${name}`,
    updatedHours: (count: number) => (count === 0 ? 'Updated < 1 h ago' : `Updated ${count} h ago`),
    updatedDays: (count: number) => `Updated ${count} d ago`,
  },
  it: {
    title: 'Strumenti',
    nav: 'Strumenti',
    device: 'Strumento',
    group: 'Gruppo',
    state: 'Stato',
    issue: 'Segnalazione',
    since: 'dal',
    activity: 'ultima attività',
    planned: 'previsto fino al',
    repairTime: 'Tempo medio fino alla fine di DOWN, negli ultimi 90 giorni',
    confidential: 'Una segnalazione riservata',
    moreIssues: (count: number) => (count === 1 ? 'e un’altra' : `e altre ${count}`),
    devices: (count: number) => (count === 1 ? '1 strumento' : `${count} strumenti`),
    csv: 'In CSV',
    changesCsv: 'Tutti i cambi di stato in CSV',
    allWell: 'Tutti gli strumenti funzionano',
    names: (names: readonly string[], more: number) =>
      listed(more > 0 ? [...names, more === 1 ? 'un altro' : `altri ${more}`] : names, 'e'),
    worst: (level: Level, who: string, count: number, word: string) => {
      if (level === 'unknown') return `Nessuno sa come ${count === 1 ? 'sta' : 'stanno'} ${who}`;
      return `${who} ${count === 1 ? 'è' : 'sono'} ${level === 'maintenance' ? 'in manutenzione' : word}`;
    },
    others: (count: number) => (count === 1 ? 'un altro richiede attenzione' : `altri ${count} richiedono attenzione`),
    sinceThen: 'Dalle',
    firstSince: 'Il primo dalle',
    worksOf: (working: number, all: number) =>
      working === all
        ? `${all} ${all === 1 ? 'strumento' : 'strumenti'}.`
        : `Funzionano ${working} strumenti su ${all}.`,
    groupWorks: (working: number, all: number) => {
      if (working < all) return `${working} su ${all} funzionano`;
      return all === 1 ? 'funziona' : `tutti e ${all} funzionano`;
    },
    days: (days: number) => `${days} giorni`,
    lastEvidence: 'Ultimo riscontro',
    tileWell: (all: number) => (all === 1 ? '1 in funzione' : `${all} in funzione`),
    tileSome: (down: number) => (down === 1 ? '1 richiede attenzione' : `${down} richiedono attenzione`),
    noDevicesTitle: 'Ancora nessuno strumento',
    noDevicesText: 'Uno strumento è un’etichetta del progetto GitLab che inizia con «D:». Creane una e comparirà qui.',
    noProjectTitle: 'Nessun progetto GitLab collegato',
    noProjectText: 'Esegui «signalbox facility connect» sul server: ti guida tra progetto, token, etichette e webhook.',
    nothingVisible: 'Qui non c’è nulla che tu possa vedere. Accedi per vedere di più.',
    allProjects: 'Tutti i progetti',
    projects: 'Progetti',
    openInGitlab: 'Apri in GitLab',
    operators: 'Per gli operatori',
    readAt: 'Letto',
    never: 'mai',
    nextRead: 'prossima lettura',
    lastEvent: 'Ultimo evento da GitLab',
    reconcileNow: 'Leggi adesso',
    plan: 'Che cosa cambierebbe',
    requested: 'Il progetto verrà riletto entro pochi secondi.',
    stale: 'GitLab non è leggibile dal',
    badgesFail: 'Non è stato possibile scrivere i badge in GitLab.',
    membersBadges:
      'I badge non mostrano nulla ai visitatori: il progetto è per i membri e public_badges è disattivato.',
    unknownLabels: (labels: string) =>
      `Alcune segnalazioni hanno etichette di strumenti che il progetto non ha: ${labels}.`,
    hookNoSecret: 'Nessun segreto configurato per il webhook: i cambiamenti si vedono solo alla lettura periodica.',
    hookMissing: 'GitLab non ha un webhook che punti qui. Esegui di nuovo «signalbox facility connect».',
    hookDisabled: (answer: string) =>
      `GitLab ha disattivato il webhook dopo vari errori${answer === '' ? '' : ` (ultima risposta: ${answer})`}. Verifica che GitLab raggiunga questo server.`,
    hookFailing: (answer: string) =>
      `Gli eventi di GitLab non ricevono una buona risposta${answer === '' ? '' : ` (ultima risposta: ${answer})`}. Verifica che GitLab raggiunga questo server e che il webhook abbia il segreto configurato, o esegui di nuovo «signalbox facility connect».`,
    hookUnverified:
      'Il webhook non verifica il nostro certificato: attiva la verifica SSL o esegui di nuovo «signalbox facility connect».',
    hookEvents: 'Il webhook non invia tutti gli eventi: servono segnalazioni e commenti, anche riservati.',
    hookUnreadable: 'Non è possibile esaminare il webhook; forse il token non ha il ruolo Maintainer.',
    testHook: 'Prova il webhook',
    hookWorks: 'GitLab ha inviato un evento di prova e ha ricevuto una buona risposta: il webhook funziona.',
    hookFails: (problem: string) => `Il webhook non funziona. ${problem}`,
    tokenExpiring: (day: string) => `Il token di GitLab scade il ${day}. Creane uno nuovo prima.`,
    tokenScopes: 'Al token di GitLab manca un ambito: «api» se si scrivono i badge, «read_api» se sono disattivati.',
    tokenUnreadable: 'GitLab non dice quando scade il token.',
    planTitle: 'Che cosa cambierebbe in GitLab',
    planNothing: 'Nulla: i badge sono già come devono essere.',
    planOff: 'I badge sono disattivati per questo progetto.',
    planCreate: (name: string) => `Creare il badge di ${name}`,
    planUpdate: (name: string) => `Cambiare un badge in ${name}`,
    planDelete: (name: string) => `Eliminare il badge ${name}`,
    updatedHours: (count: number) => (count === 0 ? 'Aggiornato < 1 h fa' : `Aggiornato ${count} h fa`),
    updatedDays: (count: number) => `Aggiornato ${count} g fa`,
  },
});
