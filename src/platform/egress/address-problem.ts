import type { Language } from '../i18n/index.ts';
import { egressMessages } from './messages.ts';
import type { Refusal } from './parse-address.ts';

/** One thing wrong with an address in a form, for the person who typed it. */
export interface AddressProblem {
  field: string;
  /** What was typed, on one line, short, without credentials. */
  value: string;
  problem: string;
  remedy: string;
}

export function addressProblem(
  refusal: Refusal,
  text: string,
  { field, language }: { field: string; language: Language },
): AddressProblem {
  const words = egressMessages(language);
  return { field, value: shownAddress(text), problem: words[refusal], remedy: words[`${refusal}Remedy`] };
}

/** An address as it may be shown to the person who typed it. */
export function shownAddress(text: string): string {
  const line = text
    .slice(0, 1000)
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/\/\/[^/?#]*@/g, '//…@');
  return [...line].length <= 80 ? line : `${[...line].slice(0, 79).join('')}…`;
}
