import { defineMessages } from '../i18n/index.ts';

const TITLES_EN: Record<number, string> = {
  400: 'That does not fit',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
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
  409: 'Qualcuno è stato più veloce',
  410: 'Non esiste più',
  413: 'Troppo grande',
  415: 'Tipo di contenuto non accettato',
  429: 'Troppe richieste',
  503: 'Non disponibile al momento',
};

export const httpMessages = defineMessages('http', {
  en: {
    errorTitle: (status: number) => TITLES_EN[status] ?? 'Something went wrong',
    internal: 'Something went wrong on our side. It has been recorded; try again in a moment.',
    toOverview: 'Back to the overview',
    requestId: (id: string) => `Request ${id}`,
    apiTitle: 'API',
    apiIntro: 'Every operation, generated from the schemas that check the requests.',
    apiDocument: 'OpenAPI 3.1 document',
    apiScope: (scope: string) => `Needs a token with the scope ${scope}.`,
    apiOpen: 'Open to everybody.',
    apiParameters: 'Parameters',
    apiBody: 'Request body',
    apiAnswer: 'Answer',
    apiErrors: 'Errors',
    apiErrorsIntro: 'Every error is an RFC 9457 problem; its code is one of these.',
  },
  it: {
    errorTitle: (status: number) => TITLES_IT[status] ?? 'Qualcosa è andato storto',
    internal: 'Qualcosa è andato storto da parte nostra. È stato registrato; riprova tra poco.',
    toOverview: 'Torna alla panoramica',
    requestId: (id: string) => `Richiesta ${id}`,
    apiTitle: 'Interfaccia API',
    apiIntro: 'Tutte le operazioni, generate dagli stessi schemi che controllano le richieste.',
    apiDocument: 'Documento OpenAPI 3.1',
    apiScope: (scope: string) => `Serve un token con il permesso ${scope}.`,
    apiOpen: 'Aperta a tutti.',
    apiParameters: 'Parametri',
    apiBody: 'Corpo della richiesta',
    apiAnswer: 'Risposta',
    apiErrors: 'Errori',
    apiErrorsIntro: 'Ogni errore è un problem RFC 9457; il suo codice è uno di questi.',
  },
});
