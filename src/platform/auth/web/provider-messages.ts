import { defineMessages } from '../../i18n/index.ts';
import type { ProviderProblem } from '../actions/provider-sign-in.ts';

type Explained = Record<ProviderProblem, (label: string) => string>;

const PROBLEMS_EN: Explained = {
  no_flow: () =>
    'This sign-in was begun in another browser, too long ago, or is used up already. Begin it again from here.',
  unreachable: (label) => `${label} does not answer at present. Try again in a minute, or sign in another way.`,
  declined: (label) => `${label} did not sign you in, or you said no there.`,
  rejected: (label) =>
    `What ${label} sent does not stand up to our checks. An administrator finds the reason in the log.`,
  no_role: (label) =>
    `${label} knows you, but gives you no role here. Ask whoever administrates your account there for one, then sign in again.`,
  not_in_group: (label) => `${label} knows you, but you are not in the group that may sign in here.`,
  disabled: () => 'Your account here is disabled. Ask an administrator.',
};

const PROBLEMS_IT: Explained = {
  no_flow: () =>
    'Questo accesso è stato iniziato in un altro browser, troppo tempo fa, o è già stato usato. Ricomincia da qui.',
  unreachable: (label) => `${label} al momento non risponde. Riprova tra un minuto, o accedi in un altro modo.`,
  declined: (label) => `${label} non ti ha autenticato, oppure hai rifiutato.`,
  rejected: (label) =>
    `Ciò che ${label} ha inviato non supera i nostri controlli. Un amministratore trova il motivo nel log.`,
  no_role: (label) =>
    `${label} ti conosce, ma non ti dà un ruolo qui. Chiedilo a chi amministra il tuo account, poi accedi di nuovo.`,
  not_in_group: (label) => `${label} ti conosce, ma non fai parte del gruppo che può accedere qui.`,
  disabled: () => 'Il tuo account qui è disattivato. Chiedi a un amministratore.',
};

export const providerMessages = defineMessages('auth providers', {
  en: {
    withProvider: 'With your organisation’s account',
    signInWith: (label: string) => `Sign in with ${label}`,
    away: (label: string) => `${label} did not answer when it was asked last; it is asked again when you try.`,
    adminsOnly: 'Only administrators sign in with a password.',
    refusedTitle: 'You are not signed in',
    problem: (problem: ProviderProblem, label: string) => PROBLEMS_EN[problem](label),
    backToSignIn: 'Back to sign-in',
    leavingTitle: 'You are signed out here',
    leaving: (label: string) => `${label} is asked to sign you out too.`,
    leave: (label: string) => `Sign out of ${label}`,
    fromProvider: (label: string) =>
      `This account comes from ${label}. Name and role are read there at each sign-in; the password is kept there.`,
  },
  it: {
    withProvider: 'Con l’account della tua organizzazione',
    signInWith: (label: string) => `Accedi con ${label}`,
    away: (label: string) => `${label} non ha risposto all’ultima richiesta; verrà interrogato di nuovo quando provi.`,
    adminsOnly: 'Solo gli amministratori accedono con una password.',
    refusedTitle: 'Non hai effettuato l’accesso',
    problem: (problem: ProviderProblem, label: string) => PROBLEMS_IT[problem](label),
    backToSignIn: 'Torna all’accesso',
    leavingTitle: 'Qui sei uscito',
    leaving: (label: string) => `Chiediamo a ${label} di terminare anche la tua sessione lì.`,
    leave: (label: string) => `Esci da ${label}`,
    fromProvider: (label: string) =>
      `Questo account viene da ${label}. Nome e ruolo vengono letti lì a ogni accesso; la password si trova lì.`,
  },
});
