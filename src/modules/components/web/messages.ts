import type { Level, WhyRule } from '../../../core/index.ts';
import { defineMessages } from '../../../platform/i18n/index.ts';

const NUMBERS_EN = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const NUMBERS_IT = ['nessuna', 'una', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove', 'dieci'];

function listEn(names: readonly string[], more: number): string {
  const all = more > 0 ? [...names, `${more} more`] : names;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

function listIt(names: readonly string[], more: number): string {
  const all = more > 0 ? [...names, more === 1 ? 'un altro' : `altri ${more}`] : names;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} e ${all.at(-1) ?? ''}`;
}

function worstEn(level: Level, names: readonly string[], more: number): string {
  const who = names.length === 0 ? `${more} components` : listEn(names, more);
  const one = names.length + more === 1;
  switch (level) {
    case 'major_outage':
      return `${who} ${one ? 'is' : 'are'} down`;
    case 'partial_outage':
      return `${who} ${one ? 'is' : 'are'} partly out`;
    case 'degraded':
      return `${who} ${one ? 'works' : 'work'} with limits`;
    case 'unknown':
      return `The state of ${who} is unknown`;
    case 'maintenance':
      return `${who} ${one ? 'is' : 'are'} in maintenance`;
    case 'notice':
    case 'operational':
      return 'Everything works';
  }
}

function worstIt(level: Level, names: readonly string[], more: number): string {
  const who = names.length === 0 ? `${more} componenti` : listIt(names, more);
  const one = names.length + more === 1;
  switch (level) {
    case 'major_outage':
      return `${who} ${one ? 'è' : 'sono'} fuori servizio`;
    case 'partial_outage':
      return `${who} ${one ? 'è' : 'sono'} in parte fuori servizio`;
    case 'degraded':
      return `${who} ${one ? 'funziona' : 'funzionano'} con limitazioni`;
    case 'unknown':
      return `Lo stato di ${who} è sconosciuto`;
    case 'maintenance':
      return `${who} ${one ? 'è' : 'sono'} in manutenzione`;
    case 'notice':
    case 'operational':
      return 'Tutto funziona';
  }
}

const RULES_EN: Record<WhyRule, string> = {
  worst_signal: 'The worst report that holds decides.',
  maintenance: 'Work on it is going on as announced.',
  missing_required: 'A report that must keep coming has stopped, so nobody can say how it is.',
  live_signal: 'All reports are fresh and none of them is bad.',
  no_signal: 'Nobody has reported anything yet.',
  dependency: 'Something it depends on is out.',
};

const RULES_IT: Record<WhyRule, string> = {
  worst_signal: 'Decide la peggiore segnalazione valida.',
  maintenance: 'È in corso l’intervento annunciato.',
  missing_required: 'Una segnalazione che deve continuare ad arrivare si è fermata: nessuno può dire come sta.',
  live_signal: 'Tutte le segnalazioni sono recenti e nessuna è negativa.',
  no_signal: 'Nessuno ha ancora segnalato nulla.',
  dependency: 'È fuori servizio qualcosa da cui dipende.',
};

export const pageMessages = defineMessages('components-pages', {
  en: {
    overview: 'Overview',
    worst: worstEn,
    inRegions: (names: readonly string[], more: number) =>
      more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`,
    allUnknown: (count: number) =>
      count === 1 ? 'Nobody knows how the one component is' : `Nobody knows how the ${count} components are`,
    nothingYet: 'Nothing to show yet',
    others: (count: number) =>
      count === 1 ? 'one other thing needs attention' : `${NUMBERS_EN[count] ?? count} other things need attention`,
    alsoMaintenance: (count: number) => (count === 1 ? '1 is in maintenance' : `${count} are in maintenance`),
    since: 'Since',
    watchedAgain: 'Nobody watched in between; watched again since',
    firstSince: 'The first since',
    worksOf: (working: number, all: number) =>
      working === all
        ? all === 1
          ? 'The one component works'
          : `All ${all} components work`
        : `${working} of ${all} components work`,
    count: (all: number) => (all === 1 ? '1 component' : `${all} components`),
    lastEvidence: 'Last evidence',
    areaAllWell: (all: number) => (all === 1 ? 'works' : `all ${all} work`),
    areaOf: (all: number) => `of ${all}`,
    components: 'Components',
    regions: 'Regions',
    allRegions: 'All regions',
    category: 'Category',
    allCategories: 'All categories',
    show: 'Show',
    filterByState: 'Show by state',
    all: 'All',
    groupAllWell: (all: number) => (all === 1 ? 'works' : `all ${all} work`),
    groupSome: (working: number, all: number) => `${working} of ${all} work`,
    spanDays: (days: number) => `${days} days`,
    noMatch: 'Nothing fits',
    noMatchText: (query: string) =>
      query === '' ? 'No component is in this state now.' : `No component fits “${query}”.`,
    noMatchTyped: 'No component fits what you typed.',
    clearFilter: 'Show everything',
    emptyTitle: 'Nothing is watched yet',
    emptyText:
      'Connect a GitLab project with “signalbox facility connect”, or send the first report to /api/signals with a token.',
    emptyAction: 'How to send a report',
    unreachable: 'News has stopped coming in. Below is what was known last; nothing of it is sure.',
    now: 'Now',
    history: 'History',
    views: 'Views',
    why: 'Why',
    rule: (rule: WhyRule) => RULES_EN[rule],
    reports: 'Reports',
    report: 'Report',
    state: 'State',
    seen: 'Seen',
    validUntil: 'Holds until',
    expired: 'expired',
    untilReplaced: 'until replaced',
    source: 'From',
    confidentialHint: 'Its number, title and text are shown to members in GitLab only.',
    confidentialReport: 'A confidential report',
    inMaintenance: 'in maintenance',
    membersOnly: 'members only',
    open: 'Open at the source',
    uptime: 'Uptime',
    last24h: '24 hours',
    lastDays: (days: number) => `${days} days`,
    unwatchedShare: (share: string) => `${share} not watched`,
    downShare: (text: string) => `${text} down`,
    degradedShare: (text: string) => `${text} limited`,
    neverDown: 'never down',
    daysAgo: (days: number) => `${days} days ago`,
    today: 'today',
    timeline: 'What happened',
    noTimeline: 'Nothing has happened in this time.',
    stillGoingOn: 'still so',
    lasted: (text: string) => `for ${text}`,
    from: 'From',
    until: 'Until',
    howLong: 'How long',
    older: 'Older',
    csv: 'Download as CSV',
    badge: 'Badge',
    badgeAlt: (name: string) => `State of ${name}`,
    uptimeAlt: (name: string) => `Uptime of ${name} over 30 days`,
    badgeHidden:
      'This component is for members only; unless the configuration says otherwise, its badge shows nothing to others.',
    markdown: 'Markdown',
    htmlSnippet: 'HTML',
    address: 'Address',
    endpoint: 'Endpoint for shields.io',
    notFoundTitle: 'No such component',
    notFoundText: 'It may have been removed, or it is shown to members only: then sign in.',
    toOverview: 'To the overview',
    uptimeLabel: (name: string) => `${name} · 30 days`,
    badgeUnknown: 'no such component',
    badgeWas: (word: string, state: string) => `${word}, was ${state}`,
  },
  it: {
    overview: 'Panoramica',
    worst: worstIt,
    inRegions: (names: readonly string[], more: number) =>
      more === 0 ? names.join(', ') : `${names.join(', ')} e altre ${more}`,
    allUnknown: (count: number) =>
      count === 1 ? 'Nessuno sa come sta l’unico componente' : `Nessuno sa come stanno i ${count} componenti`,
    nothingYet: 'Ancora niente da mostrare',
    others: (count: number) =>
      count === 1
        ? 'un’altra cosa richiede attenzione'
        : `altre ${NUMBERS_IT[count] ?? count} cose richiedono attenzione`,
    alsoMaintenance: (count: number) => (count === 1 ? '1 è in manutenzione' : `${count} sono in manutenzione`),
    since: 'Dalle',
    watchedAgain: 'Nel mezzo nessuno ha osservato; di nuovo osservato dalle',
    firstSince: 'Il primo dalle',
    worksOf: (working: number, all: number) =>
      working === all
        ? all === 1
          ? 'L’unico componente funziona'
          : `Tutti i ${all} componenti funzionano`
        : `Funzionano ${working} componenti su ${all}`,
    count: (all: number) => (all === 1 ? '1 componente' : `${all} componenti`),
    lastEvidence: 'Ultimo riscontro',
    areaAllWell: (all: number) => (all === 1 ? 'funziona' : `tutti e ${all} funzionano`),
    areaOf: (all: number) => `su ${all}`,
    components: 'Componenti',
    regions: 'Regioni',
    allRegions: 'Tutte le regioni',
    category: 'Categoria',
    allCategories: 'Tutte le categorie',
    show: 'Mostra',
    filterByState: 'Mostra per stato',
    all: 'Tutti',
    groupAllWell: (all: number) => (all === 1 ? 'funziona' : `tutti e ${all} funzionano`),
    groupSome: (working: number, all: number) => `${working} su ${all} funzionano`,
    spanDays: (days: number) => `${days} giorni`,
    noMatch: 'Nessun risultato',
    noMatchText: (query: string) =>
      query === '' ? 'Nessun componente è in questo stato adesso.' : `Nessun componente corrisponde a «${query}».`,
    noMatchTyped: 'Nessun componente corrisponde a quello che hai scritto.',
    clearFilter: 'Mostra tutto',
    emptyTitle: 'Non si osserva ancora nulla',
    emptyText:
      'Collega un progetto GitLab con «signalbox facility connect», oppure invia la prima segnalazione a /api/signals con un token.',
    emptyAction: 'Come inviare una segnalazione',
    unreachable: 'Non arrivano più notizie. Sotto c’è l’ultima situazione nota; niente di questo è sicuro.',
    now: 'Adesso',
    history: 'Storia',
    views: 'Viste',
    why: 'Perché',
    rule: (rule: WhyRule) => RULES_IT[rule],
    reports: 'Segnalazioni',
    report: 'Segnalazione',
    state: 'Stato',
    seen: 'Vista',
    validUntil: 'Vale fino a',
    expired: 'scaduta',
    untilReplaced: 'finché non sostituita',
    source: 'Da',
    confidentialHint: 'Numero, titolo e testo si vedono solo in GitLab, da parte dei membri.',
    confidentialReport: 'Una segnalazione riservata',
    inMaintenance: 'in manutenzione',
    membersOnly: 'solo per i membri',
    open: 'Apri alla fonte',
    uptime: 'Disponibilità',
    last24h: '24 ore',
    lastDays: (days: number) => `${days} giorni`,
    unwatchedShare: (share: string) => `${share} non osservato`,
    downShare: (text: string) => `${text} fuori servizio`,
    degradedShare: (text: string) => `${text} con limitazioni`,
    neverDown: 'mai fuori servizio',
    daysAgo: (days: number) => `${days} giorni fa`,
    today: 'oggi',
    timeline: 'Che cosa è successo',
    noTimeline: 'In questo periodo non è successo nulla.',
    stillGoingOn: 'è ancora così',
    lasted: (text: string) => `per ${text}`,
    from: 'Dal',
    until: 'Al',
    howLong: 'Durata',
    older: 'Più vecchi',
    csv: 'Scarica in CSV',
    badge: 'Distintivo',
    badgeAlt: (name: string) => `Stato di ${name}`,
    uptimeAlt: (name: string) => `Disponibilità di ${name} in 30 giorni`,
    badgeHidden:
      'Questo componente è solo per i membri; se la configurazione non dice altro, agli altri il distintivo non mostra nulla.',
    markdown: 'In Markdown',
    htmlSnippet: 'In HTML',
    address: 'Indirizzo',
    endpoint: 'Indirizzo per shields.io',
    notFoundTitle: 'Componente inesistente',
    notFoundText: 'Forse è stato tolto, oppure si mostra solo ai membri: in tal caso accedi.',
    toOverview: 'Vai alla panoramica',
    uptimeLabel: (name: string) => `${name} · 30 giorni`,
    badgeUnknown: 'componente inesistente',
    badgeWas: (word: string, state: string) => `${word}, era ${state}`,
  },
});
