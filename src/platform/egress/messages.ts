import { defineMessages } from '../i18n/index.ts';

/** What is wrong with an address that somebody typed, and what would be right. Keys of both are those of `Refusal`. */
export const egressMessages = defineMessages('egress', {
  en: {
    not_an_address: 'is not a web address',
    too_long: 'is longer than 2,000 characters',
    unseen_characters: 'holds a line break or another character that cannot be seen',
    scheme: 'does not begin with https://',
    plain_http: 'would be sent unprotected',
    credentials: 'holds a name or a password before an @',
    port: 'names port 0, which does not exist',
    inner: 'leads to this machine or into a private network',

    not_an_addressRemedy: 'Write the whole address, for example https://hooks.example.org/status.',
    too_longRemedy: 'Use a shorter address.',
    unseen_charactersRemedy: 'Copy the address again, without anything before and behind it.',
    schemeRemedy: 'Write the whole address, for example https://hooks.example.org/status.',
    plain_httpRemedy: 'Use https://. Who runs this installation can permit http with egress.allow_http.',
    credentialsRemedy: 'Leave out what stands between // and @.',
    portRemedy: 'Leave the port out, or write another one.',
    innerRemedy:
      'Use an address that the internet can reach. Who runs this installation can permit this one in egress.allow.',
  },
  it: {
    not_an_address: 'non è un indirizzo web',
    too_long: 'supera i 2000 caratteri',
    unseen_characters: 'contiene un a capo o un altro carattere invisibile',
    scheme: 'non comincia con https://',
    plain_http: 'verrebbe usato senza protezione',
    credentials: 'contiene un nome o una password prima di una @',
    port: 'indica la porta 0, che non esiste',
    inner: 'porta a questa macchina o in una rete privata',

    not_an_addressRemedy: "Scrivi l'indirizzo completo, per esempio https://hooks.example.org/status.",
    too_longRemedy: 'Usa un indirizzo più corto.',
    unseen_charactersRemedy: "Copia di nuovo l'indirizzo, senza nulla prima e dopo.",
    schemeRemedy: "Scrivi l'indirizzo completo, per esempio https://hooks.example.org/status.",
    plain_httpRemedy: 'Usa https://. Chi gestisce questa installazione può permettere http con egress.allow_http.',
    credentialsRemedy: 'Togli ciò che sta tra // e @.',
    portRemedy: "Togli la porta, o scrivine un'altra.",
    innerRemedy:
      'Usa un indirizzo raggiungibile da internet. Chi gestisce questa installazione può permettere questo in egress.allow.',
  },
});
