import { defineMessages } from '../../../../platform/i18n/index.ts';

/** Words of what is sent to subscribers. */
export const letterMessages = defineMessages('status-page.letters', {
  en: {
    affected: 'Affected',
    began: 'Began',
    ended: 'Ended',
    planned: 'Planned for',
    left: 'Your part is no longer affected',
    merged: 'Now part of another incident',
    hidden: 'No longer public',
    leftText: 'What you subscribed to is no longer part of this. It may still concern others.',
    mergedText: 'It is followed as part of another incident from now on. If that one concerns you, you are told of it.',
    hiddenText: 'What we told you about is over for this page: it is no longer public.',
    hiddenTitle: 'Over for this page',
    digest: (count: number) => `${count} changes`,
    confirmTitle: 'Confirm your subscription',
    confirmText: (site: string, what: string) =>
      `Somebody asked for messages of ${site} to this address: ${what}\n\nIf that was you, confirm it within 48 hours. If not, do nothing: without it nothing more is sent.`,
    confirmHook: (site: string, what: string, host: string) =>
      `Somebody asked for messages of ${site} to a program at ${host} and named you as its owner: ${what}\n\nIf that was you, confirm it within 48 hours. If not, do nothing: without it nothing is sent there.`,
    everything: 'everything that is shown there.',
    part: 'a part of what is shown there.',
    disabledTitle: 'A subscription was disabled',
    disabledText: (host: string, reason: string) =>
      `Messages to ${host} could not be delivered, so nothing more is sent there. The last answer: ${reason}\n\nWhen it is mended, subscribe again.`,
    testTitle: 'A test',
    testText: 'This is a test. Messages of this page arrive here.',
  },
  it: {
    affected: 'Interessati',
    began: 'Inizio',
    ended: 'Fine',
    planned: 'Previsto per',
    left: 'La tua parte non è più interessata',
    merged: 'Ora fa parte di un altro incidente',
    hidden: 'Non più pubblico',
    leftText: 'Ciò a cui sei iscritto non ne fa più parte. Può riguardare ancora altri.',
    mergedText: 'Da ora viene seguito come parte di un altro incidente. Se ti riguarda, ricevi un avviso.',
    hiddenText: 'Ciò di cui ti abbiamo avvisato per questa pagina è finito: non è più pubblico.',
    hiddenTitle: 'Finito per questa pagina',
    digest: (count: number) => `${count} novità`,
    confirmTitle: 'Conferma la tua iscrizione',
    confirmText: (site: string, what: string) =>
      `Qualcuno ha chiesto messaggi di ${site} a questo indirizzo: ${what}\n\nSe sei stato tu, conferma entro 48 ore. Altrimenti non fare nulla: senza conferma non parte altro.`,
    confirmHook: (site: string, what: string, host: string) =>
      `Qualcuno ha chiesto messaggi di ${site} a un programma presso ${host} e ti ha indicato come responsabile: ${what}\n\nSe sei stato tu, conferma entro 48 ore. Altrimenti non fare nulla: senza conferma non parte nulla.`,
    everything: 'tutto ciò che vi è mostrato.',
    part: 'una parte di ciò che vi è mostrato.',
    disabledTitle: 'Un’iscrizione è stata disattivata',
    disabledText: (host: string, reason: string) =>
      `I messaggi verso ${host} non potevano essere consegnati, quindi non ne partono altri. L’ultima risposta: ${reason}\n\nQuando è riparato, iscriviti di nuovo.`,
    testTitle: 'Una prova',
    testText: 'Questa è una prova. I messaggi di questa pagina arrivano qui.',
  },
});
