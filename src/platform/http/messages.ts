import type { SpecialCase } from '../../core/index.ts';
import { defineMessages } from '../i18n/index.ts';

const TITLES_EN: Record<number, string> = {
  400: 'That does not fit',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not in this way',
  409: 'Somebody was faster',
  410: 'Gone',
  413: 'Too large',
  415: 'Wrong kind of content',
  429: 'Too many requests',
  503: 'Not available just now',
};

const TITLES_IT: Record<number, string> = {
  400: 'Qualcosa non va nella richiesta',
  401: 'Prima accedi',
  403: 'Non consentito',
  404: 'Non trovato',
  405: 'Non in questo modo',
  409: 'Qualcuno è stato più veloce',
  410: 'Non esiste più',
  413: 'Troppo grande',
  415: 'Tipo di contenuto non accettato',
  429: 'Troppe richieste',
  503: 'Non disponibile al momento',
};

const EXPLAINED_EN: Record<number, string> = {
  400: 'The request could not be understood. Go back, look at what you entered and try again.',
  401: 'Sign in to see this page.',
  403: 'You may not do this, or the form did not come from one of our pages. Open the page again and send it from there.',
  404: 'There is nothing at this address, or nothing that you may see.',
  405: 'This address is for something else. Open the page again and go on from there.',
  409: 'Meanwhile something has changed. Open the page again and look at what is there now.',
  410: 'What was at this address is gone.',
  413: 'That is more than this address accepts.',
  415: 'This kind of content is not accepted here.',
  429: 'There were too many requests from your address.',
  503: 'Something that this page needs does not answer just now.',
};

const EXPLAINED_IT: Record<number, string> = {
  400: 'Non è stato possibile capire la richiesta. Torna indietro, controlla ciò che hai scritto e riprova.',
  401: 'Accedi per vedere questa pagina.',
  403: 'Non puoi farlo, oppure il modulo non veniva da una nostra pagina. Apri di nuovo la pagina e invialo da lì.',
  404: 'A questo indirizzo non c’è nulla, o nulla che tu possa vedere.',
  405: 'Questo indirizzo serve ad altro. Apri di nuovo la pagina e continua da lì.',
  409: 'Nel frattempo qualcosa è cambiato. Apri di nuovo la pagina e guarda che cosa c’è ora.',
  410: 'Ciò che era a questo indirizzo non esiste più.',
  413: 'È più di quanto questo indirizzo accetti.',
  415: 'Questo tipo di contenuto qui non è accettato.',
  429: 'Sono arrivate troppe richieste dal tuo indirizzo.',
  503: 'Qualcosa che serve a questa pagina al momento non risponde.',
};

/** Empty: what the status explains is enough. */
function specialEn(special: SpecialCase): string {
  switch (special.kind) {
    case 'role':
      return `This needs the role "${special.role}". Ask an administrator for it.`;
    case 'method':
      return `This address takes ${special.allowed.join(', ')}, not ${special.method}.`;
    case 'key_reused':
      return 'This key was used for another request. Take a new one.';
    case 'gone':
      return '';
  }
}

function specialIt(special: SpecialCase): string {
  switch (special.kind) {
    case 'role':
      return `Serve il ruolo "${special.role}". Chiedilo a un amministratore.`;
    case 'method':
      return `Questo indirizzo accetta ${special.allowed.join(', ')}, non ${special.method}.`;
    case 'key_reused':
      return 'Questa chiave è già stata usata per un’altra richiesta. Prendine una nuova.';
    case 'gone':
      return '';
  }
}

export const httpMessages = defineMessages('http', {
  en: {
    errorTitle: (status: number, special?: SpecialCase) =>
      special?.kind === 'key_reused' ? 'Key used before' : (TITLES_EN[status] ?? 'Something went wrong'),
    special: specialEn,
    internal: 'Something went wrong on our side. It has been recorded; try again in a moment.',
    explain: (status: number, seconds: number | null) =>
      `${EXPLAINED_EN[status] ?? 'Go back and try again.'}${seconds === null ? '' : ` Try again in ${seconds} s.`}`,
    toOverview: 'Back to the overview',
    requestId: (id: string) => `Request ${id}`,
    apiTitle: 'API',
    apiIntro: 'Every operation, generated from the schemas that check the requests.',
    apiDocument: 'OpenAPI 3.1 document',
    apiScope: (scope: string) => `Needs a token with the scope ${scope}.`,
    apiScopeOrRole: (scope: string, role: string) =>
      `Needs a token with the scope ${scope}, or somebody with the role ${role} or one above it.`,
    apiOpen: 'Open to everybody.',
    apiParameters: 'Parameters',
    apiBody: 'Request body',
    apiAnswer: 'Answer',
    apiErrors: 'Errors',
    apiErrorsIntro: 'Every error is an RFC 9457 problem; its code is one of these.',
  },
  it: {
    errorTitle: (status: number, special?: SpecialCase) =>
      special?.kind === 'key_reused' ? 'Chiave già usata' : (TITLES_IT[status] ?? 'Qualcosa è andato storto'),
    special: specialIt,
    internal: 'Qualcosa è andato storto da parte nostra. È stato registrato; riprova tra poco.',
    explain: (status: number, seconds: number | null) =>
      `${EXPLAINED_IT[status] ?? 'Torna indietro e riprova.'}${seconds === null ? '' : ` Riprova tra ${seconds} s.`}`,
    toOverview: 'Torna alla panoramica',
    requestId: (id: string) => `Richiesta ${id}`,
    apiTitle: 'Interfaccia API',
    apiIntro: 'Tutte le operazioni, generate dagli stessi schemi che controllano le richieste.',
    apiDocument: 'Documento OpenAPI 3.1',
    apiScope: (scope: string) => `Serve un token con il permesso ${scope}.`,
    apiScopeOrRole: (scope: string, role: string) =>
      `Serve un token con il permesso ${scope}, oppure una persona con il ruolo ${role} o uno superiore.`,
    apiOpen: 'Aperta a tutti.',
    apiParameters: 'Parametri',
    apiBody: 'Corpo della richiesta',
    apiAnswer: 'Risposta',
    apiErrors: 'Errori',
    apiErrorsIntro: 'Ogni errore è un problem RFC 9457; il suo codice è uno di questi.',
  },
});
