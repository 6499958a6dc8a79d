import { defineMessages, type Language, sentenceFor } from '../../../../platform/i18n/index.ts';
import { FREQUENCIES, RULE_PARTS, type RuleMistake } from '../../domain/recurrence-rule.ts';

/** What to write instead of parts of RFC 5545 that no maintenance needs. */
const REMEDIES_EN: Readonly<Record<string, string>> = {
  BYSETPOS: 'name the day in BYDAY, such as BYDAY=-1FR for the last Friday',
  BYHOUR: 'the time of day is that of the start; plan a second recurrence for a second time',
  BYMINUTE: 'the time of day is that of the start',
  BYSECOND: 'the time of day is that of the start',
  BYWEEKNO: 'use FREQ=WEEKLY with INTERVAL, or BYMONTH',
  BYYEARDAY: 'use BYMONTH and BYMONTHDAY',
  WKST: 'leave it out; weeks begin on Monday',
  RSCALE: 'leave it out; the calendar is the Gregorian one',
  DTSTART: 'the start is a field of its own',
  EXDATE: 'dates left out are a field of their own',
};
const REMEDIES_IT: Readonly<Record<string, string>> = {
  BYSETPOS: 'indica il giorno in BYDAY, per esempio BYDAY=-1FR per l’ultimo venerdì',
  BYHOUR: 'l’ora è quella dell’inizio; pianifica una seconda ripetizione per una seconda ora',
  BYMINUTE: 'l’ora è quella dell’inizio',
  BYSECOND: 'l’ora è quella dell’inizio',
  BYWEEKNO: 'usa FREQ=WEEKLY con INTERVAL, oppure BYMONTH',
  BYYEARDAY: 'usa BYMONTH e BYMONTHDAY',
  WKST: 'toglilo; le settimane iniziano di lunedì',
  RSCALE: 'toglilo; il calendario è quello gregoriano',
  DTSTART: 'l’inizio ha un campo suo',
  EXDATE: 'le date escluse hanno un campo loro',
};

const PARTS = RULE_PARTS.join(', ');
const CHOICES = FREQUENCIES.slice(0, -1).join(', ');
const LAST_CHOICE = FREQUENCIES.at(-1) ?? '';

type Of<C extends RuleMistake['code']> = Extract<RuleMistake, { code: C }>;

/** Why a recurrence is refused, by the code that its reader gives, and what to write instead. */
export const ruleMessages = defineMessages('status-page-rules', {
  en: {
    too_long: ({ most }: Of<'too_long'>) => `It is too long. Remedy: write at most ${most} characters.`,
    no_part: ({ part }: Of<'no_part'>) =>
      `"${part}" is no part of a rule. Remedy: write NAME=VALUE, separated by semicolons.`,
    unsupported: ({ part }: Of<'unsupported'>) =>
      `${part} is not supported. Remedy: ${Object.hasOwn(REMEDIES_EN, part) ? REMEDIES_EN[part] : `use only ${PARTS}`}.`,
    twice: ({ part }: Of<'twice'>) => `${part} is there twice. Remedy: keep one of them.`,
    frequency_missing: `FREQ is missing. Remedy: write FREQ=${CHOICES} or ${LAST_CHOICE}.`,
    frequency_unsupported: ({ value }: Of<'frequency_unsupported'>) =>
      `FREQ=${value} is not supported. Remedy: write FREQ=${CHOICES} or ${LAST_CHOICE}.`,
    no_number: ({ part, value, least, most }: Of<'no_number'>) =>
      `${part}=${value} cannot be. Remedy: write a whole number from ${least} to ${most}.`,
    no_weekday: ({ value }: Of<'no_weekday'>) =>
      `BYDAY=${value} cannot be. Remedy: write MO, TU, WE, TH, FR, SA or SU, with a number such as 2 or -1.`,
    weekday_counted: ({ value, frequency, plain }: Of<'weekday_counted'>) =>
      `BYDAY=${value} has a number, which FREQ=${frequency} does not count. Remedy: write BYDAY=${plain}.`,
    no_until: ({ value }: Of<'no_until'>) =>
      `UNTIL=${value} cannot be. Remedy: write a date such as 20271231, or a moment in UTC such as 20271231T225959Z.`,
    month_days_weekly: 'BYMONTHDAY does not go with FREQ=WEEKLY. Remedy: use FREQ=MONTHLY, or BYDAY.',
    count_and_until: 'It has both COUNT and UNTIL. Remedy: keep one of them.',
  },
  it: {
    too_long: ({ most }) => `È troppo lunga. Rimedio: scrivi al massimo ${most} caratteri.`,
    no_part: ({ part }) =>
      `"${part}" non è una parte di una regola. Rimedio: scrivi NOME=VALORE, separati da punti e virgola.`,
    unsupported: ({ part }) =>
      `${part} non è ammesso. Rimedio: ${Object.hasOwn(REMEDIES_IT, part) ? REMEDIES_IT[part] : `usa solo ${PARTS}`}.`,
    twice: ({ part }) => `${part} compare due volte. Rimedio: tienine uno.`,
    frequency_missing: `Manca FREQ. Rimedio: scrivi FREQ=${CHOICES} o ${LAST_CHOICE}.`,
    frequency_unsupported: ({ value }) =>
      `FREQ=${value} non è ammesso. Rimedio: scrivi FREQ=${CHOICES} o ${LAST_CHOICE}.`,
    no_number: ({ part, value, least, most }) =>
      `${part}=${value} non è possibile. Rimedio: scrivi un numero intero da ${least} a ${most}.`,
    no_weekday: ({ value }) =>
      `BYDAY=${value} non è possibile. Rimedio: scrivi MO, TU, WE, TH, FR, SA o SU, con un numero come 2 o -1.`,
    weekday_counted: ({ value, frequency, plain }) =>
      `BYDAY=${value} ha un numero, che FREQ=${frequency} non conta. Rimedio: scrivi BYDAY=${plain}.`,
    no_until: ({ value }) =>
      `UNTIL=${value} non è possibile. Rimedio: scrivi una data come 20271231, o un momento UTC come 20271231T225959Z.`,
    month_days_weekly: 'BYMONTHDAY non va con FREQ=WEEKLY. Rimedio: usa FREQ=MONTHLY, oppure BYDAY.',
    count_and_until: 'Ha sia COUNT sia UNTIL. Rimedio: tienine uno.',
  },
});

export function ruleSentence(language: Language, mistake: RuleMistake): string {
  return sentenceFor(ruleMessages(language), mistake);
}
