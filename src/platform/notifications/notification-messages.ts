import { defineMessages } from '../i18n/index.ts';

export const notificationMessages = defineMessages('notifications', {
  en: {
    open: 'Open the page',
    confirm: 'Confirm the subscription',
    readOn: 'The text goes on here',
    unsubscribe: 'Unsubscribe',
    sentBy: (title: string) => `Sent by ${title}.`,

    notMail: 'is not a mail address',
    notMailRemedy: 'Write one plain address such as alice@example.org.',
    notSlack: 'is not the address of an incoming webhook of Slack',
    notSlackRemedy:
      'It begins with https://hooks.slack.com/. A gateway that speaks the same can be permitted in egress.allow by who runs this installation.',
    retiredConnector: 'belongs to an Office 365 connector, which Teams no longer serves',
    retiredConnectorRemedy: 'Make a workflow "Send webhook alerts to a channel" in Teams and use its address.',
  },
  it: {
    open: 'Apri la pagina',
    confirm: "Conferma l'iscrizione",
    readOn: 'Il testo continua qui',
    unsubscribe: "Annulla l'iscrizione",
    sentBy: (title: string) => `Inviato da ${title}.`,

    notMail: 'non è un indirizzo e-mail',
    notMailRemedy: 'Scrivi un solo indirizzo, per esempio alice@example.org.',
    notSlack: "non è l'indirizzo di un webhook in entrata di Slack",
    notSlackRemedy:
      'Comincia con https://hooks.slack.com/. Un gateway che parla allo stesso modo può essere permesso in egress.allow da chi gestisce questa installazione.',
    retiredConnector: 'appartiene a un connettore di Office 365, che Teams non serve più',
    retiredConnectorRemedy:
      'Crea in Teams un flusso di lavoro "Invia avvisi webhook a un canale" e usa il suo indirizzo.',
  },
});
